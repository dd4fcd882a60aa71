#include "core/data/shard_names.h"

#include <algorithm>
#include <array>

namespace maskscope {

std::optional<MemberName> split_member_name(std::string_view name) {
  const std::size_t last_slash = name.rfind('/');
  const std::size_t base = last_slash == std::string_view::npos ? 0 : last_slash + 1;
  const std::size_t dot = name.find('.', base);
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const MemberName split{name.substr(0, dot), name.substr(dot + 1)};
  // ".*/" doesn't go past a line end.
  const std::size_t line_end = std::min(name.find('\n'), name.size());
  if (dot > base && (base == 0 || last_slash < line_end)) return split;
  // Else "[^.]+" has to begin further left, behind a slash or at the very start, and meet no dot up to this one.
  const std::size_t last_dot = name.substr(0, base).rfind('.');
  if (last_dot == std::string_view::npos) return split;
  const std::size_t limit = std::min(line_end, dot >= 2 ? dot - 2 : 0);
  const std::size_t slash = name.rfind('/', limit);
  return slash != std::string_view::npos && slash > last_dot && slash < line_end ? std::optional(split) : std::nullopt;
}

bool is_metadata_name(std::string_view name) {
  const std::string_view first = name.substr(0, name.find('/'));
  return first.size() >= 4 && first.starts_with("__") && first.ends_with("__");
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string field_name(std::string_view suffix, const std::string* bracket_name, bool is_one_of_several) {
  const auto num_dots = std::count(suffix.begin(), suffix.end(), '.');
  const bool has_own_name = num_dots == (suffix.find(".gz") != std::string_view::npos ? 2 : 1);
  if (is_one_of_several || has_own_name || bracket_name == nullptr) return std::string(suffix);
  return *bracket_name + "." + std::string(suffix);
}

std::string modality_of_field(std::string_view field) {
  std::string name(field);
  if (name.ends_with(".gz")) {
    for (std::size_t at = 0; (at = name.find(".gz", at)) != std::string::npos;) name.erase(at, 3);
  }
  // As os.path.splitext: the last dot of the base name, unless only dots come before it.
  const std::size_t slash = name.rfind('/');
  const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot > base && name.find_first_not_of('.', base) < dot) name.resize(dot);
  return name;
}

bool is_bookkeeping(std::string_view modality) {
  static constexpr std::array<std::string_view, 5> names = {"__key__", "__url__", "file_name", "class_name", "class_idx"};
  return std::find(names.begin(), names.end(), modality) != names.end();
}

}  // namespace maskscope
