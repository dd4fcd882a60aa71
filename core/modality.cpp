#include "core/modality.h"

#include <array>
#include <charconv>

#include "core/sha256.h"

namespace maskscope {
namespace {

struct GridModality {
  std::string_view base_name;
  std::string_view short_name;
  int vocab_size;  // 0: pixels, which can never be predicted
};
// As MODALITY_INFO in fourm/data/modality_info.py.
constexpr std::array grid_modalities = {
    GridModality{"rgb", "rgb", 0},           GridModality{"tok_rgb", "tRGB", 16384},
    GridModality{"tok_depth", "tDEP", 8192}, GridModality{"tok_normal", "tNRM", 8192},
    GridModality{"tok_semseg", "tSEG", 4096}, GridModality{"tok_canny_edge", "tEDG", 8192}};

struct TextModality {
  std::string_view name;
  std::string_view short_name;
};
constexpr std::array text_modalities = {TextModality{"caption", "cap"}, TextModality{"det", "det"}};
constexpr int text_max_tokens = 256;
constexpr int text_vocab_size = 30000;
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

std::optional<Modality> builtin_modality(std::string_view name, int patch_size) {
  Modality modality;
  modality.name = name;
  modality.id = modality_id(name);
  for (const TextModality& text : text_modalities) {
    if (name != text.name) continue;
    modality.short_name = text.short_name;
    modality.kind = ModalityKind::seq;
    modality.max_tokens = text_max_tokens;
    modality.vocab_size = text_vocab_size;
    return modality;
  }

  const auto at = name.find('@');
  if (at == std::string_view::npos || (patch_size != 16 && patch_size != 14)) return std::nullopt;
  const int input_size = parse_input_size(name.substr(at + 1));
  if (input_size == 0 || input_size % patch_size != 0) return std::nullopt;
  const long long side = input_size / patch_size;
  if (side * side > most_tokens) return std::nullopt;
  for (const GridModality& grid : grid_modalities) {
    if (name.substr(0, at) != grid.base_name) continue;
    modality.short_name = grid.short_name;
    modality.kind = ModalityKind::img;
    modality.max_tokens = static_cast<int>(side * side);
    modality.vocab_size = grid.vocab_size;
    modality.input_size = input_size;
    modality.patch_size = patch_size;
    modality.has_decoder_embedding = grid.vocab_size > 0;
    return modality;
  }
  return std::nullopt;
}

}  // namespace maskscope
