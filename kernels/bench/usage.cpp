#include "kernels/bench/usage.h"

#include <algorithm>
#include <cstdio>
#include <initializer_list>

#include "core/error.h"
#include "kernels/backend.h"

namespace maskscope {
namespace {

constexpr int batch_samples = 1024;
constexpr std::uint64_t table_seed = 4;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// Sums over one batch.
class UsageSum {
 public:
  UsageSum(const MaskingPlan& plan, const PackedSamples& samples, const MaskedBatch& batch, SlotUsage& sum)
      : plan_(plan), samples_(samples), batch_(batch), sum_(sum) {}

  // Row i of a batch masks sample i % count.
  void add() {
    for (int row = 0; row < batch_.batch_size; ++row) add_row(row, row % samples_.count);
  }

 private:
  int written(const std::vector<std::uint8_t>& mask, int row, const ModalityPlan& modality) const {
    const auto begin = mask.begin() + static_cast<std::ptrdiff_t>(row) * batch_.num_slots + modality.slot_offset;
    return static_cast<int>(std::count(begin, begin + modality.num_slots, 0));
  }

  void add_row(int row, int sample) {
    SideUsage &encoder = sum_.encoder, &decoder = sum_.decoder;
    int asked_without_range = 0, reached_encoder = 0, reached_decoder = 0;
    int input_budgets = 0, target_budgets = 0;
    const int num_modalities = batch_.num_modalities;
    for (int m = 0; m < num_modalities; ++m) {
      const ModalityPlan& modality = plan_.modalities[at(m)];
      const int length = samples_.lengths[at(sample * num_modalities + m)];
      const int input_budget = batch_.input_budget[at(row * num_modalities + m)];
      const int input = written(batch_.input_mask, row, modality);
      input_budgets += input_budget;
      add_input(modality, length, input_budget, input, reached_encoder);

      const int target = written(batch_.target_mask, row, modality);
      const int uncut = has_spans_in_decoder(modality.kind) ? batch_.uncut_target_tokens[at(row * num_modalities + m)] : target;
      int target_budget = batch_.target_budget[at(row * num_modalities + m)];
      if (target_budget < 0) target_budget = uncut;  // no limit
      target_budgets += target_budget;
      add_target(modality, length, target_budget, target, uncut, reached_decoder);
      asked_without_range += target_budget;
    }
    const int asked_input = batch_.num_input_tokens[at(row)];
    const int asked_target = batch_.num_target_tokens[at(row)] < 0 ? asked_without_range : batch_.num_target_tokens[at(row)];
    finish(encoder, batch_.encoder_slots, asked_input, input_budgets, reached_encoder);
    finish(decoder, batch_.decoder_slots, asked_target, target_budgets, reached_decoder);
  }

  void add_input(const ModalityPlan& modality, int length, int budget, int input, int& reached) {
    SideUsage& encoder = sum_.encoder;
    if (modality.kind != ModalityKind::img) {
      const int short_text = std::max(0, budget - length);
      encoder.short_text += short_text;
      encoder.other_side += budget - input - short_text;
    }
    if (modality.encoder_offset < 0) {
      encoder.unreachable += input;
    } else {
      reached += input;
    }
  }

  void add_target(const ModalityPlan& modality, int length, int budget, int target, int uncut, int& reached) {
    SideUsage& decoder = sum_.decoder;
    if (!modality.reaches_decoder || modality.kind == ModalityKind::seq_emb) {
      decoder.unreachable += budget;
      return;
    }
    if (modality.kind == ModalityKind::img) {
      reached += target;
      return;
    }
    if (uncut <= budget) {
      // All of the text masked is two sentinels longer than the text.
      constexpr int sentinels = 2;
      const int short_text = std::min(budget - uncut, std::max(0, budget - length - sentinels));
      decoder.short_text += short_text;
      decoder.other_side += budget - uncut - short_text;
    } else {
      decoder.gap += budget - target;
      decoder.cut_away += budget > 0 ? uncut - target : 0;
    }
    const int shift = target > 0 ? 1 : 0;
    decoder.shift += shift;
    reached += target - shift;
  }

