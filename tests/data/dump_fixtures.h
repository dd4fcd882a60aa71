// Dumped batches made by hand: a grid of 2 x 2 tokens, a caption of at most 8 tokens, pixels and embeddings.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/npz.h"

namespace maskscope::test {

using Ids = std::vector<std::int32_t>;
using Flags = std::vector<std::uint8_t>;

// One modality's four members; what is wrong in a test is changed before they are written.
struct DumpedFields {
  std::string name;
  std::vector<std::int64_t> tensor_shape;
  Ids ids;
  std::vector<float> floats;  // instead of ids
  std::vector<std::int64_t> mask_shape;
  Flags input_mask, target_mask;
  Ids attention;
  std::string type;  // empty: not written

  void append_to(std::vector<NpzMember>& members) const {
    members.push_back({name + "/tensor", floats.empty() ? npy_from(ids, tensor_shape) : npy_from(floats, tensor_shape)});
    members.push_back({name + "/input_mask", npy_from(input_mask, mask_shape, NpyKind::boolean)});
    members.push_back({name + "/target_mask", npy_from(target_mask, mask_shape, NpyKind::boolean)});
    members.push_back({name + "/decoder_attention_mask", npy_from(attention, mask_shape)});
    if (!type.empty()) members.push_back({name + "/type", npy_from(std::string_view(type))});
  }
};

// Two samples: cells 0 1 are input and 2 is a target, then cell 3 is input and 0 1 are targets.
inline DumpedFields small_grid(const std::string& name = "tok_rgb@32") {
  return {name, {2, 4}, {11, 12, 13, 14, 21, 22, 23, 24}, {}, {2, 4}, {0, 0, 1, 1, 1, 1, 1, 0}, {1, 1, 0, 1, 0, 0, 1, 1}, {0, 0, 1, 0, 2, 0, 0, 0}, ""};
}

// Two samples of 18 slots: "1010 1011 [S_1] 1014 [EOS]" with the target "[S_1] 1012 1013 [S_2]", and one that is all masked.
inline DumpedFields small_caption() {
  DumpedFields caption{"caption", {2, 18}, Ids(36), {}, {2, 18}, Flags(36, 1), Flags(36, 1), Ids(36), ""};
  const auto put = [&](std::size_t slot, std::int32_t id, bool is_input) {
    caption.ids[slot] = id;
    (is_input ? caption.input_mask : caption.target_mask)[slot] = 0;
    if (!is_input) caption.attention[slot] = 1;
  };
  std::size_t slot = 0;
  for (const std::int32_t id : {1010, 1011, 5, 1014, 3}) put(slot++, id, true);
  for (const std::int32_t id : {5, 1012, 1013, 6}) put(slot++, id, false);
  slot = 18;
  for (const std::int32_t id : {5, 1031, 1032, 3, 6}) put(slot++, id, false);
  return caption;
}

inline DumpedFields small_pixels() {
  return {"rgb@32", {2, 3, 32, 32}, {}, std::vector<float>(2 * 3 * 32 * 32, 0.5f), {2, 4}, {0, 1, 1, 1, 1, 1, 1, 1}, Flags(8, 1), Ids(8), ""};
}

inline std::vector<std::uint8_t> dump_file(const std::vector<DumpedFields>& modalities) {
  std::vector<NpzMember> members;
  for (const DumpedFields& modality : modalities) modality.append_to(members);
  return to_npz(members);
}

}  // namespace maskscope::test
