// Finds the longest piece of a vocabulary that a text begins with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// A sorted list that is narrowed byte by byte: no more memory than the pieces, and a search that ends as soon as no
// piece goes on like the text, however long the text is.
class PieceIndex {
 public:
  struct Entry {
    std::string piece;
    std::int32_t value;
  };
  struct Match {
    std::size_t num_bytes;
    std::int32_t value;
  };

  PieceIndex() = default;
  // Empty pieces are left out; of equal pieces the first counts.
  explicit PieceIndex(std::vector<Entry> entries);

  // steps grows by the number of bytes looked at, at most the length of the longest piece plus one.
  std::optional<Match> longest_prefix(std::string_view text, std::size_t& steps) const;

  bool empty() const { return entries_.empty(); }

 private:
  std::vector<Entry> entries_;                      // sorted by piece
  std::array<std::uint32_t, 257> first_byte_end_{};  // entries that begin with byte b: [first_byte_end_[b], first_byte_end_[b + 1])
};

}  // namespace maskscope
