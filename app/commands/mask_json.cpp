#include "app/commands/mask_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/open_dataset.h"
#include "core/draw.h"
#include "kernels/embedding.h"

namespace maskscope {
namespace {

using Json = nlohmann::ordered_json;

// Part of a (B, T) array that belongs to one modality.
template <class T>
Json slots_of(const MaskedFrame& frame, const std::vector<T>& values, int modality) {
  const auto begin = values.begin() + frame.batch.slot_offset[static_cast<std::size_t>(modality)];
  const auto end = values.begin() + frame.batch.slot_offset[static_cast<std::size_t>(modality) + 1];
  Json list = Json::array();
  std::for_each(begin, end, [&](T value) { list.push_back(value); });
  return list;
}

Json ids_json(const MaskedFrame& frame, int modality) {
  Json ids = slots_of(frame, frame.batch.tensor, modality);
  for (Json& id : ids) {
    if (id == unknown_token_id) id = nullptr;
  }
  return ids;
}

Json modality_json(const MaskedFrame& frame, int m, const UsedSlots& used) {
  const SampleMasks masks = frame.masks();
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
  const auto at = static_cast<std::size_t>(m);
  const std::vector<Fate> fates = source_fates(masks, m);
  const auto count = [&](Fate fate) { return std::count(fates.begin(), fates.end(), fate); };
  const std::int32_t target = masks.target_budget(m);
  Json json = {{"type", to_string(info.kind)},
               {"id", info.id},
               {"max_tokens", info.max_tokens},
               {"input_budget", masks.input_budget(m)},
               {"target_budget", target < 0 ? Json() : Json(target)},
               {"source_tokens",
                {{"total", fates.size()}, {"encoder", count(Fate::encoder)}, {"decoder", count(Fate::decoder)}, {"discarded", count(Fate::discarded)}}},
               {"encoder_slots_used", used.encoder},
               {"decoder_slots_used", used.decoder}};
  const ModalityContent* const content = frame.content(m);
  if (content && !content->source.empty()) json["source"] = content->source;
  if (!frame.is_present(m)) json["is_present"] = false;
  if (info.kind != ModalityKind::img) {
    if (content) {
      if (content->text) json["text"] = *content->text;
      if (content->tokens) json["tokens"] = content->tokens->pieces;
    }
    json["keep_probability"] = masks.input_budget(m) > 0 && frame.are_draws_known ? Json(frame.batch.keep_probability[at]) : Json();
    json["attempts"] = frame.are_draws_known ? Json(frame.batch.num_attempts[at]) : Json();
    json["uncut_target_tokens"] = frame.batch.uncut_target_tokens[at];
    json["target_window_begin"] = frame.batch.target_window_begin[at];
  }
  json["tensor"] = ids_json(frame, m);
  json["input_mask"] = slots_of(frame, frame.batch.input_mask, m);
  json["target_mask"] = slots_of(frame, frame.batch.target_mask, m);
  json["decoder_attention_mask"] = slots_of(frame, frame.batch.decoder_attention_mask, m);
  return json;
}

// [modality, slot] of every kept slot.
Json sources_json(const MaskedFrame& frame, const std::vector<std::int32_t>& sources) {
  Json list = Json::array();
  const auto& offsets = frame.batch.slot_offset;
  for (const std::int32_t source : sources) {
    const auto m = std::upper_bound(offsets.begin(), offsets.end(), source) - offsets.begin() - 1;
    list.push_back({m, source - offsets[static_cast<std::size_t>(m)]});
  }
  return list;
}

Json encoder_json(const MaskedFrame& frame) {
  const MaskedBatch& b = frame.batch;
  return {{"slots", b.encoder_slots},
          {"used", std::min(b.encoder_valid[0], b.encoder_slots)},
          {"lost", std::max(b.encoder_valid[0] - b.encoder_slots, 0)},
          {"encoder_mask", b.encoder_mask},
          {"mod_mask", b.encoder_modality},
          {"source", sources_json(frame, b.encoder_source)}};
}

Json attention_json(const MaskedFrame& frame, AttentionOptions options) {
  const DecoderAttention attention = decoder_attention(frame.batch, 0, options);
  Json rows = Json::array();
  const auto num_slots = static_cast<std::size_t>(attention.num_slots);
  for (std::size_t row = 0; row < num_slots; ++row) {
    std::string digits(num_slots, '0');
    for (std::size_t column = 0; column < num_slots; ++column) {
      if (attention.attention_mask[row * num_slots + column]) digits[column] = '1';
    }
    rows.push_back(digits);
  }
  return {{"is_causal", options.is_causal},
          {"is_separate", options.is_separate},
          {"rows_that_attend_to_nothing", attention.num_rows_without_sight},
          {"attention_mask", rows}};
}

Json decoder_json(const MaskedFrame& frame, std::optional<AttentionOptions> attention) {
  const MaskedBatch& b = frame.batch;
  Json order = Json::array(), target_ids = Json::array();
  for (const std::int32_t m : b.decoder_order) {
    if (m >= 0) order.push_back(frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name);
  }
  for (const std::int32_t id : b.target_ids) target_ids.push_back(id == unknown_token_id ? Json() : Json(id));
  Json json = {{"slots", b.decoder_slots},
               {"used", std::min(b.decoder_valid[0], b.decoder_slots)},
               {"lost", std::max(b.decoder_valid[0] - b.decoder_slots, 0)},
               {"order", order},
               {"decoder_mask", b.decoder_mask},
               {"mod_mask", b.decoder_modality},
               {"target_ids", target_ids},
               {"decoder_attention_mask", b.decoder_attention},
               {"source", sources_json(frame, b.decoder_source)}};
  if (attention) json["attention"] = attention_json(frame, *attention);
  return json;
}

// What the three generators would give next.
Json generators_json(const TorchTrace& trace) {
  return {{"torch_rand24", trace.next_torch_rand24},
          {"python_random", trace.next_python_random},
          {"numpy_randint_2_30", trace.next_numpy_randint}};
}

// Objects over several lines, lists of numbers on one: readable, and small enough to diff.
void print(const Json& json, int depth, std::string& out) {
  if (!json.is_object()) {
    out += json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return;
  }
  const std::string indent(static_cast<std::size_t>(depth + 1) * 2, ' ');
  out += "{";
  bool is_first = true;
  for (const auto& [key, value] : json.items()) {
    out += is_first ? "\n" : ",\n";
    is_first = false;
    out += indent + Json(key).dump() + ": ";
    print(value, depth + 1, out);
  }
  out += (is_first ? "" : "\n" + indent.substr(2)) + "}";
}

}  // namespace

namespace {

Json data_problem_json(const DataProblem& problem) {
  static constexpr const char* levels[] = {"note", "warning", "error"};
  const auto or_null = [](const std::string& text) { return text.empty() ? Json() : Json(text); };
  return {{"level", levels[static_cast<std::size_t>(problem.level)]},
          {"file", or_null(problem.file)},
          {"key", or_null(problem.key)},
          {"modality", or_null(problem.modality)},
          {"sentence", problem.sentence},
          {"reference", or_null(problem.reference)}};
}

// Where the sample came from, and how its files were read.
void add_data(const Inputs& inputs, Json& json) {
  if (inputs.loaded) {
    const SampleView& view = inputs.loaded->view;
    json["data"] = inputs.spec.dataset.path;
    json["sample"] = view.number;
    json["split"] = inputs.spec.dataset.is_validation ? "validation" : "training";
    json["crop"] = view.crop ? Json{{"row", view.crop->row}, {"num_rows", view.crop->num_rows}, {"top", view.crop->top}, {"left", view.crop->left},
                                    {"height", view.crop->height}, {"width", view.crop->width}, {"is_flipped", view.crop->is_flipped}}
                             : Json();
  } else if (inputs.dump) {
    json["data"] = inputs.spec.dump.path.string();
    json["sample"] = inputs.spec.dump.sample;
  }
  Json problems = Json::array();
  for (const DataProblem& problem : inputs.problems) problems.push_back(data_problem_json(problem));
  json["data_problems"] = problems;
}

}  // namespace

std::string masks_to_json(const MaskedFrame& frame, std::optional<AttentionOptions> attention) {
  const std::vector<UsedSlots> used = used_slots(frame.masks());
  Json modalities = Json::object();
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    modalities[frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name] = modality_json(frame, m, used[static_cast<std::size_t>(m)]);
  }
  Json problems = Json::array();
  for (const Problem& problem : frame.problems) problems.push_back(problem.sentence);
  const MaskedBatch& b = frame.batch;
  Json json = {{"maskscope", MASKSCOPE_VERSION},
               {"rng", !frame.are_draws_known ? Json() : frame.torch ? Json("torch") : Json("philox")},
               {"draw_naming", frame.torch || !frame.are_draws_known ? Json() : Json(draw_naming_version)},
               {"key", frame.sample.key},
               {"seed", frame.seed},
               {"draw", frame.sample_index},
               {"scheme", frame.scheme.name},
               {"mode", to_string(frame.scheme.mode)},
               {"component", b.component[0]},
               {"num_input_tokens", b.num_input_tokens[0]},
               {"num_target_tokens", b.num_target_tokens[0] < 0 ? Json() : Json(b.num_target_tokens[0])},
               {"modalities", modalities},
               {"encoder", encoder_json(frame)},
               {"decoder", decoder_json(frame, attention)},
               {"problems", problems}};
  if (frame.inputs && (frame.inputs->loaded || frame.inputs->dump || frame.inputs->config)) add_data(*frame.inputs, json);
  if (frame.torch) json["after"] = generators_json(*frame.torch);
  std::string out;
  print(json, 0, out);
  return out + "\n";
}

}  // namespace maskscope
