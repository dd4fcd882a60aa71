// One modality of the 4M scheme: what kind of tokens it has and how many. As MODALITY_INFO in
// fourm/data/modality_info.py.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/host_device.h"

namespace maskscope {

enum class ModalityKind : std::uint8_t {
  img,        // a grid of patches or of pre-tokenized ids; one slot per token
  seq,        // text: WordPiece ids, span masking by token or by chunk; 2 * (max_tokens + 1) slots
  seq_token,  // pre-tokenized sequence: ids + vocab_offset, no [EOS]; 2 * (max_tokens + 1) slots
  seq_emb,    // rows of floats (t5_caption), span masking of the input only; one slot per row
};
// "img", "seq", "seq_token", "seq_emb": the names of the reference.
std::string_view to_string(ModalityKind kind);

// Whether tokens of this kind have an input and a target side in one tensor, and lose a decoder slot to the shift.
MASKSCOPE_HD constexpr bool has_spans_in_decoder(ModalityKind kind) { return kind == ModalityKind::seq || kind == ModalityKind::seq_token; }

struct Modality {
  std::string name;        // as in 4M, e.g. "tok_depth@224"; unique within a scheme
  std::string short_name;  // at most 5 characters for bands in the strips, e.g. "tDEP"
  ModalityKind kind = ModalityKind::img;
  int id = 0;           // modality_id(name), 0 .. 2^15 - 1
  int min_tokens = 0;   // least budget on either side, >= 0
  int max_tokens = 0;   // img: (input_size / patch_size)^2; seq: longest text, [EOS] included; 1 .. 65535
  int vocab_size = 0;   // number of token ids; 0 for pixels and seq_emb
  int vocab_offset = 0; // seq_token: added to every id, so that ids and sentinels do not meet; >= 0
  int input_size = 0;   // pixels per side; 0 for text
  int patch_size = 0;   // pixels per side; 0 for text
  bool has_encoder_embedding = true;  // false: can never reach the encoder
  bool has_decoder_embedding = true;  // false: can never be a target (rgb@* pixels, t5_caption)
  int num_channels = 0;     // values per pixel; 0 for all that is not pixels
  int max_positions = 0;    // sequences: max_length of the embedding modules, 0: max_tokens. 263 for human_poses (275 tokens)
  bool has_learned_positions = false;  // img: a learned position table instead of sin-cos (tok_*_global)

  // Slots in the modality's tensor: max_tokens for img and seq_emb, 2 * (max_tokens + 1) for seq and seq_token.
  int num_slots() const { return has_spans_in_decoder(kind) ? 2 * (max_tokens + 1) : max_tokens; }
  // Tokens per row of the grid (14 for 224 / 16); 0 for text.
  int grid_side() const { return patch_size > 0 ? input_size / patch_size : 0; }
  bool operator==(const Modality&) const = default;
};

// SHA-256 of the name as a big-endian integer, modulo 2^15: modality_id("caption") == 32652.
// As generate_uint15_hash in fourm/utils.
int modality_id(std::string_view name);

// The built-in table: every modality of MODALITY_INFO that has an embedding module. Grids carry their size in the name:
// rgb, tok_rgb, tok_depth, tok_normal, tok_semseg, tok_clip, tok_canny_edge, tok_sam_edge (patches of patch_size pixels),
// tok_dinov2, tok_imagebind (always 14), each "@224" or another "@input_size"; tok_dinov2_global, tok_imagebind_global;
// caption, det, metadata, human_poses, color_palette, sam_instance; t5_caption. nullopt for any other name.
// patch_size divides the input size; 16 or 14.
std::optional<Modality> builtin_modality(std::string_view name, int patch_size = 16);

}  // namespace maskscope
