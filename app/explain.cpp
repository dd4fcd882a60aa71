#include "app/explain.h"

#include <algorithm>
#include <cstdio>

#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

std::string ordinal(int n) {
  const int tens = n % 100, ones = n % 10;
  const char* suffix = tens >= 11 && tens <= 13 ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return cat(n, suffix);
}

std::string fixed(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string count(int n, const char* noun) { return cat(n, ' ', noun, n == 1 ? "" : "s"); }

std::string budget_sentence(const MaskedFrame& frame, int modality) {
  const SampleMasks masks = frame.masks();
  const std::int32_t input = masks.input_budget(modality), target = masks.target_budget(modality);
  const std::string out = target < 0 ? "all that is not input" : cat(target, " out");
  if (!frame.are_draws_known) return cat(input, " in · ", out, ": what the file uses; which budgets were drawn is not in it");
  if (frame.scheme.mode == BudgetMode::direct) return cat(input, " in · ", out, ", set by hand");
  if (frame.scheme.mode == BudgetMode::transfer) {
    return frame.scheme.modalities[static_cast<std::size_t>(modality)].transfer_role == TransferRole::input
               ? "transfer: the whole modality is input"
               : "transfer: the whole modality is target";
  }
  return cat(input, " in · ", out, ", this modality's share of ", frame.batch.num_input_tokens[0], " and ",
             frame.batch.num_target_tokens[0] < 0 ? std::string("the rest") : cat(frame.batch.num_target_tokens[0]));
}

// Masks from a file, which say where a token goes and not why.
std::string given_mask_sentence(bool is_input, bool is_target) {
  const char* where = is_input && is_target ? "input and target at once" : is_input ? "input" : is_target ? "a target" : "neither input nor target";
  return cat("the file's masks say ", where, "; which draw decided is not in it");
}

std::string trail_sentence(const MaskedFrame& frame, const SlotTrail& trail, bool is_encoder, bool reaches) {
  const char* side = is_encoder ? "encoder" : "decoder";
  const int kept = is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
  if (!reaches) return cat("this modality has no place in the ", side);
  if (trail.packed_slot >= 0) return cat(side, " slot ", trail.packed_slot, " of ", kept);
  const int used = is_encoder ? frame.batch.encoder_valid[0] : frame.batch.decoder_valid[0];
  return cat("lost: ", used, " used slots for ", kept, " places, and this one comes after the last");
}

void tell_way(const MaskedFrame& frame, const TokenPassport& passport, const SchemeModality& entry, TokenStory& story) {
  const auto add = [&](const SlotTrail& trail, bool is_encoder) {
    const char* side = is_encoder ? "encoder" : "decoder";
    const bool reaches = is_encoder ? entry.reaches_encoder() : entry.reaches_decoder();
    if (trail.concat_slot >= 0) story.lines.push_back({4, "concatenation", cat(side, " row, slot ", trail.concat_slot)});
    story.lines.push_back({5, "selection", trail_sentence(frame, trail, is_encoder, reaches)});
    if (trail.packed_slot >= 0) story.lines.push_back({6, "zeroing", "kept: a valid token, its position stays in its embedding"});
  };
  if (passport.encoder.tensor_slot >= 0 && passport.fate != Fate::decoder) add(passport.encoder, true);
  if (passport.decoder.tensor_slot >= 0 && passport.fate != Fate::encoder) {
    const bool is_text = has_spans_in_decoder(entry.modality.kind);
    if (is_text && passport.decoder.concat_slot < 0 && entry.reaches_decoder()) {
      story.lines.push_back({4, "concatenation", "first token of the target: the shift by one leaves no slot that predicts it; it is only given"});
    } else {
      add(passport.decoder, false);
    }
    if (is_text && passport.teacher_slot >= 0) {
      story.lines.push_back({5, "teacher forcing", cat("stands in decoder slot ", passport.teacher_slot, ", which predicts the next token")});
    }
  }
}

void tell_image(const MaskedFrame& frame, const TokenPassport& p, const Modality& info, TokenStory& story) {
  const SampleMasks masks = frame.masks();
  const std::int32_t input = masks.input_budget(p.identity.modality), target = masks.target_budget(p.identity.modality);
  story.title = cat(info.name, ' ', token_label(frame, p.identity.modality, p.identity.origin));
  const std::string place = has_places(info) ? cat(", pixels x ", p.column * info.patch_size, ", y ", p.row * info.patch_size, ", row ", p.row, ", column ", p.column)
                                             : std::string(", of the whole picture: it has no place of its own");
  story.lines.push_back({1, "source", cat("slot ", p.identity.origin, " of ", info.max_tokens, place)});
  story.lines.push_back({2, "budget", budget_sentence(frame, p.identity.modality)});
  if (!frame.are_draws_known) {
    story.lines.push_back({3, "content mask", given_mask_sentence(p.encoder.tensor_slot >= 0, p.decoder.tensor_slot >= 0)});
    return;
  }
  if (p.draw_index < 0) {
    story.lines.push_back({3, "content mask", cat("nothing is drawn: every token of the grid is ", input > 0 ? "input" : "target")});
    return;
  }
  std::string why;
  if (p.draw_index < input) why = cat(p.draw_index, " < ", input, ", so it is input");
  else if (target < 0) why = cat(p.draw_index, " ≥ ", input, " and no target budget, so it is a target");
  else if (p.draw_index < input + target) why = cat(input, " ≤ ", p.draw_index, " < ", input, " + ", target, ", so it is a target");
  else why = cat(p.draw_index, " ≥ ", input, " + ", target, ", so it is discarded");
  story.lines.push_back({3, "content mask", cat("the ", ordinal(p.rank + 1), " smallest of ", info.max_tokens, " draws is draw ", p.draw_index, "; ", why)});
}

// "text", "sequence", "embedding": what the tokens of a sequence make up.
const char* whole_of(ModalityKind kind) {
  return kind == ModalityKind::seq ? "text" : kind == ModalityKind::seq_token ? "sequence" : "embedding";
}

std::string text_mask_sentence(const MaskedFrame& frame, const TokenPassport& p, const Modality& info) {
  const std::int32_t input_budget = frame.masks().input_budget(p.identity.modality);
  const std::string whole = cat("the whole ", whole_of(info.kind));
  if (p.fate == Fate::sentinel) {
    return p.is_closing_sentinel ? std::string("stands for no run: it closes the target") : cat("stands for masked run number ", p.sentinel, " of the ", whole_of(info.kind));
  }
  std::string sentence;
  if (!frame.are_draws_known) {
    sentence = given_mask_sentence(p.encoder.tensor_slot >= 0, p.decoder.tensor_slot >= 0);
    return p.sentinel > 0 ? cat(sentence, "; in the run of [S_", p.sentinel, "]") : sentence;
  }
  if (frame.scheme.mode == BudgetMode::transfer) {
    sentence = whole + (input_budget > 0 ? " is kept as input" : " is one masked run, and all of it is target");
  } else if (input_budget == 0) sentence = cat("input budget 0: ", whole, " is one masked run");
  else {
    const std::string run = info.kind == ModalityKind::seq_emb ? cat("run ", p.sentinel) : cat("the run of [S_", p.sentinel, "]");
    sentence = cat("draw ", fixed(p.draw, 3), p.is_kept ? " ≤ " : " > ", "keep ", fixed(p.keep_probability, 3), p.is_kept ? ": kept as input" : cat(": masked, in ", run));
    if (p.num_attempts > 1) sentence += cat(" (attempt ", p.num_attempts, "; the earlier ones were longer than ", input_budget, ")");
  }
  if (p.fate == Fate::discarded) {
    if (p.is_kept || info.kind == ModalityKind::seq_emb) return sentence;
    const int end = p.target_window_begin + p.target_window_tokens;
    if (p.target_window_tokens == 0) sentence += "; discarded: the target budget is 0";
    else if (p.target_position < p.target_window_begin) sentence += cat("; discarded: the kept target window starts later, at token ", p.target_window_begin, " of ", p.uncut_target_tokens);
    else sentence += cat("; discarded: the kept target window ends before it, at token ", end, " of ", p.uncut_target_tokens);
  }
  return sentence;
}

// ", chunk 2 of 7, which is kept or masked as a whole"; empty for a text that is masked token by token.
std::string chunk_sentence(const MaskedFrame& frame, const TokenPassport& p, const Modality& info) {
  const ModalityTokens& tokens = frame.sample.modalities[static_cast<std::size_t>(p.identity.modality)];
  if (tokens.chunk_lengths.empty()) return "";
  const std::vector<std::int32_t> ends = sequence_tokens(info, tokens, frame.vocabulary.eos_id).chunk_ends;
  const auto chunk = std::upper_bound(ends.begin(), ends.end(), p.identity.origin);
  if (chunk == ends.end()) return "";
  return cat(", in chunk ", chunk - ends.begin() + 1, " of ", ends.size(), ", which is kept or masked as a whole");
}

std::string source_sentence(const MaskedFrame& frame, const TokenPassport& p, const Modality& info) {
  const auto at = static_cast<std::size_t>(p.identity.origin);
  if (info.kind == ModalityKind::seq_emb) return cat("row ", p.identity.origin, " of ", p.num_tokens, ": a vector of floats, which has no id");
  std::string source = cat("token ", p.identity.origin + 1, " of ", p.num_tokens);
  if (!frame.are_draws_known) return source + ", as far as input and target tell the text";
  const ModalityContent* content = frame.content(p.identity.modality);
  if (is_end_of_text(frame, p.identity.modality, p.identity.origin)) {
    source += ", added behind the text";
  } else if (content && content->tokens && at < content->tokens->ranges.size()) {
    const auto [begin, end] = content->tokens->ranges[at];
    source += cat(", bytes ", begin, "–", end, " of the text");
  }
  return source + chunk_sentence(frame, p, info);
}

void tell_text(const MaskedFrame& frame, const TokenPassport& p, const Modality& info, TokenStory& story) {
  const std::string label = token_label(frame, p.identity.modality, p.identity.origin);
  if (origin::is_sentinel(p.identity.origin)) {
    const bool is_rows = info.kind == ModalityKind::seq_emb;
    story.title = is_rows ? cat(info.name, " zero vector ", p.sentinel) : cat(info.name, ' ', label);
    story.lines.push_back({1, "source", is_rows ? std::string("no row of the embedding: a vector of zeros in the place of a masked run")
                                                : cat("no token of the ", whole_of(info.kind), ": added by span masking")});
  } else {
    const bool is_piece = info.kind == ModalityKind::seq && !is_end_of_text(frame, p.identity.modality, p.identity.origin);
    story.title = cat(info.name, ' ', is_piece ? "“" + label + "”" : label);
    story.lines.push_back({1, "source", source_sentence(frame, p, info)});
  }
  story.lines.push_back({2, "budget", budget_sentence(frame, p.identity.modality)});
  story.lines.push_back({3, "content mask", text_mask_sentence(frame, p, info)});
}

std::string ignored_remark(const MaskedFrame& frame, bool is_encoder) {
  const auto& mask = is_encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
  int ignored = 0;
  for (const std::uint8_t value : mask) ignored += value;
  const char* side = is_encoder ? "encoder" : "decoder";
  if (ignored == 0) return cat("Not to be mixed up: an ignored slot holds no token at all. No ", side, " slot is ignored here.");
  return cat("Not to be mixed up: an ignored slot holds no token at all. ", ignored, ' ', side, ignored == 1 ? " slot is ignored here." : " slots are ignored here.");
}

// Where the token ends, and for a discarded one what stopped it.
std::string verdict_of(const TokenPassport& p, const SchemeModality& entry) {
  switch (p.fate) {
    case Fate::encoder: return "goes to the encoder";
    case Fate::decoder: return p.decoder.packed_slot >= 0 ? "the decoder must predict it" : "given to the decoder, but predicted by no slot";
    case Fate::sentinel: {
      const bool is_in = p.encoder.tensor_slot >= 0, is_out = p.decoder.tensor_slot >= 0;
      return is_in && is_out ? "sentinel in input and target" : is_in ? "sentinel in the input only" : is_out ? "sentinel in the target only" : "sentinel that was cut away";
    }
    default: break;
  }
  if (p.encoder.tensor_slot >= 0) {
    return entry.reaches_encoder() ? "discarded: meant for the encoder, but no slot was left" : "discarded: chosen as input, but this modality never reaches the encoder";
  }
  if (p.decoder.tensor_slot >= 0) {
    return entry.reaches_decoder() ? "discarded: meant for the decoder, but no slot was left" : "discarded: chosen as target, but this modality never reaches the decoder";
  }
  return "discarded: neither shown nor predicted";
}

// "caption filled 5 of its budget of 6, det 21 of 26": why a side is not full.
std::string unfilled_sentence(const MaskedFrame& frame, bool is_encoder) {
  const SampleMasks masks = frame.masks();
  const std::vector<UsedSlots> used = used_slots(masks);
  std::string list;
  long budgets = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const auto at = static_cast<std::size_t>(m);
    const std::int32_t budget = is_encoder ? masks.input_budget(m) : masks.target_budget(m);
    const int filled = is_encoder ? used[at].encoder : used[at].decoder;
    if (budget < 0) continue;
    budgets += budget;
    if (filled >= budget) continue;
    list += cat(list.empty() ? "" : ", ", frame.scheme.modalities[at].modality.name, " filled ", filled, " of its budget of ", budget);
  }
  const int capacity = is_encoder ? frame.scheme.encoder_slots : frame.scheme.decoder_slots;
  if (!frame.are_draws_known) return cat("the file uses ", budgets, " slots, the side has ", capacity);
  if (budgets < capacity) list += cat(list.empty() ? "" : "; ", "the budgets add up to only ", budgets, " of ", capacity);
  return list;
}

}  // namespace

