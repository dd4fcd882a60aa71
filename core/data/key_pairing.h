// Pairing by name: lists of keys (one of each tar or folder) become rows of one key each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// Texts in a row in one piece of memory, 4 GiB at most.
class KeyList {
 public:
  void push_back(std::string_view key);
  std::string_view operator[](std::size_t i) const {
    const std::size_t start = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(start, ends_[i] - start);
  }
  std::size_t size() const { return ends_.size(); }
  std::size_t num_bytes() const { return bytes_.size(); }
  void shrink_to_fit();

 private:
  std::string bytes_;
  std::vector<std::uint32_t> ends_;
};

struct KeyPairing {
  struct Piece {
    std::uint32_t list, index;
  };
  // Of a row: sorted by list, then index. One key may come several times in a list.
  std::span<const Piece> pieces(std::size_t row) const {
    return std::span(all_pieces).subspan(first_piece[row], first_piece[row + 1] - first_piece[row]);
  }
  std::vector<std::uint32_t> order;        // the rows, first to last
  std::vector<std::uint32_t> first_piece;  // by row, one more at the end
  std::vector<Piece> all_pieces;
};

// Rows in the order of the first list; a key it lacks stands behind the one that comes before it in the list that has it, keys
// that the list has had already passed over. So rows on which all lists agree from their start are the first rows.
//   {a, b, d}, {a, c, d} -> a, c, b, d
//   {a, b, a, c} -> a, b, c
// At most 2^32 - 1 keys in all.
KeyPairing pair_by_key(std::span<const KeyList* const> lists);

}  // namespace maskscope
