#include "app/flow_sentences.h"

#include "app/i18n/translate.h"

namespace maskscope {
namespace {

const Modality& modality_of(const MaskedFrame& frame, int modality) { return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality; }

const SideFlow& side_of(const Waterfall& waterfall, int modality, bool is_encoder) {
  const ModalityFlow& flow = waterfall.modalities[static_cast<std::size_t>(modality)];
  return is_encoder ? flow.encoder : flow.decoder;
}

std::string clamp_reason(const MaskedFrame& frame, const Waterfall& waterfall, int modality, bool is_encoder) {
  const Modality& info = modality_of(frame, modality);
  if (!is_encoder && info.kind == ModalityKind::img) {
    return fill(tr("{0} has {1} tokens, and {2} of them are the input's"), info.name, info.max_tokens, waterfall.modalities[static_cast<std::size_t>(modality)].encoder.budget);
  }
  return fill(tr("{0} has room for at most {1} tokens"), info.name, info.max_tokens);
}

std::string short_reason(const MaskedFrame& frame, const Waterfall& waterfall, int modality, const SideFlow& side) {
  const Modality& info = modality_of(frame, modality);
  if (info.kind == ModalityKind::img) return fill(tr("the grid of {0} has no tokens left for its budget of {1}"), info.name, side.budget);
  return fill(tr("{0} is shorter than its budget of {1}: it has {2} tokens"), info.name, side.budget, waterfall.modalities[static_cast<std::size_t>(modality)].source_tokens);
}

// Of what is unfilled, but not for want of tokens.
std::string unused_reason(const std::string& name, const SideFlow& side) {
  if (side.reason == Unfilled::absent) return fill(tr("this sample has no {0}, and its budget of {1} stays empty"), name, side.budget);
  if (side.reason == Unfilled::masked_away) return fill(tr("masked runs of {0} shrank to one sentinel each"), name);
  return fill(tr("tokens of {0} stand in the input instead"), name);
}

std::string no_place_reason(const std::string& name, bool is_encoder) {
  return fill(is_encoder ? tr("{0} never reaches the encoder") : tr("{0} never reaches the decoder"), name);
}

std::string drawn_sentence(const MaskedFrame& frame, const SideFlow& side, bool is_encoder) {
  if (!side.has_budget) return tr("There is no target budget: every token that is not input is a target.");
  if (!frame.are_draws_known) return tr("Content masks from a file: which budgets were drawn is not in it.");
  if (!side.drawn) return tr("What was drawn is not known.");
  if (frame.scheme.mode == BudgetMode::direct) return fill(tr("{0} tokens, set by hand."), *side.drawn);
  if (frame.scheme.mode == BudgetMode::transfer) return tr("Transfer: nothing is drawn, a modality is wholly input or wholly target.");
  const int all = is_encoder ? frame.batch.num_input_tokens[0] : frame.batch.num_target_tokens[0];
  return fill(tr("The Dirichlet draw gave it {0} of {1} tokens."), *side.drawn, all);
}

std::string unfilled_sentence(const MaskedFrame& frame, const Waterfall& waterfall, int modality, const SideFlow& side) {
  const int unused = side.unfilled - side.too_short;
  const std::string is_short = side.too_short > 0 ? short_reason(frame, waterfall, modality, side) : "";
  const std::string is_unused = unused > 0 ? unused_reason(modality_of(frame, modality).name, side) : "";
  if (is_short.empty() || is_unused.empty()) {
    return fill(tr_count(side.unfilled, "{0} token of the budget not filled: {1}.", "{0} tokens of the budget not filled: {1}."), side.unfilled, is_short + is_unused);
  }
  return fill(tr("{0} tokens of the budget not filled: {1}, because {2}; {3}, because {4}."), side.unfilled, side.too_short, is_short, unused, is_unused);
}

std::string cut_sentence(const MaskedFrame& frame, const SideFlow& side, const std::string& name, bool is_encoder) {
  if (side.lost_without_place > 0) return fill(tr_count(side.lost_without_place, "{0} token lost: {1}.", "{0} tokens lost: {1}."), side.lost_without_place, no_place_reason(name, is_encoder));
  const int slots = is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
  if (side.lost_by_cut == 0) return tr("Nothing was cut off behind the last slot.");
  return fill(tr_count(side.lost_by_cut, "{0} token lost: it comes after the last of the {1} slots.", "{0} tokens lost: they come after the last of the {1} slots."), side.lost_by_cut, slots);
}

}  // namespace

std::string flow_sentence(const MaskedFrame& frame, const Waterfall& waterfall, int modality, bool is_encoder, FlowStage stage) {
  const SideFlow& side = side_of(waterfall, modality, is_encoder);
  const std::string& name = modality_of(frame, modality).name;
  switch (stage) {
    case FlowStage::drawn: return drawn_sentence(frame, side, is_encoder);
    case FlowStage::clamp:
      if (!side.drawn) return drawn_sentence(frame, side, is_encoder);
      if (side.lost_by_clamp == 0) return tr("Nothing was clamped.");
      return fill(tr_count(side.lost_by_clamp, "{0} token lost by clamping: {1}. No other modality gets it.", "{0} tokens lost by clamping: {1}. No other modality gets them."), side.lost_by_clamp, clamp_reason(frame, waterfall, modality, is_encoder));
    case FlowStage::unfilled:
      if (side.unfilled == 0) return side.has_budget ? tr("The budget is filled.") : drawn_sentence(frame, side, is_encoder);
      return unfilled_sentence(frame, waterfall, modality, side);
    case FlowStage::shift:
      if (side.lost_by_shift == 0) return tr("Nothing was lost by the shift: only texts are shifted by one.");
      return tr("1 token lost by the shift: the first token of the target is given to the decoder, and no slot predicts it.");
    case FlowStage::cut: return cut_sentence(frame, side, name, is_encoder);
    case FlowStage::kept:
      return is_encoder ? fill(tr("{0} encoder slots hold tokens of {1}."), side.kept, name) : fill(tr("{0} decoder slots predict tokens of {1}: these enter the loss."), side.kept, name);
  }
  return "";
}

std::vector<IgnoredReason> why_ignored(const MaskedFrame& frame, const Waterfall& waterfall, bool is_encoder) {
  const SideTotal& total = is_encoder ? waterfall.encoder : waterfall.decoder;
  std::vector<IgnoredReason> reasons;
  if (total.ignored == 0) return reasons;
  const auto add = [&](int slots, int modality, std::string sentence) {
    if (slots != 0) reasons.push_back({slots, modality, std::move(sentence)});
  };
  int wanted = 0;
  for (std::size_t m = 0; m < waterfall.modalities.size(); ++m) {
    const int modality = static_cast<int>(m);
    const SideFlow& side = side_of(waterfall, modality, is_encoder);
    const std::string& name = modality_of(frame, modality).name;
    wanted += side.drawn.value_or(side.budget);
    add(side.lost_by_clamp, modality, fill(tr("lost by clamping: {0}"), clamp_reason(frame, waterfall, modality, is_encoder)));
    add(side.too_short, modality, short_reason(frame, waterfall, modality, side));
    add(side.unfilled - side.too_short, modality, unused_reason(name, side));
    add(side.lost_without_place, modality, no_place_reason(name, is_encoder));
    add(side.lost_by_shift, modality, fill(tr("the shift by one costs {0} a slot"), name));
  }
  const int left = total.slots - wanted;
  if (left > 0 && !frame.are_draws_known) add(left, -1, fill(tr("the file uses only {0} of {1} slots"), wanted, total.slots));
  else if (left > 0 && !total.sum.has_budget) add(left, -1, fill(tr("there are only {0} targets for {1} slots"), wanted, total.slots));
  else if (left > 0) add(left, -1, fill(tr("the budgets add up to only {0} of {1} slots"), wanted, total.slots));
  else add(left, -1, fill(tr("the budgets added up to {0}, more than the {1} slots"), wanted, total.slots));
  return reasons;
}

std::string origin_of_budgets(const MaskedFrame& frame, const Waterfall& waterfall, bool is_encoder) {
  const SideTotal& total = is_encoder ? waterfall.encoder : waterfall.decoder;
  if (!frame.are_draws_known) return tr("from a file");
  if (frame.scheme.mode == BudgetMode::direct) return tr("set by hand");
  if (frame.scheme.mode == BudgetMode::transfer) return tr("by role");
  if (total.num_tries == 0) return tr("all that is left");
  if (total.has_given_up) return fill(tr("gave up after {0} tries"), total.num_tries);
  return total.num_tries == 1 ? std::string(tr("first try")) : fill(tr("try {0}"), total.num_tries);
}

}  // namespace maskscope
