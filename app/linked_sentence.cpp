#include "app/linked_sentence.h"

#include <optional>

namespace maskscope {
namespace {

// Control characters, which no text that is shown has: a name that comes with them loses them.
constexpr char begins = '\x01', ends = '\x02';
constexpr std::size_t most_links = 100;

}  // namespace

std::string LinkMaker::to(const ViewPlace& place, const std::string& label) {
  if (places_.size() >= most_links) return label;
  places_.push_back(place);
  return std::string{begins, static_cast<char>('\x10' + places_.size() - 1)} + label + ends;
}

LinkedSentence LinkMaker::finish(const std::string& marked) const {
  LinkedSentence sentence;
  std::optional<PlaceLink> open;
  for (std::size_t at = 0; at < marked.size(); ++at) {
    if (marked[at] == begins && at + 1 < marked.size()) {
      const auto index = static_cast<std::size_t>(static_cast<unsigned char>(marked[++at])) - 0x10;
      if (index < places_.size()) open = PlaceLink{sentence.text.size(), 0, places_[index]};
    } else if (marked[at] == ends) {
      if (open && sentence.text.size() > open->begin) {
        open->end = sentence.text.size();
        sentence.links.push_back(*open);
      }
      open.reset();
    } else if (marked[at] != begins) {
      sentence.text += marked[at];
    }
  }
  return sentence;
}

}  // namespace maskscope
