#include "kernels/dumped_masks.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "core/error.h"
#include "kernels/host_scratch.h"
#include "kernels/philox_draws.h"
#include "kernels/run_request.h"
#include "kernels/serial_group.h"
#include "kernels/stages/select.h"

namespace maskscope {
namespace {

// The part of a policy of draws that select_decoder asks for: the order of the scheme.
struct SchemeOrder {
  void shuffle_decoder(std::int32_t) const {}
  std::uint32_t order_key(std::uint32_t, std::int32_t number) const { return static_cast<std::uint32_t>(number); }
};

// k of every [S_k] by its id; [S_0] is never used as a sentinel.
using SentinelNumbers = std::unordered_map<std::int32_t, int>;

class GivenModality {
 public:
  GivenModality(const MaskingPlan& plan, const SentinelNumbers& sentinels, int m, const GivenMasks& given, const SampleRow& out,
                ModalityTokens& tokens)
      : plan_(plan),
        sentinels_(sentinels),
        entry_(plan.scheme.modalities[static_cast<std::size_t>(m)].modality),
        modality_(plan.modalities[static_cast<std::size_t>(m)]),
        slots_(slots_of(out, modality_.slot_offset, modality_.num_slots)),
        tokens_(tokens) {
    const auto copy = [&](const auto& from, auto& to) { std::copy_n(from.data + modality_.slot_offset, modality_.num_slots, to.data); };
    copy(given.tensor, slots_.tensor);
    copy(given.input_mask, slots_.input_mask);
    copy(given.target_mask, slots_.target_mask);
    copy(given.decoder_attention_mask, slots_.decoder_attention_mask);
    for (std::int32_t& id : slots_.tensor) id = std::max(id, unknown_token_id);
    for (std::uint8_t& value : slots_.input_mask) value = value != 0;
    for (std::uint8_t& value : slots_.target_mask) value = value != 0;
    for (std::int32_t& attention : slots_.decoder_attention_mask) attention = std::max(attention, 0);
    std::fill(slots_.slot_origin.begin(), slots_.slot_origin.end(), origin::padding);
    const int num_inputs = count_used(slots_.input_mask), num_targets = count_used(slots_.target_mask);
    out.input_budget[m] = num_inputs;
    out.target_budget[m] = num_targets;
    if (has_spans_in_decoder(modality_.kind)) out.uncut_target_tokens[m] = num_targets;
    *out.num_input_tokens += num_inputs;
    *out.num_target_tokens += num_targets;
  }

  void find_origins() {
    switch (modality_.kind) {
      case ModalityKind::img: return find_cells();
      case ModalityKind::seq_emb: return find_rows();
      case ModalityKind::seq:
      case ModalityKind::seq_token: return find_text();
    }
  }

 private:
  static int count_used(View<std::uint8_t> mask) { return static_cast<int>(std::count(mask.begin(), mask.end(), 0)); }
  bool is_used(std::int32_t slot) const { return !slots_.input_mask[slot] || !slots_.target_mask[slot]; }

  // An absent modality and a present one of which nothing is used differ in nothing but the ids.
  void find_cells() {
    const bool is_any_used = std::min(*std::min_element(slots_.input_mask.begin(), slots_.input_mask.end()),
                                      *std::min_element(slots_.target_mask.begin(), slots_.target_mask.end())) == 0;
    tokens_.is_present = is_any_used || std::any_of(slots_.tensor.begin(), slots_.tensor.end(), [](std::int32_t id) { return id > 0; });
    if (!tokens_.is_present) return;
    const bool is_known = std::any_of(slots_.tensor.begin(), slots_.tensor.end(), [](std::int32_t id) { return id != unknown_token_id; });
    if (is_known) tokens_.ids.assign(slots_.tensor.begin(), slots_.tensor.end());
    for (std::int32_t slot = 0; slot < modality_.num_slots; ++slot) slots_.slot_origin[slot] = slot;
  }

  // Which rows are vectors of a masked run can't be seen in the masks: every used slot counts as a row.
  void find_rows() {
    std::fill(slots_.tensor.begin(), slots_.tensor.end(), -1);
    for (std::int32_t slot = 0; slot < modality_.num_slots; ++slot) {
      if (!is_used(slot)) continue;
      slots_.tensor[slot] = slots_.slot_origin[slot] = tokens_.num_rows++;
    }
    tokens_.is_present = tokens_.num_rows > 0;
  }

