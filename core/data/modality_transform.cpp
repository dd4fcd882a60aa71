#include "core/data/modality_transform.h"

#include <string_view>

namespace maskscope {

Transform transform_of(const Modality& modality) {
  const std::string_view name = std::string_view(modality.name).substr(0, modality.name.find('@'));
  switch (modality.kind) {
    case ModalityKind::img: return modality.vocab_size > 0 || name.starts_with("tok_") ? Transform::tokens : Transform::picture;
    case ModalityKind::seq_token: return Transform::tokens;
    case ModalityKind::seq_emb: return Transform::embeddings;
    case ModalityKind::seq: break;
  }
  return name == "det"             ? Transform::detections
         : name == "metadata"      ? Transform::metadata
         : name == "color_palette" ? Transform::palette
         : name == "human_poses"   ? Transform::poses
         : name == "sam_instance"  ? Transform::instances
                                   : Transform::caption;
}

bool is_text_transform(Transform transform) {
  switch (transform) {
    case Transform::caption:
    case Transform::detections:
    case Transform::metadata:
    case Transform::palette:
    case Transform::poses: return true;
    case Transform::picture:
    case Transform::tokens:
    case Transform::instances:
    case Transform::embeddings: break;
  }
  return false;
}

}  // namespace maskscope
