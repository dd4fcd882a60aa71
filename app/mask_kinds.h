// Everything that is called a mask, or is taken for one, with the numbers of one sample: what "Which mask?" says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/masked_frame.h"

namespace maskscope {

enum class MaskKindId : std::uint8_t {
  input_mask, target_mask, encoder_mask, decoder_mask, compressed_attention, full_attention,  // masks
  padding, mask_token, sentinel,  // none, and mixed up with them
};

struct MaskKind {
  MaskKindId id{};
  std::string name;            // "content mask, input side"
  std::string reference_name;  // "input_mask"
  std::string shape;           // with this sample's numbers
  std::string question;        // that it answers
  std::string polarity;        // what a 1 means
  std::string made_by;         // function and file of the reference
  std::string numbers;         // of this sample
  bool is_mask() const { return id < MaskKindId::padding; }
};

// In the language of the window. is_causal, is_separate: of the full attention mask.
std::vector<MaskKind> mask_kinds(const MaskedFrame& frame, bool is_causal, bool is_separate);

}  // namespace maskscope
