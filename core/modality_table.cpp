#include "core/modality_table.h"

#include <algorithm>
#include <array>

namespace maskscope {
namespace {

constexpr TableModality pixels(std::string_view name, int input_size, int num_channels) {
  return {.name = name, .type = "img", .folder = "rgb", .input_size = input_size, .patch_size = 16, .num_channels = num_channels};
}
constexpr TableModality grid(std::string_view name, int input_size, int patch_size = 16) {
  return {
      .name = name, .type = "img", .folder = name, .input_size = input_size, .patch_size = patch_size, .is_pretokenized = true};
}
// One vector of the whole picture as 4 x 4 tokens; no size of its own.
constexpr TableModality global_tokens(std::string_view name) {
  return {.name = name, .type = "img", .folder = name, .patch_size = 56, .is_pretokenized = true};
}
constexpr TableModality sequence(std::string_view name, int max_tokens, std::string_view type = "seq") {
  return {.name = name, .type = type, .folder = name, .max_tokens = max_tokens};
}
// What tokenizers are trained on: no tokens, no embedding.
constexpr TableModality untokenized(std::string_view name, int num_channels, std::string_view type = "img") {
  return {
      .name = name, .type = type, .folder = name, .num_channels = num_channels, .has_min_tokens = false, .has_embedding = false};
}

constexpr std::array table = {
    pixels("rgb@224", 224, 3),
    untokenized("rgb", 3),
    sequence("caption", 256),
    sequence("det", 256),
    grid("tok_rgb@224", 224),
    grid("tok_depth@224", 224),
    untokenized("depth", 1),
    grid("tok_normal@224", 224),
    untokenized("normal", 3),
    grid("tok_semseg@224", 224),
    untokenized("semseg_coco", 64),
    grid("tok_clip@224", 224),
    untokenized("CLIP-B16", 512, "feature_map"),
    sequence("t5_caption", 77, "seq_emb"),
    sequence("metadata", 40),
    sequence("human_poses", 275),
    sequence("color_palette", 23),
    TableModality{.name = "sam_mask", .type = "img", .folder = "sam_mask", .num_channels = 1, .has_embedding = false},
    TableModality{.name = "sam_instance", .type = "seq", .folder = "sam_instance", .max_tokens = 290, .is_pretokenized = true},
    grid("tok_canny_edge@224", 224),
    untokenized("canny_edge", 1),
    grid("tok_sam_edge@224", 224),
    grid("tok_dinov2@224", 224, 14),
    untokenized("DINOv2-B14", 768, "feature_map"),
    grid("tok_imagebind@224", 224, 14),
    untokenized("ImageBind-H14", 1280, "feature_map"),
    global_tokens("tok_dinov2_global"),
    untokenized("DINOv2-B14-global", 768, "feature_map"),
    global_tokens("tok_imagebind_global"),
    untokenized("ImageBind-H14-global", 1280, "feature_map"),
    pixels("rgb@448", 448, 3),
    grid("tok_rgb@448", 448),
    grid("tok_depth@448", 448),
    grid("tok_normal@448", 448),
    grid("tok_semseg@448", 448),
    grid("tok_clip@448", 448),
};
constexpr long long most_tokens = 65535;

// A modality of the table that no embedding module exists for.
Modality without_embedding(const TableModality& entry) {
  Modality modality;
  modality.name = entry.name;
  modality.short_name = entry.name.substr(0, 5);
  modality.id = modality_id(entry.name);
  modality.num_channels = entry.num_channels;
  modality.has_encoder_embedding = modality.has_decoder_embedding = false;
  return modality;
}

}  // namespace

std::span<const TableModality> table_modalities() { return table; }

const TableModality* find_table_modality(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const TableModality& entry) { return entry.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::optional<int> table_max_tokens(const TableModality& entry, TokenGridSizes sizes) {
  if (entry.type == "feature_map") return std::nullopt;
  if (entry.type != "img") return entry.max_tokens;
  const int input_size = entry.input_size > 0 ? entry.input_size : sizes.input_size;
  const int patch_size = entry.patch_size > 0 ? entry.patch_size : sizes.patch_size;
  if (patch_size < 1) return std::nullopt;
  const long long side = input_size / patch_size;
  if (side * side > most_tokens) return std::nullopt;
  return static_cast<int>(side * side);
}

std::optional<Modality> configured_modality(std::string_view name, TokenGridSizes sizes) {
  const TableModality* entry = find_table_modality(name);
  if (entry == nullptr) return builtin_modality(name, sizes.patch_size);
  const std::optional<int> max_tokens = table_max_tokens(*entry, sizes);
  if (!max_tokens || *max_tokens < 1) return std::nullopt;
  const std::optional<Modality> builtin = builtin_modality(name);
  Modality modality = builtin ? *builtin : without_embedding(*entry);
  modality.max_tokens = *max_tokens;
  if (entry->type == "img") {
    modality.input_size = entry->input_size > 0 ? entry->input_size : sizes.input_size;
    modality.patch_size = entry->patch_size > 0 ? entry->patch_size : sizes.patch_size;
  }
  return modality;
}

}  // namespace maskscope
