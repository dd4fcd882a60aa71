#include "core/data/text_edits.h"

#include "core/error.h"

namespace maskscope {
namespace {

// Behind anchor and tag, which stand before a value.
std::size_t skip_properties(std::string_view text, std::size_t offset) {
  while (offset < text.size() && (text[offset] == '&' || text[offset] == '!')) {
    offset = std::min(text.find_first_of(" \t\r\n", offset), text.size());
    offset = std::min(text.find_first_not_of(" \t", offset), text.size());
  }
  return offset;
}

}  // namespace

void TextEdits::replace(const NumberPlace& place, const std::string& text, const std::string& value, std::string_view what) {
  const YamlNode& node = *place.node;
  const std::string file = place.file.string();
  std::size_t offset = skip_properties(text, node.place.offset);
  if (offset < text.size() && (text[offset] == '"' || text[offset] == '\'')) ++offset;
  std::size_t length = node.text.size();
  if (text.compare(offset, length, node.text) != 0 || length == 0) {
    throw Error(cat(at_place(file, node.place), ": ", what,
                    " is written over several lines or with escapes, and can't be replaced alone. Write it plainly first."));
  }
  for (int part = 0; part < place.inline_part; ++part) {
    const std::size_t hyphen = text.find('-', offset);
    length -= hyphen + 1 - offset;
    offset = hyphen + 1;
  }
  if (place.inline_part >= 0)
    length = std::min(length, node.text.find('-', node.text.size() - length) - (node.text.size() - length));
  const auto [edit, is_new] = edits_[place.file].emplace(offset, Edit{length, value});
  if (!is_new && edit->second.value != value) {
    throw Error(cat(at_place(file, node.place), ": one value stands here for several numbers of the scheme, which are to become ",
                    edit->second.value, " and ", value, " (", what, "). Give each a value of its own in the file first."));
  }
}

std::string TextEdits::applied(const std::filesystem::path& file, const std::string& text) const {
  std::string out;
  std::size_t done = 0;
  for (const auto& [offset, edit] : edits_.at(file)) {
    out.append(text, done, offset - done).append(edit.value);
    done = offset + edit.length;
  }
  return out.append(text, done);
}

std::vector<std::filesystem::path> TextEdits::files() const {
  std::vector<std::filesystem::path> files;
  for (const auto& [file, edits] : edits_) files.push_back(file);
  return files;
}

}  // namespace maskscope
