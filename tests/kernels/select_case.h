// One sample of a recorded case of forward_mask_encoder or forward_mask_decoder, ready for the stages.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/masked_batch.h"
#include "kernels/stages/plan_view.h"
#include "kernels/stages/sample_row.h"
#include "kernels/stages/scratch.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"

namespace maskscope {

// A plan of the case's modalities and one row of masks.
struct SelectCase {
  std::vector<ModalityPlan> modalities;
  PlanView plan;
  MaskedBatch batch;
  std::vector<std::uint64_t> order_keys;
  Scratch scratch{};
  int num_concat_slots = 0;

  SelectCase(const nlohmann::json& entry, bool is_decoder) {
    int num_slots = 0;
    for (const nlohmann::json& modality : entry["modalities"]) {
      ModalityPlan planned{};
      planned.kind = modality["type"] == "img" ? ModalityKind::img : ModalityKind::seq;
      planned.id = modality["id"].get<std::int32_t>();
      planned.num_slots = modality["length"].get<std::int32_t>();
      planned.slot_offset = num_slots;
      planned.encoder_offset = num_slots;
      planned.reaches_decoder = 1;
      num_slots += planned.num_slots;
      num_concat_slots += planned.num_slots - (is_decoder && planned.kind == ModalityKind::seq);
      modalities.push_back(planned);
    }
    plan.modalities = view_of(modalities);
    plan.num_slots = num_slots;
    plan.encoder_slots = plan.decoder_slots = std::min(entry["num_tokens"].get<int>(), num_concat_slots);
    batch.batch_size = 1;
    batch.num_modalities = static_cast<int>(modalities.size());
    batch.num_slots = num_slots;
    batch.encoder_slots = batch.decoder_slots = plan.encoder_slots;
    visit_arrays(batch, [](auto& array, int width) { array.resize(static_cast<std::size_t>(width)); });
    order_keys.resize(modalities.size());
    scratch.order_keys = view_of(order_keys);
  }

  // values: the slots of modality m.
  template <class T>
  void put(std::vector<T>& array, std::size_t m, const std::vector<T>& values) {
    REQUIRE(values.size() == static_cast<std::size_t>(modalities[m].num_slots));
    std::copy(values.begin(), values.end(), array.begin() + modalities[m].slot_offset);
  }
};

// Sample b of a case of encoder.json.
inline SelectCase encoder_case(const nlohmann::json& entry, std::size_t b) {
  SelectCase input(entry, false);
  for (std::size_t m = 0; m < input.modalities.size(); ++m) {
    input.put(input.batch.input_mask, m, digits<std::uint8_t>(entry["modalities"][m]["input_mask"][b]));
  }
  return input;
}

// Sample b of a case of decoder.json; draws gets the recorded order.
inline SelectCase decoder_case(const nlohmann::json& entry, std::size_t b, RecordedDraws& draws) {
  SelectCase input(entry, true);
  draws.order_keys.resize(1 << 15);
  for (std::size_t m = 0; m < input.modalities.size(); ++m) {
    const nlohmann::json& modality = entry["modalities"][m];
    const auto length = modality["length"].get<std::size_t>();
    input.put(input.batch.target_mask, m, digits<std::uint8_t>(modality["target_mask"][b]));
    input.put(input.batch.decoder_attention_mask, m, from_sparse(modality["decoder_attention_mask"][b], length));
    std::vector<std::int32_t> ids;
    for (std::size_t i = 0; i < length; ++i) {
      ids.push_back(modality.contains("ids") ? modality["ids"][b][i].get<std::int32_t>()
                                             : static_cast<std::int32_t>((7919 * b + 31 * i + 101 * m) % 5000));
    }
    input.put(input.batch.tensor, m, ids);
    const auto order = entry["order"].get<std::vector<std::string>>();
    const auto place = std::find(order.begin(), order.end(), modality["name"].get<std::string>()) - order.begin();
    draws.order_keys[static_cast<std::size_t>(input.modalities[m].id)] = static_cast<std::uint32_t>(place);
  }
  return input;
}

}  // namespace maskscope
