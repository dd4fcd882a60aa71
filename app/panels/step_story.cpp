#include "app/panels/step_story.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/i18n/translate.h"
#include "app/number_text.h"
#include "app/panels/step_motion.h"

namespace maskscope {
namespace {

constexpr const char* masking_file = "fourm/data/masking.py";
constexpr const char* model_file = "fourm/models/fm.py";

struct SideCounts {
  std::int64_t slots = 0;    // O or P
  std::int64_t used = 0;     // before the cut
  std::int64_t kept = 0;     // N' or M'
  std::int64_t cut() const { return std::max<std::int64_t>(used - kept, 0); }
  std::int64_t ignored() const { return std::max<std::int64_t>(kept - used, 0); }
};

SideCounts encoder_counts(const MaskedFrame& frame) {
  SideCounts counts{0, frame.batch.encoder_valid[0], frame.batch.encoder_slots};
  for (const SchemeModality& entry : frame.scheme.modalities) counts.slots += entry.reaches_encoder() ? entry.modality.num_slots() : 0;
  return counts;
}

SideCounts decoder_counts(const MaskedFrame& frame) {
  SideCounts counts{0, frame.batch.decoder_valid[0], frame.batch.decoder_slots};
  for (const SchemeModality& entry : frame.scheme.modalities) {
    if (entry.reaches_decoder()) counts.slots += entry.modality.num_slots() - (has_spans_in_decoder(entry.modality.kind) ? 1 : 0);
  }
  return counts;
}

std::int64_t sum_of(const std::vector<std::int32_t>& budgets) {
  std::int64_t sum = 0;
  for (const std::int32_t budget : budgets) sum += std::max(budget, 0);
  return sum;
}

StepStory tell_source(const MaskedFrame& frame) {
  std::int64_t tokens = 0;
  int present = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    tokens += static_cast<std::int64_t>(source_fates(frame.masks(), m).size());
    present += frame.is_present(m);
  }
  return {fill(tr_count(present, "{0} tokens of {1} modality, as the loader hands them over: nothing is hidden, nothing is chosen.",
                        "{0} tokens of {1} modalities, as the loader hands them over: nothing is hidden, nothing is chosen."), grouped(tokens), present),
          "apply_modality_transforms", "fourm/data/unified_datasets.py"};
}

StepStory tell_budgets(const MaskedFrame& frame) {
  if (frame.scheme.mode == BudgetMode::transfer) {
    return {tr("Nothing is drawn: every modality is wholly input or wholly target."), "TransferMasking.__call__", masking_file};
  }
  const std::int64_t input = sum_of(frame.batch.input_budget), target = sum_of(frame.batch.target_budget);
  const std::int32_t drawn_input = frame.batch.num_input_tokens[0], drawn_target = frame.batch.num_target_tokens[0];
  StepStory story{"", "input_token_budget, target_token_budget", masking_file};
  if (!frame.are_draws_known) {
    story.sentence = fill(tr("The file's content masks use {0} input and {1} target tokens; the budgets that were drawn are not in it."), input, target);
  } else if (frame.scheme.mode == BudgetMode::direct) {
    story.sentence = fill(tr("Set by hand: {0} input and {1} target tokens. The reference draws such budgets at random."), input, target);
  } else if (drawn_target < 0) {
    story.sentence = fill(tr("A Dirichlet draw shares {0} input tokens out among the modalities; all that is not input becomes a target."), drawn_input);
  } else if (input < drawn_input || target < drawn_target) {
    story.sentence = fill(tr("Dirichlet draws share out {0} input and {1} target tokens; no modality takes more than it can hold: {2} and {3} are left."), drawn_input,
                          drawn_target, input, target);
  } else {
    story.sentence = fill(tr("Dirichlet draws share {0} input and {1} target tokens out among the modalities: at most so many from each."), drawn_input, drawn_target);
  }
  return story;
}

StepStory tell_content_masks(const MaskedFrame& frame) {
  const auto zeros = [](const std::vector<std::uint8_t>& mask) { return std::count(mask.begin(), mask.end(), 0); };
  StepView before_selection;
  before_selection.position = 3;
  std::int64_t discarded = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const std::vector<Fate> fates = fates_at_step(frame, before_selection, m);
    discarded += std::count(fates.begin(), fates.end(), Fate::discarded);
  }
  const bool is_transfer = frame.scheme.mode == BudgetMode::transfer;
  return {fill(tr("Every modality gets two content masks: {0} slots are input, {1} are target; {2} tokens are neither and are discarded."),
               zeros(frame.batch.input_mask), zeros(frame.batch.target_mask), grouped(discarded)),
          is_transfer ? "input_image, target_image, input_sequence, target_sequence" : "image_mask, sequence_mask", masking_file};
}

StepStory tell_concatenation(const MaskedFrame& frame) {
  const SideCounts encoder = encoder_counts(frame), decoder = decoder_counts(frame);
  return {fill(tr("{0} encoder slots stand in a row; {1} of them are used. Decoder: {2} slots, {3} used, modalities in a drawn order."), grouped(encoder.slots), encoder.used,
               grouped(decoder.slots), decoder.used),
          "cat_encoder_tensors, cat_decoder_tensors", model_file};
}

StepStory tell_selection(const MaskedFrame& frame) {
  const SideCounts encoder = encoder_counts(frame), decoder = decoder_counts(frame);
  std::string sentence = fill(tr("Used slots go to the front, and the first {0} (encoder) and {1} (decoder) are kept."), encoder.kept, decoder.kept);
  const std::int64_t cut = encoder.cut() + decoder.cut();
  const std::string gap = language() == Language::chinese ? "" : " ";  // a Chinese full stop brings its own
  if (cut > 0) sentence += gap + fill(tr_count(cut, "{0} used slot finds no room and is lost.", "{0} used slots find no room and are lost."), cut);
  else sentence += gap + fill(tr("{0} and {1} of them are filled up with unused ones."), encoder.ignored(), decoder.ignored());
  return {sentence, "forward_mask_encoder, forward_mask_decoder", model_file};
}

StepStory tell_zeroing(const MaskedFrame& frame) {
  const SideCounts encoder = encoder_counts(frame), decoder = decoder_counts(frame);
  return {fill(tr("{0} encoder and {1} decoder slots are ignored: x and emb become 0, the modality id -1. The {2} × {2} decoder attention goes by the ids from before."), encoder.ignored(),
               decoder.ignored(), decoder.kept),
          "forward_mask_decoder, adapt_decoder_attention_mask", model_file};
}

}  // namespace

const char* step_name(int step) {
  static constexpr std::array<const char*, num_steps> names = {tr_later("source"), tr_later("budgets"), tr_later("content masks"),
                                                               tr_later("concatenation"), tr_later("selection"), tr_later("zeroing, attention")};
  return tr(names[static_cast<std::size_t>(std::clamp(step, 1, num_steps) - 1)]);
}

StepStory step_story(const MaskedFrame& frame, int step) {
  switch (step) {
    case 1: return tell_source(frame);
    case 2: return tell_budgets(frame);
    case 3: return tell_content_masks(frame);
    case 4: return tell_concatenation(frame);
    case 5: return tell_selection(frame);
    default: return tell_zeroing(frame);
  }
}

int step_at(float position) { return std::clamp(static_cast<int>(std::ceil(position - 1e-3f)), 1, num_steps); }

}  // namespace maskscope
