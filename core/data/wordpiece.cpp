#include "core/data/wordpiece.h"

#include "core/data/utf8.h"

namespace maskscope {

WordPiece::WordPiece(WordPieceRules rules, const std::vector<std::pair<std::string, std::int32_t>>& vocabulary)
    : rules_(std::move(rules)) {
  std::vector<PieceIndex::Entry> initial;
  std::vector<PieceIndex::Entry> continuing;
  initial.reserve(vocabulary.size());
  for (const auto& [piece, id] : vocabulary) {
    initial.push_back({piece, id});
    if (piece.starts_with(rules_.continuing_prefix)) {
      continuing.push_back({piece.substr(rules_.continuing_prefix.size()), id});
    }
  }
  initial_ = PieceIndex(std::move(initial));
  continuing_ = PieceIndex(std::move(continuing));
}

void WordPiece::divide(std::string_view word, std::vector<Part>& parts, std::size_t& steps) const {
  const std::size_t first_part = parts.size();
  const auto unknown = [&] {
    parts.resize(first_part);
    parts.push_back({rules_.unknown_id, 0, word.size()});
  };
  if (count_code_points(word) > rules_.max_chars_per_word) return unknown();

  for (std::size_t begin = 0; begin < word.size();) {
    const PieceIndex& index = begin == 0 ? initial_ : continuing_;
    const auto match = index.longest_prefix(word.substr(begin), steps);
    if (!match) return unknown();
    parts.push_back({match->value, begin, begin + match->num_bytes});
    begin += match->num_bytes;
  }
}

}  // namespace maskscope
