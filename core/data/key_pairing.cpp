#include "core/data/key_pairing.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

namespace maskscope {

void KeyList::push_back(std::string_view key) {
  bytes_ += key;
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
}

void KeyList::shrink_to_fit() {
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
}

KeyPairing pair_by_key(std::span<const KeyList* const> lists) {
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::unordered_map<std::string_view, std::uint32_t> row_of_key;
  std::vector<std::uint32_t> row_of_index;  // list by list
  std::vector<std::uint32_t> next, count;   // by row; next: a chain in the order of the rows
  std::vector<const KeyList*> last_list;    // by row: in which the key came last
  std::uint32_t head = none;
  for (const KeyList* list : lists) {
    std::uint32_t before = none;
    for (std::size_t i = 0; i < list->size(); ++i) {
      const auto [entry, is_new] = row_of_key.emplace((*list)[i], static_cast<std::uint32_t>(next.size()));
      const std::uint32_t row = entry->second;
      if (is_new) {
        std::uint32_t& link = before == none ? head : next[before];
        const std::uint32_t behind = std::exchange(link, row);
        next.push_back(behind);
        count.push_back(0);
        last_list.push_back(nullptr);
      }
      ++count[row];
      row_of_index.push_back(row);
      if (last_list[row] != list) before = row;
      last_list[row] = list;
    }
  }

  KeyPairing pairing;
  pairing.first_piece.assign(next.size() + 1, 0);
  for (std::size_t row = 0; row < next.size(); ++row) pairing.first_piece[row + 1] = pairing.first_piece[row] + count[row];
  pairing.all_pieces.resize(row_of_index.size());
  std::fill(count.begin(), count.end(), 0);
  std::size_t at = 0;
  for (std::uint32_t number = 0; number < lists.size(); ++number) {
    for (std::uint32_t i = 0; i < lists[number]->size(); ++i) {
      const std::uint32_t row = row_of_index[at++];
      pairing.all_pieces[pairing.first_piece[row] + count[row]++] = {number, i};
    }
  }
  pairing.order.reserve(next.size());
  for (std::uint32_t row = head; row != none; row = next[row]) pairing.order.push_back(row);
  return pairing;
}

}  // namespace maskscope