  // 0 for an id that is no sentinel.
  int sentinel(std::int32_t slot) const {
    const auto found = sentinels_.find(slots_.tensor[slot]);
    return found == sentinels_.end() ? 0 : found->second;
  }

  void find_text() {
    // The runs of the target: slots by sentinel, in order. 0: what comes before the first.
    std::map<int, std::vector<std::int32_t>> runs;
    std::vector<int> order{0};
    for (std::int32_t slot = 0, k = 0; slot < modality_.num_slots; ++slot) {
      if (slots_.target_mask[slot]) continue;
      tokens_.is_present = true;
      const int found = sentinel(slot);
      if (found == 0) {
        runs[k].push_back(slot);
        continue;
      }
      k = found;
      order.push_back(k);
      slots_.slot_origin[slot] = origin::sentinel(k);
    }
    std::vector<std::int32_t> text;  // slots
    const auto take_run = [&](int k) {
      const auto run = runs.find(k);
      if (run == runs.end()) return;
      text.insert(text.end(), run->second.begin(), run->second.end());
      runs.erase(run);
    };
    for (std::int32_t slot = 0; slot < modality_.num_slots; ++slot) {
      if (slots_.input_mask[slot]) continue;
      tokens_.is_present = true;
      if (const int k = sentinel(slot); k != 0) {
        slots_.slot_origin[slot] = origin::sentinel(k);
        take_run(k);
      } else if (slots_.target_mask[slot]) {  // else it stands in a run already
        text.push_back(slot);
      }
    }
    for (const int k : order) take_run(k);
    write_text(text);
  }

  void write_text(const std::vector<std::int32_t>& text) {
    // As many as sequence_tokens (core/sample.h) makes of them again.
    const std::int32_t most = modality_.kind == ModalityKind::seq ? modality_.max_tokens : modality_.num_slots;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto place = std::min(static_cast<std::int32_t>(i), most - 1);
      slots_.slot_origin[text[i]] = place;
      if (static_cast<std::int32_t>(i) < most) tokens_.ids.push_back(slots_.tensor[text[i]] - entry_.vocab_offset);
    }
    if (modality_.kind != ModalityKind::seq) return;
    const bool is_full = tokens_.ids.size() == static_cast<std::size_t>(modality_.max_tokens);
    if (!is_full && !tokens_.ids.empty() && tokens_.ids.back() == plan_.vocabulary.eos_id) tokens_.ids.pop_back();
  }

  const MaskingPlan& plan_;
  const SentinelNumbers& sentinels_;
  const Modality& entry_;
  const ModalityPlan& modality_;
  SlotArrays slots_;
  ModalityTokens& tokens_;
};

}  // namespace

GivenSample select_given_masks(const MaskingPlan& plan, const GivenMasks& given, DecoderOrder order, SampleDraws draws) {
  const auto require_slots = [&](const char* what, std::ptrdiff_t size) {
    if (size == plan.num_slots) return;
    throw Error(cat("The ", what, " has ", size, " slots, but the scheme's modalities have ", plan.num_slots, " together. Make both of the same dump."));
  };
  require_slots("tensor", given.tensor.size);
  require_slots("input_mask", given.input_mask.size);
  require_slots("target_mask", given.target_mask.size);
  require_slots("decoder_attention_mask", given.decoder_attention_mask.size);

  SentinelNumbers sentinels;
  for (std::size_t k = 1; k < plan.vocabulary.sentinel_ids.size(); ++k) sentinels.emplace(plan.vocabulary.sentinel_ids[k], static_cast<int>(k));

  GivenSample result;
  allocate_masks(plan, 1, result.masks);
  const SampleRow out = first_row(result.masks);
  result.sample.modalities.resize(plan.modalities.size());
  for (std::size_t m = 0; m < plan.modalities.size(); ++m) {
    GivenModality(plan, sentinels, static_cast<int>(m), given, out, result.sample.modalities[m]).find_origins();
  }

  SerialGroup group;
  const PlanView view = plan_view(plan);
  const HostScratch scratch(ScratchSizes{.dirichlet_vectors = 0, .num_modalities = view.num_modalities()});
  select_encoder(group, view, out);
  if (order == DecoderOrder::drawn) {
    PhiloxDraws named(draws);
    select_decoder(group, named, view, scratch.get(), out);
  } else {
    SchemeOrder as_it_stands;
    select_decoder(group, as_it_stands, view, scratch.get(), out);
  }
  return result;
}

}  // namespace maskscope
