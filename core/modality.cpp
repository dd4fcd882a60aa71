#include "core/modality.h"

#include <array>
#include <charconv>

#include "core/sha256.h"

namespace maskscope {
namespace {

// As MODALITY_INFO in fourm/data/modality_info.py.
struct GridModality {
  std::string_view base_name;
  std::string_view short_name;
  int vocab_size;      // 0: pixels, which can never be predicted
  int own_patch_size;  // pixels; 0: the scheme's
};
constexpr std::array grid_modalities = {
    GridModality{"rgb", "rgb", 0, 0},
    GridModality{"tok_rgb", "tRGB", 16384, 0},
    GridModality{"tok_depth", "tDEP", 8192, 0},
    GridModality{"tok_normal", "tNRM", 8192, 0},
    GridModality{"tok_semseg", "tSEG", 4096, 0},
    GridModality{"tok_clip", "tCLIP", 8192, 0},
    GridModality{"tok_canny_edge", "tEDG", 8192, 0},
    GridModality{"tok_sam_edge", "tSAM", 8192, 0},
    GridModality{"tok_dinov2", "tDINO", 8192, 14},
    GridModality{"tok_imagebind", "tIMB", 8192, 14}};

// Ids of a whole picture, arranged as if they were 4 x 4 patches of 56 pixels.
struct GlobalModality {
  std::string_view name;
  std::string_view short_name;
};
constexpr std::array global_modalities = {GlobalModality{"tok_dinov2_global", "gDINO"},
                                          GlobalModality{"tok_imagebind_global", "gIMB"}};
constexpr int global_vocab_size = 8192, global_input_size = 224, global_patch_size = 56;

struct SequenceModality {
  std::string_view name;
  std::string_view short_name;
  ModalityKind kind;
  int max_tokens;
  int max_positions;
};
constexpr std::array sequence_modalities = {
    SequenceModality{"caption", "cap", ModalityKind::seq, 256, 256},
    SequenceModality{"det", "det", ModalityKind::seq, 256, 256},
    SequenceModality{"metadata", "meta", ModalityKind::seq, 40, 40},
    SequenceModality{"human_poses", "pose", ModalityKind::seq, 275, 263},
    SequenceModality{"color_palette", "pal", ModalityKind::seq, 23, 23},
    SequenceModality{"sam_instance", "inst", ModalityKind::seq, 290, 290},
    SequenceModality{"t5_caption", "T5", ModalityKind::seq_emb, 77, 77}};
constexpr int text_vocab_size = 30000;
constexpr int rgb_channels = 3;
constexpr int most_tokens = 65535;

// The size in "tok_rgb@224": decimal digits without leading zeros; 0 for anything else.
int parse_input_size(std::string_view digits) {
  if (digits.empty() || digits.size() > 5 || digits.front() == '0') return 0;
  int size = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  return status == std::errc{} && end == digits.data() + digits.size() && size > 0 ? size : 0;
}

}  // namespace

int modality_id(std::string_view name) {
  const auto digest = sha256(name);
  return (digest[30] & 0x7f) << 8 | digest[31];
}

std::string_view to_string(ModalityKind kind) {
  switch (kind) {
    case ModalityKind::img: return "img";
    case ModalityKind::seq: return "seq";
    case ModalityKind::seq_token: return "seq_token";
    case ModalityKind::seq_emb: return "seq_emb";
  }
  return "unknown";
}

std::optional<Modality> builtin_modality(std::string_view name, int patch_size) {
  Modality modality;
  modality.name = name;
  modality.id = modality_id(name);
  for (const SequenceModality& sequence : sequence_modalities) {
    if (name != sequence.name) continue;
    modality.short_name = sequence.short_name;
    modality.kind = sequence.kind;
    modality.max_tokens = sequence.max_tokens;
    modality.max_positions = sequence.max_positions;
    modality.vocab_size = sequence.kind == ModalityKind::seq ? text_vocab_size : 0;
    modality.has_decoder_embedding = sequence.kind == ModalityKind::seq;
    return modality;
  }
  for (const GlobalModality& global : global_modalities) {
    if (name != global.name) continue;
    modality.short_name = global.short_name;
    modality.vocab_size = global_vocab_size;
    modality.input_size = global_input_size;
    modality.patch_size = global_patch_size;
    modality.max_tokens = modality.grid_side() * modality.grid_side();
    modality.has_learned_positions = true;
    return modality;
  }

  const auto at = name.find('@');
  if (at == std::string_view::npos || (patch_size != 16 && patch_size != 14)) return std::nullopt;
  for (const GridModality& grid : grid_modalities) {
    if (name.substr(0, at) != grid.base_name) continue;
    const int patch = grid.own_patch_size > 0 ? grid.own_patch_size : patch_size;
    const int input_size = parse_input_size(name.substr(at + 1));
    if (input_size == 0 || input_size % patch != 0) return std::nullopt;
    const long long side = input_size / patch;
    if (side * side > most_tokens) return std::nullopt;
    modality.short_name = grid.short_name;
    modality.max_tokens = static_cast<int>(side * side);
    modality.vocab_size = grid.vocab_size;
    modality.input_size = input_size;
    modality.patch_size = patch;
    modality.num_channels = grid.vocab_size == 0 ? rgb_channels : 0;
    modality.has_decoder_embedding = grid.vocab_size > 0;
    return modality;
  }
  return std::nullopt;
}

}  // namespace maskscope
