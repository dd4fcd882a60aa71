// Steps 1 to 3 of an image token, and the budgets of every kind.
#include "app/explain_parts.h"
#include "app/token_label.h"

namespace maskscope::explain {
namespace {

std::string ordinal(int n) {
  if (language() != Language::english) return cat(n);  // its pattern says that it is one
  const int tens = n % 100, ones = n % 10;
  const char* suffix = tens >= 11 && tens <= 13 ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return cat(n, suffix);
}

// "; the draw had given 70 in · 40 out, which was clamped".
std::string clamp_clause(const Waterfall& waterfall, int modality) {
  const ModalityFlow& flow = waterfall.modalities[static_cast<std::size_t>(modality)];
  std::string clause;
  if (flow.encoder.lost_by_clamp > 0) clause += fill(tr("; {0} in were drawn, {1} of them lost by clamping"), *flow.encoder.drawn, flow.encoder.lost_by_clamp);
  if (flow.decoder.lost_by_clamp > 0) clause += fill(tr("; {0} out were drawn, {1} of them lost by clamping"), *flow.decoder.drawn, flow.decoder.lost_by_clamp);
  return clause;
}

std::string decision(int draw, int input, int target) {
  if (draw < input) return fill(tr("{0} < {1}, so it is input"), draw, input);
  if (target < 0) return fill(tr("{0} ≥ {1} and no target budget, so it is a target"), draw, input);
  if (draw < input + target) return fill(tr("{0} ≤ {1} < {0} + {2}, so it is a target"), input, draw, target);
  return fill(tr("{0} ≥ {1} + {2}, so it is discarded"), draw, input, target);
}

}  // namespace

void tell_budget(const MaskedFrame& frame, int modality, TokenStory& story) {
  const SampleMasks masks = frame.masks();
  const std::int32_t input = masks.input_budget(modality), target = masks.target_budget(modality);
  LinkMaker links;
  const ViewPlace place{PlaceKind::budget, modality};
  const std::string numbers = links.to(place, target < 0 ? fill(tr("{0} in · all that is not input"), input) : fill(tr("{0} in · {1} out"), input, target));
  std::string sentence;
  if (!frame.are_draws_known) {
    sentence = fill(tr("{0}: what the file uses; which budgets were drawn is not in it"), numbers);
  } else if (frame.scheme.mode == BudgetMode::direct) {
    sentence = fill(tr("{0}, set by hand"), numbers);
  } else if (frame.scheme.mode == BudgetMode::transfer) {
    const bool is_input = entry_of(frame, modality).transfer_role == TransferRole::input;
    sentence = links.to(place, is_input ? tr("transfer: the whole modality is input") : tr("transfer: the whole modality is target"));
  } else {
    const std::int32_t all = frame.batch.num_target_tokens[0];
    sentence = fill(tr("{0}, this modality's share of {1} and {2}"), numbers, frame.batch.num_input_tokens[0], all < 0 ? std::string(tr("the rest")) : cat(all)) +
               clamp_clause(frame.waterfall, modality);
  }
  add_line(story, 2, tr("budget"), sentence, links);
}

std::string given_mask_sentence(bool is_input, bool is_target) {
  const char* where = is_input && is_target ? tr("input and target at once") : is_input ? tr("input") : is_target ? tr("a target") : tr("neither input nor target");
  return fill(tr("the file's content masks say {0}; which draw decided is not in it"), where);
}

void tell_image(const MaskedFrame& frame, const TokenPassport& p, TokenStory& story) {
  const int m = p.identity.modality;
  const Modality& info = entry_of(frame, m).modality;
  const SampleMasks masks = frame.masks();
  const std::int32_t input = masks.input_budget(m), target = masks.target_budget(m);
  story.title = cat(info.name, ' ', token_label(frame, m, p.identity.origin));
  {
    LinkMaker links;
    const std::string slot = links.to({PlaceKind::card, m, PackedSide::encoder, p.identity.origin}, fill(tr("slot {0} of {1}"), p.identity.origin, info.max_tokens));
    const std::string place = has_places(info) ? fill(tr("{0}, pixels x {1}, y {2}, row {3}, column {4}"), slot, p.column * info.patch_size, p.row * info.patch_size, p.row, p.column)
                                               : fill(tr("{0}, of the whole picture: it has no place of its own"), slot);
    add_line(story, 1, tr("source"), place, links);
  }
  tell_budget(frame, m, story);
  LinkMaker links;
  std::string why;
  if (!frame.are_draws_known) {
    why = given_mask_sentence(p.encoder.tensor_slot >= 0, p.decoder.tensor_slot >= 0);
  } else if (p.draw_index < 0) {
    why = input > 0 ? tr("nothing is drawn: every token of the grid is input") : tr("nothing is drawn: every token of the grid is target");
  } else {
    const std::string draw = links.to({PlaceKind::table, m, PackedSide::encoder, p.identity.origin}, fill(tr("draw {0}"), p.draw_index));
    why = fill(tr("the {0} smallest of {1} draws is {2}; {3}"), ordinal(p.rank + 1), info.max_tokens, draw, decision(p.draw_index, input, target)) +
          (target < 0 ? fill(tr(". The first {0} draws give input, all others targets"), input)
                      : fill(tr(". The first {0} draws give input, the next {1} targets, the others are discarded"), input, target));
  }
  add_line(story, 3, tr("content mask"), why, links);
}

}  // namespace maskscope::explain
