// TransferMasking.__call__: every modality wholly input or wholly target.
#include <algorithm>

#include "core/error.h"
#include "core/masked_batch.h"
#include "kernels/host_scratch.h"
#include "kernels/serial_group.h"
#include "kernels/stages/mask_sample.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"
#include "tests/kernels/recorded_draws.h"

namespace maskscope {
namespace {

using nlohmann::json;

bool names(const json& list, const std::string& name) { return std::find(list.begin(), list.end(), name) != list.end(); }

// In order of name, as a scheme must be; the recorded order decides nothing, since no draw has an effect here.
Scheme transfer_scheme(const json& entry) {
  Scheme scheme;
  scheme.mode = BudgetMode::transfer;
  for (const json& recorded : entry["modalities"]) {
    SchemeModality modality;
    modality.modality.name = recorded["name"];
    modality.modality.id = modality_id(modality.modality.name);
    const std::string type = recorded["type"];
    modality.modality.kind = type == "img"         ? ModalityKind::img
                             : type == "seq"       ? ModalityKind::seq
                             : type == "seq_token" ? ModalityKind::seq_token
                                                   : ModalityKind::seq_emb;
    modality.modality.max_tokens = recorded["max_tokens"];
    modality.modality.has_decoder_embedding = modality.modality.kind != ModalityKind::seq_emb;
    modality.input_alphas = modality.target_alphas = {1.0};
    modality.keep = {KeepScheme::random};
    if (names(entry["target_modalities"], modality.modality.name)) modality.transfer_role = TransferRole::target;
    if (names(entry["input_modalities"], modality.modality.name)) modality.transfer_role = TransferRole::input;
    scheme.modalities.push_back(modality);
  }
  std::sort(scheme.modalities.begin(), scheme.modalities.end(), [](const SchemeModality& a, const SchemeModality& b) {
    return a.modality.name < b.modality.name;
  });
  return scheme;
}

Sample transfer_sample(const json& entry, const Scheme& scheme) {
  Sample sample{"recorded", {}};
  for (const SchemeModality& modality : scheme.modalities) {
    ModalityTokens tokens;
    tokens.is_present = true;
    if (entry["ids"].contains(modality.modality.name)) {
      tokens.ids = entry["ids"][modality.modality.name].get<std::vector<std::int32_t>>();
    }
    sample.modalities.push_back(tokens);
  }
  return sample;
}

template <class T>
std::vector<T> slots_of_modality(const std::vector<T>& values, const MaskedBatch& batch, std::size_t m) {
  return {values.begin() + batch.slot_offset[m], values.begin() + batch.slot_offset[m + 1]};
}

}  // namespace

TEST_CASE("golden: TransferMasking") {
  const auto golden = load_golden("transfer_masking");
  if (!golden) return;
  int count = 0;
  for (const json& entry : golden->at("cases")) {
    INFO("case " << count++ << ", input " << entry["input_modalities"] << ", target " << entry["target_modalities"]);
    const Scheme scheme = transfer_scheme(entry);
    if (!entry["raises"].is_null()) {
      REQUIRE_THROWS_AS(make_plan(scheme, default_vocabulary()), Error);
      continue;
    }
    const MaskingPlan plan = make_plan(scheme, default_vocabulary());
    const Sample sample = transfer_sample(entry, scheme);
    const PackedSamples packed = pack_samples(plan, {&sample, 1});
    MaskedBatch batch;
    batch.resize(scheme, 1);
    const HostScratch scratch(scratch_sizes(plan, packed));
    // Its texts draw, though nothing depends on it; its grids do not.
    RecordedDraws draws;
    for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
      if (packed.num_chunks[m] == -1 && plan.modalities[m].kind == ModalityKind::seq) {
        draws.rand24_vectors.push_back(std::vector<std::uint32_t>(static_cast<std::size_t>(packed.lengths[m]), 1u << 23));
      }
    }
    REQUIRE(draws.rand24_vectors.size() == entry["num_rand_calls"].get<std::size_t>());
    draws.order_keys.resize(1 << 15);
    SerialGroup group;
    REQUIRE(mask_sample(group, draws, plan_view(plan), all_tokens(packed), scratch.get(), first_row(batch)).error ==
            SpanError::none);
    REQUIRE(draws.is_used_up());
    for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
      const Modality& modality = scheme.modalities[m].modality;
      INFO(modality.name);
      const json& out = entry["out"][modality.name];
      REQUIRE(slots_of_modality(batch.input_mask, batch, m) == digits<std::uint8_t>(out["input_mask"]));
      REQUIRE(slots_of_modality(batch.target_mask, batch, m) == digits<std::uint8_t>(out["target_mask"]));
      const auto attention = slots_of_modality(batch.decoder_attention_mask, batch, m);
      if (modality.kind == ModalityKind::img) {
        REQUIRE(attention == from_sparse(out["decoder_attention_mask"], attention.size()));
      } else {
        REQUIRE(attention == digits<std::int32_t>(out["decoder_attention_mask"]));
        REQUIRE(slots_of_modality(batch.tensor, batch, m) == out["tensor"].get<std::vector<std::int32_t>>());
      }
    }
  }
  REQUIRE(count > 0);
}

}  // namespace maskscope
