// One modality of the 4M scheme: what kind of tokens it has and how many. As MODALITY_INFO in
// fourm/data/modality_info.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace maskscope {

enum class ModalityKind : std::uint8_t {
  img,  // a grid of patches or of pre-tokenized ids; one slot per token
  seq,  // text: WordPiece ids, span masking; 2 * (max_tokens + 1) slots
};

struct Modality {
  std::string name;        // as in 4M, e.g. "tok_depth@224"; unique within a scheme
  std::string short_name;  // at most 5 characters for bands in the strips, e.g. "tDEP"
  ModalityKind kind = ModalityKind::img;
  int id = 0;           // modality_id(name), 0 .. 2^15 - 1
  int min_tokens = 0;   // least budget on either side, >= 0
  int max_tokens = 0;   // img: (input_size / patch_size)^2; seq: longest text, [EOS] included; 1 .. 65535
  int vocab_size = 0;   // number of token ids; 0 for pixels
  int input_size = 0;   // pixels per side; 0 for text
  int patch_size = 0;   // pixels per side; 0 for text
  bool has_encoder_embedding = true;  // false: can never reach the encoder
  bool has_decoder_embedding = true;  // false: can never be a target (rgb@* pixels)

  // Slots in the modality's tensor: max_tokens for img, 2 * (max_tokens + 1) for seq.
  int num_slots() const { return kind == ModalityKind::img ? max_tokens : 2 * (max_tokens + 1); }
  // Tokens per row of the grid (14 for 224 / 16); 0 for text.
  int grid_side() const { return patch_size > 0 ? input_size / patch_size : 0; }
  bool operator==(const Modality&) const = default;
};

// SHA-256 of the name as a big-endian integer, modulo 2^15: modality_id("caption") == 32652.
// As generate_uint15_hash in fourm/utils.
int modality_id(std::string_view name);

// The built-in table: rgb, tok_rgb, tok_depth, tok_normal, tok_semseg, tok_canny_edge (each "@input_size",
// or "@input_size" from the name itself: "tok_rgb@448"), caption, det. nullopt for any other name.
// patch_size divides the input size; 16 or 14.
std::optional<Modality> builtin_modality(std::string_view name, int patch_size = 16);

}  // namespace maskscope