TokenStory tell_token(const MaskedFrame& frame, TokenIdentity token) {
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(token.modality)];
  const TokenPassport passport = make_passport(frame.masks(), token);
  TokenStory story;
  story.fate = passport.fate;
  if (entry.modality.kind == ModalityKind::img) tell_image(frame, passport, entry.modality, story);
  else tell_text(frame, passport, entry.modality, story);

  const bool is_rows = entry.modality.kind == ModalityKind::seq_emb;
  const std::string id = passport.id != unknown_token_id ? cat("id ", passport.id) : is_rows ? "no id" : entry.modality.vocab_size > 0 ? "id ?" : "pixels";
  story.verdict = cat(id, " · ", verdict_of(passport, entry));
  tell_way(frame, passport, entry, story);
  if (entry.modality.vocab_size > 0 && passport.id == unknown_token_id) {
    story.remark = "Its id is unknown: only the neural tokenizer of this modality could give it. The masks do not depend on it.";
  } else {
    story.remark = ignored_remark(frame, passport.fate == Fate::encoder || (passport.fate == Fate::sentinel && passport.encoder.tensor_slot >= 0));
  }
  return story;
}

TokenStory tell_ignored_slot(const MaskedFrame& frame, bool side_is_encoder, int slot) {
  const int kept = side_is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
  const int used = std::min(kept, side_is_encoder ? frame.batch.encoder_valid[0] : frame.batch.decoder_valid[0]);
  const char* side = side_is_encoder ? "encoder" : "decoder";
  TokenStory story;
  story.fate = Fate::ignored;
  story.title = cat(side, " slot ", slot);
  story.verdict = "ignored slot: holds no token";
  if (const std::string why = unfilled_sentence(frame, side_is_encoder); !why.empty()) story.lines.push_back({2, "budgets", why});
  story.lines.push_back({5, "selection", cat("only ", count(used, "token"), used == 1 ? " was" : " were", " meant for the ", side, ", which has ", kept, " slots; used slots come first")});
  story.lines.push_back({6, "zeroing", side_is_encoder ? "vector and embedding are set to zero, modality id to -1; attention skips it"
                                                       : "vector and embedding are set to zero, target id to 0, modality id to -1; no loss"});
  story.remark = "Not to be mixed up: a discarded token exists and is left out; an ignored slot is room that nothing was put into.";
  return story;
}

}  // namespace maskscope
