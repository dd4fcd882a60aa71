// Steps 1 to 3 of a token of a sequence.
#include <algorithm>

#include "app/explain_parts.h"
#include "app/number_text.h"
#include "app/token_label.h"

namespace maskscope::explain {
namespace {

// "the text", "the sequence", "the embedding": what the tokens of a sequence make up.
const char* whole_of(ModalityKind kind) {
  return kind == ModalityKind::seq ? tr("the text") : kind == ModalityKind::seq_token ? tr("the sequence") : tr("the embedding");
}
const char* all_of_it(ModalityKind kind) {
  return kind == ModalityKind::seq ? tr("the whole text") : kind == ModalityKind::seq_token ? tr("the whole sequence") : tr("the whole embedding");
}

// First slot of the target side, and what stands there: where the kept window begins. -1: no target.
int first_target_slot(const MaskedFrame& frame, int modality) {
  const int slots = entry_of(frame, modality).modality.num_slots();
  for (int slot = 0; slot < slots; ++slot) {
    if (!frame.masks().slot_value(frame.batch.target_mask, modality, slot)) return slot;
  }
  return -1;
}

// Why a masked token is in no target.
std::string discarded_clause(const MaskedFrame& frame, const TokenPassport& p, LinkMaker& links) {
  const int m = p.identity.modality;
  if (p.target_window_tokens == 0) return tr("; discarded: the target budget is 0");
  if (p.target_position < p.target_window_begin) {
    const int slot = first_target_slot(frame, m);
    const std::string start = token_label(frame, m, frame.masks().slot_value(frame.batch.slot_origin, m, slot));
    return fill(tr("; lost: the target window starts later, at {0}, token {1} of {2}"), links.to({PlaceKind::card, m, PackedSide::decoder, slot}, start),
                p.target_window_begin, p.uncut_target_tokens);
  }
  return fill(tr("; lost: the target window of {0} tokens ends before it, at token {1} of {2}"), p.target_window_tokens, p.target_window_begin + p.target_window_tokens,
              p.uncut_target_tokens);
}

std::string drawn_mask_sentence(const MaskedFrame& frame, const TokenPassport& p, ModalityKind kind) {
  const std::int32_t input_budget = frame.masks().input_budget(p.identity.modality);
  if (frame.scheme.mode == BudgetMode::transfer) {
    return fill(input_budget > 0 ? tr("{0} is kept as input") : tr("{0} is one masked run, and all of it is target"), all_of_it(kind));
  }
  if (input_budget == 0) return fill(tr("input budget 0: {0} is one masked run"), all_of_it(kind));
  // As many digits as tell the two apart.
  int digits = 3;
  while (digits < 9 && fixed(p.draw, digits) == fixed(p.keep_probability, digits)) ++digits;
  const std::string draw = fixed(p.draw, digits), keep = fixed(p.keep_probability, digits);
  std::string sentence;
  if (p.is_kept) sentence = fill(tr("draw {0} ≤ keep {1}: kept as input"), draw, keep);
  else if (kind == ModalityKind::seq_emb) sentence = fill(tr("draw {0} > keep {1}: masked, in run {2}"), draw, keep, p.sentinel);
  else sentence = fill(tr("draw {0} > keep {1}: masked, in the run of [S_{2}]"), draw, keep, p.sentinel);
  if (p.num_attempts > 1) sentence += fill(tr(" (attempt {0}; the earlier ones were longer than {1})"), p.num_attempts, input_budget);
  return sentence;
}

std::string text_mask_sentence(const MaskedFrame& frame, const TokenPassport& p, ModalityKind kind, LinkMaker& links) {
  if (p.fate == Fate::sentinel) {
    return p.is_closing_sentinel ? std::string(tr("stands for no run: it closes the target")) : fill(tr("stands for masked run number {0} of {1}"), p.sentinel, whole_of(kind));
  }
  if (!frame.are_draws_known) {
    const std::string sentence = given_mask_sentence(p.encoder.tensor_slot >= 0, p.decoder.tensor_slot >= 0);
    return p.sentinel > 0 ? sentence + fill(tr("; in the run of [S_{0}]"), p.sentinel) : sentence;
  }
  std::string sentence = drawn_mask_sentence(frame, p, kind);
  if (p.fate == Fate::discarded && !p.is_kept && kind != ModalityKind::seq_emb) sentence += discarded_clause(frame, p, links);
  return sentence;
}

// ", in chunk 2 of 7, which is kept or masked as a whole"; empty for a text that is masked token by token.
std::string chunk_clause(const MaskedFrame& frame, const TokenPassport& p, const Modality& info) {
  const ModalityTokens& tokens = frame.sample.modalities[static_cast<std::size_t>(p.identity.modality)];
  if (tokens.chunk_lengths.empty()) return "";
  const std::vector<std::int32_t> ends = sequence_tokens(info, tokens, frame.vocabulary.eos_id).chunk_ends;
  const auto chunk = std::upper_bound(ends.begin(), ends.end(), p.identity.origin);
  if (chunk == ends.end()) return "";
  return fill(tr(", in chunk {0} of {1}, which is kept or masked as a whole"), chunk - ends.begin() + 1, ends.size());
}

std::string source_sentence(const MaskedFrame& frame, const TokenPassport& p, const Modality& info, LinkMaker& links) {
  const auto at = static_cast<std::size_t>(p.identity.origin);
  const ViewPlace card{PlaceKind::card, p.identity.modality, PackedSide::encoder, -1};
  if (info.kind == ModalityKind::seq_emb) {
    return fill(tr("{0}: a vector of floats, which has no id"), links.to(card, fill(tr("row {0} of {1}"), p.identity.origin, p.num_tokens)));
  }
  std::string source = links.to(card, fill(tr("token {0} of {1}"), p.identity.origin + 1, p.num_tokens));
  if (!frame.are_draws_known) return source + tr(", as far as input and target tell the text");
  const ModalityContent* content = frame.content(p.identity.modality);
  if (is_end_of_text(frame, p.identity.modality, p.identity.origin)) {
    source += tr(", added behind the text");
  } else if (content && content->tokens && at < content->tokens->ranges.size()) {
    const auto [begin, end] = content->tokens->ranges[at];
    source += fill(tr(", bytes {0}–{1} of the text"), begin, end);
  }
  return source + chunk_clause(frame, p, info);
}

}  // namespace

void tell_text(const MaskedFrame& frame, const TokenPassport& p, TokenStory& story) {
  const int m = p.identity.modality;
  const Modality& info = entry_of(frame, m).modality;
  const std::string label = token_label(frame, m, p.identity.origin);
  LinkMaker links;
  std::string source;
  if (origin::is_sentinel(p.identity.origin)) {
    const bool is_rows = info.kind == ModalityKind::seq_emb;
    story.title = is_rows ? fill(tr("{0} zero vector {1}"), info.name, p.sentinel) : cat(info.name, ' ', label);
    source = is_rows ? std::string(tr("no row of the embedding: a vector of zeros in the place of a masked run")) : fill(tr("no token of {0}: added by span masking"), whole_of(info.kind));
  } else {
    const bool is_piece = info.kind == ModalityKind::seq && !is_end_of_text(frame, m, p.identity.origin);
    story.title = cat(info.name, ' ', is_piece ? "“" + label + "”" : label);
    source = source_sentence(frame, p, info, links);
  }
  add_line(story, 1, tr("source"), source, links);
  tell_budget(frame, m, story);
  LinkMaker mask_links;
  const std::string mask = text_mask_sentence(frame, p, info.kind, mask_links);
  add_line(story, 3, tr("content mask"), mask, mask_links);
}

}  // namespace maskscope::explain
