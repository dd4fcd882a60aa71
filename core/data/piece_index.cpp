#include "core/data/piece_index.h"

#include <algorithm>
#include <utility>

namespace maskscope {
namespace {

// -1 past the end, so that a piece sorts before its continuations.
int byte_or_end(const std::string& piece, std::size_t i) {
  return i < piece.size() ? static_cast<unsigned char>(piece[i]) : -1;
}

}  // namespace

PieceIndex::PieceIndex(std::vector<Entry> entries) : entries_(std::move(entries)) {
  std::erase_if(entries_, [](const Entry& e) { return e.piece.empty(); });
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.piece < b.piece; });
  for (const Entry& e : entries_) ++first_byte_end_[static_cast<std::size_t>(byte_or_end(e.piece, 0)) + 1];
  for (std::size_t b = 1; b < first_byte_end_.size(); ++b) first_byte_end_[b] += first_byte_end_[b - 1];
}

std::optional<PieceIndex::Match> PieceIndex::longest_prefix(std::string_view text, std::size_t& steps) const {
  if (text.empty()) return std::nullopt;
  const auto first_byte = static_cast<unsigned char>(text[0]);
  auto low = entries_.begin() + first_byte_end_[first_byte];
  auto high = entries_.begin() + first_byte_end_[first_byte + 1u];
  ++steps;

  std::optional<Match> best;
  // Here all of [low, high) begin with the first num_bytes bytes of text.
  for (std::size_t num_bytes = 1; low != high; ++num_bytes) {
    if (low->piece.size() == num_bytes) best = Match{num_bytes, low->value};
    if (num_bytes == text.size()) break;
    const int next = static_cast<unsigned char>(text[num_bytes]);
    ++steps;
    low = std::partition_point(low, high, [&](const Entry& e) { return byte_or_end(e.piece, num_bytes) < next; });
    high = std::partition_point(low, high, [&](const Entry& e) { return byte_or_end(e.piece, num_bytes) <= next; });
  }
  return best;
}

}  // namespace maskscope