  static void finish(SideUsage& side, int slots, int asked, int budgets, int reached) {
    side.slots += slots;
    side.asked += asked;
    side.clamped += asked - budgets;
    side.used += std::min(reached, slots);
    side.beyond += std::max(0, reached - slots);
    side.ignored += slots - std::min(reached, slots);
  }

  const MaskingPlan& plan_;
  const PackedSamples& samples_;
  const MaskedBatch& batch_;
  SlotUsage& sum_;
};

void divide(SideUsage& side, double count) {
  for (double* value : {&side.slots, &side.asked, &side.clamped, &side.unreachable, &side.short_text, &side.other_side, &side.gap,
                        &side.shift, &side.beyond, &side.used, &side.ignored, &side.cut_away}) {
    *value /= count;
  }
}

std::string table_row(std::string_view name, std::initializer_list<double> values) {
  std::string row = cat("| `", name, "` |");
  for (const double value : values) {
    char digits[32];
    std::snprintf(digits, sizeof digits, " %.1f |", value);
    row += digits;
  }
  return row + '\n';
}

}  // namespace

SlotUsage measure_usage(const Scheme& scheme, const std::vector<Sample>& samples, int num_draws, std::uint64_t seed) {
  const MaskingPlan plan = make_plan(scheme, default_vocabulary());
  const PackedSamples packed = pack_samples(plan, {samples.data(), static_cast<std::ptrdiff_t>(samples.size())});
  const auto backend = make_backend(BackendChoice::cpu, 0);
  MaskedBatch batch;
  SlotUsage usage;
  for (int first = 0; first < num_draws; first += batch_samples) {
    const DrawRange draws{.seed = seed,
                          .first_sample = static_cast<std::uint64_t>(first),
                          .batch_size = std::min(batch_samples, num_draws - first)};
    backend->run(plan, packed, draws, batch);
    UsageSum(plan, packed, batch, usage).add();
  }
  divide(usage.encoder, num_draws);
  divide(usage.decoder, num_draws);
  return usage;
}

UsageRows usage_rows(std::string_view preset, TextLength length, int num_draws) {
  const Scheme scheme = preset_scheme(preset);
  const auto [encoder, decoder] = measure_usage(scheme, made_up_samples(scheme, length), num_draws, table_seed);
  return {
      table_row(preset, {encoder.slots, encoder.asked, encoder.used, encoder.ignored, encoder.clamped, encoder.short_text,
                         encoder.other_side, encoder.unreachable, encoder.beyond}),
      table_row(preset, {decoder.slots, decoder.asked, decoder.used, decoder.ignored, decoder.clamped, decoder.short_text,
                         decoder.other_side, decoder.gap, decoder.shift, decoder.unreachable, decoder.beyond, decoder.cut_away})};
}

std::string usage_tables(int num_draws) {
  std::string out;
  for (const TextLength length : {TextLength::typical, TextLength::full}) {
    std::string encoder =
        "| preset | slots | asked | used | ignored | clamped | short text | masked | unreachable | beyond "
        "|\n|---|---|---|---|---|---|---|---|---|---|\n";
    std::string decoder =
        "| preset | slots | asked | used | ignored | clamped | short text | shown | cut gap | shift | unreachable | beyond | cut "
        "away |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const std::string& preset : preset_names()) {
      const UsageRows rows = usage_rows(preset, length, num_draws);
      encoder += rows.encoder;
      decoder += rows.decoder;
    }
    const char* const texts = length == TextLength::typical ? "typical texts" : "texts as long as allowed";
    out += cat("### Encoder, ", texts, "\n\n", encoder, "\n### Decoder, ", texts, "\n\n", decoder,
               length == TextLength::typical ? "\n" : "");
  }
  return out;
}

}  // namespace maskscope
