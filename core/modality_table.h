// The reference's own list of modalities, those without an embedding included: what a configuration may name.
// As MODALITY_INFO in fourm/data/modality_info.py. builtin_modality (core/modality.h) knows more sizes than it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/modality.h"

namespace maskscope {

struct TableModality {
  std::string_view name;
  std::string_view type;         // "img", "seq", "seq_emb", or "feature_map", which can't be masked
  std::string_view folder;       // where the data lies: its path, else the name
  int input_size = 0;            // pixels per side; 0: that of the training run
  int patch_size = 0;            // pixels per side; 0: that of the training run
  int num_channels = 0;          // values per pixel; 0: none stated
  int max_tokens = 0;            // of sequences; 0: from the sizes
  bool has_min_tokens = true;    // false: masking it fails, because the reference knows no lower limit
  bool is_pretokenized = false;  // crops come from crop_settings
  bool has_embedding = true;     // false: in no model
};

std::span<const TableModality> table_modalities();                // 36, in the reference's order
const TableModality* find_table_modality(std::string_view name);  // nullptr: the reference fails on the name

// Of the training run, for modalities without sizes of their own.
struct TokenGridSizes {
  int input_size = 224, patch_size = 16;
};
// Tokens of a modality of the table: (input_size / patch_size)^2 of an image, rounded down as the training script does;
// nullopt: it has none (feature maps).
std::optional<int> table_max_tokens(const TableModality& entry, TokenGridSizes sizes);

// A modality of the table, or one that builtin_modality knows, with the sizes of a training run. nullopt: unknown, without
// tokens, or with more than 65535.
std::optional<Modality> configured_modality(std::string_view name, TokenGridSizes sizes);

}  // namespace maskscope
