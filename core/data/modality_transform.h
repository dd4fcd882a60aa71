// Which of the loader's transforms turns the file of a modality into what is masked.
#pragma once

#include <cstdint>

#include "core/modality.h"

namespace maskscope {

enum class Transform : std::uint8_t { picture, tokens, caption, detections, metadata, palette, poses, instances, embeddings };

// By the name before the @, as get_transform_key; modalities of the user's own by their kind.
Transform transform_of(const Modality& modality);

// Those that give a text.
bool is_text_transform(Transform transform);

}  // namespace maskscope
