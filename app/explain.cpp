#include "app/explain.h"

#include <algorithm>

#include "app/explain_parts.h"
#include "app/flow_sentences.h"
#include "core/error.h"

namespace maskscope {
namespace {

using explain::add_line;
using explain::entry_of;

std::string ignored_remark(const MaskedFrame& frame) {
  const auto ignored = [](const std::vector<std::uint8_t>& ignore_mask) { return std::count(ignore_mask.begin(), ignore_mask.end(), 1); };
  return fill(tr("Not to be mixed up: an ignored slot holds no token at all. In this sample {0} encoder slots and {1} decoder slots are ignored."),
              ignored(frame.batch.encoder_mask), ignored(frame.batch.decoder_mask));
}

const char* sentinel_verdict(const TokenPassport& p) {
  const bool is_in = p.encoder.tensor_slot >= 0, is_out = p.decoder.tensor_slot >= 0;
  return is_in && is_out ? tr("sentinel in input and target")
         : is_in         ? tr("sentinel in the input only")
         : is_out        ? tr("sentinel in the target only")
                         : tr("sentinel that was cut away");
}

// Where the token ends, and for a discarded one what stopped it.
const char* verdict_of(const TokenPassport& p, const SchemeModality& entry) {
  switch (p.fate) {
    case Fate::encoder: return tr("goes to the encoder");
    case Fate::decoder: return p.decoder.packed_slot >= 0 ? tr("the decoder must predict it") : tr("given to the decoder, but predicted by no slot");
    case Fate::sentinel: return sentinel_verdict(p);
    default: break;
  }
  if (p.encoder.tensor_slot >= 0) {
    return entry.reaches_encoder() ? tr("discarded: meant for the encoder, but no slot was left") : tr("discarded: chosen as input, but this modality never reaches the encoder");
  }
  if (p.decoder.tensor_slot >= 0) {
    return entry.reaches_decoder() ? tr("discarded: meant for the decoder, but no slot was left") : tr("discarded: chosen as target, but this modality never reaches the decoder");
  }
  return tr("discarded: neither shown nor predicted");
}

std::string id_words(const TokenPassport& p, const Modality& info) {
  if (p.id != unknown_token_id) return cat("id ", p.id);
  return info.kind == ModalityKind::seq_emb ? tr("no id") : info.vocab_size > 0 ? "id ?" : tr("pixels");
}

// "23 of 128 encoder slots hold no token", and a line for each reason, whose numbers add up to it.
void tell_why_ignored(const MaskedFrame& frame, bool is_encoder, TokenStory& story) {
  const Waterfall& waterfall = frame.waterfall;
  const SideTotal& total = is_encoder ? waterfall.encoder : waterfall.decoder;
  add_line(story, 2, tr("budgets"), fill(is_encoder ? tr("{0} of {1} encoder slots had no token left:") : tr("{0} of {1} decoder slots had no token left:"), total.ignored, total.slots), {});
  for (const IgnoredReason& reason : why_ignored(frame, waterfall, is_encoder)) {
    LinkMaker links;
    const std::string number = links.to({PlaceKind::budget, reason.modality, is_encoder ? PackedSide::encoder : PackedSide::decoder}, cat(reason.slots));
    add_line(story, 2, tr("budgets"), fill(tr("{0}: {1}"), number, reason.sentence), links);
  }
}

// Of which tensor slot the unused rest is that was taken along to fill the row.
std::string taken_along(const MaskedFrame& frame, bool is_encoder, int slot) {
  const auto& sources = is_encoder ? frame.batch.encoder_source : frame.batch.decoder_source;
  const auto& offsets = frame.batch.slot_offset;
  const std::int32_t source = sources[static_cast<std::size_t>(slot)];
  const int modality = static_cast<int>(std::upper_bound(offsets.begin(), offsets.end(), source) - offsets.begin()) - 1;
  return fill(tr("slot {0} of {1}"), source - offsets[static_cast<std::size_t>(modality)], entry_of(frame, modality).modality.name);
}

}  // namespace

TokenStory tell_token(const MaskedFrame& frame, TokenIdentity token, AttentionRule attention) {
  const SchemeModality& entry = entry_of(frame, token.modality);
  const TokenPassport passport = make_passport(frame.masks(), token);
  TokenStory story;
  story.fate = passport.fate;
  if (entry.modality.kind == ModalityKind::img) explain::tell_image(frame, passport, story);
  else explain::tell_text(frame, passport, story);
  story.verdict = cat(id_words(passport, entry.modality), " · ", verdict_of(passport, entry));
  explain::tell_way(frame, passport, attention, story);
  if (entry.modality.vocab_size > 0 && passport.id == unknown_token_id) {
    story.remark = tr("Its id is unknown: only the neural tokenizer of this modality could give it. The content masks do not depend on it.");
  } else {
    story.remark = ignored_remark(frame);
  }
  return story;
}

TokenStory tell_ignored_slot(const MaskedFrame& frame, bool side_is_encoder, int slot, AttentionRule attention) {
  const int kept = side_is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
  const int used = std::min(kept, side_is_encoder ? frame.batch.encoder_valid[0] : frame.batch.decoder_valid[0]);
  const PackedSide side = side_is_encoder ? PackedSide::encoder : PackedSide::decoder;
  TokenStory story;
  story.fate = Fate::ignored;
  story.title = fill(side_is_encoder ? tr("encoder slot {0}") : tr("decoder slot {0}"), slot);
  story.verdict = tr("ignored slot: holds no token");
  tell_why_ignored(frame, side_is_encoder, story);

  LinkMaker selection;
  const std::string meant = side_is_encoder ? fill(tr_count(used, "only {0} token was meant for the encoder, which has {1} slots; used slots come first",
                                                            "only {0} tokens were meant for the encoder, which has {1} slots; used slots come first"),
                                                   used, kept)
                                            : fill(tr_count(used, "only {0} token was meant for the decoder, which has {1} slots; used slots come first",
                                                            "only {0} tokens were meant for the decoder, which has {1} slots; used slots come first"),
                                                   used, kept);
  const std::string place = selection.to({PlaceKind::packed_slot, -1, side, slot}, fill(tr("slot {0}"), slot));
  add_line(story, 5, tr("selection"), fill(tr("{0}; {1} is filled with the unused {2}"), meant, place, taken_along(frame, side_is_encoder, slot)), selection);

  LinkMaker zeroing;
  const std::string emb = zeroing.to({PlaceKind::embedding_row, -1, side, slot}, tr("vector and embedding"));
  add_line(story, 6, tr("zeroing"), fill(side_is_encoder ? tr("{0} are set to zero, modality id to -1") : tr("{0} are set to zero, target id to 0, modality id to -1; no loss"), emb), zeroing);
  if (side_is_encoder) {
    LinkMaker links;
    const std::string row = links.to({PlaceKind::attention_row, -1, side, slot}, tr("ignore mask"));
    add_line(story, 6, tr("attention"), fill(tr("the {0} is 1 here: no encoder or decoder slot looks at it"), row), links);
  } else {
    explain::tell_decoder_row(frame, slot, attention, story);
  }
  story.remark = tr("Not to be mixed up: a discarded token exists and is left out; an ignored slot is room that nothing was put into.");
  return story;
}

TokenIdentity token_in_tensor_slot(const MaskedFrame& frame, int modality, int slot) {
  if (modality < 0 || modality >= frame.scheme.num_modalities() || slot < 0 || slot >= entry_of(frame, modality).modality.num_slots()) return {};
  const TokenIdentity token{modality, frame.masks().slot_value(frame.batch.slot_origin, modality, slot)};
  return is_in_sample(frame.masks(), token) ? token : TokenIdentity{};
}

}  // namespace maskscope
