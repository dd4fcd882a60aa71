#include "core/data/bert_normalizer.h"

#include <algorithm>
#include <utility>

#include "core/data/unicode_class.h"
#include "core/data/utf8.h"

namespace maskscope {
namespace {

struct SourcedChar {
  char32_t code_point;
  ByteRange source;
};
using SourcedText = std::vector<SourcedChar>;

SourcedText with_sources(std::string_view original, std::uint32_t origin) {
  SourcedText out;
  out.reserve(original.size());
  for (std::size_t offset = 0; offset < original.size();) {
    const std::size_t begin = offset;
    const char32_t c = next_code_point(original, offset);
    out.push_back({c, {origin + static_cast<std::uint32_t>(begin), origin + static_cast<std::uint32_t>(offset)}});
  }
  return out;
}

void clean(SourcedText& text) {
  std::erase_if(text, [](const SourcedChar& c) { return unicode::is_removed_by_cleaning(c.code_point); });
  for (SourcedChar& c : text) {
    if (unicode::is_whitespace(c.code_point)) c.code_point = ' ';
  }
}

void isolate_ideographs(SourcedText& text) {
  SourcedText out;
  out.reserve(text.size());
  for (const SourcedChar& c : text) {
    if (unicode::is_chinese_character(c.code_point)) {
      out.insert(out.end(), {{' ', c.source}, c, {' ', c.source}});
    } else {
      out.push_back(c);
    }
  }
  text = std::move(out);
}

// Normalisation form D: decomposes, then sorts the marks after each starter by combining class.
void decompose(SourcedText& text) {
  SourcedText out;
  out.reserve(text.size());
  for (const SourcedChar& c : text) {
    const unicode::Decomposition parts = unicode::decompose(c.code_point);
    for (int i = 0; i < parts.length; ++i) out.push_back({parts.code_points[static_cast<std::size_t>(i)], c.source});
  }
  const auto is_starter = [](const SourcedChar& c) { return unicode::combining_class(c.code_point) == 0; };
  for (auto marks = out.begin(); marks != out.end();) {
    marks = std::find_if_not(marks, out.end(), is_starter);
    const auto marks_end = std::find_if(marks, out.end(), is_starter);
    std::stable_sort(marks, marks_end, [](const SourcedChar& a, const SourcedChar& b) {
      return unicode::combining_class(a.code_point) < unicode::combining_class(b.code_point);
    });
    marks = marks_end;
  }
  text = std::move(out);
}

void remove_accents(SourcedText& text) {
  SourcedText out;
  out.reserve(text.size());
  for (const SourcedChar& c : text) {
    if (!unicode::is_nonspacing_mark(c.code_point)) {
      out.push_back(c);
    } else if (!out.empty() && out.back().code_point != ' ') {
      out.back().source.end = std::max(out.back().source.end, c.source.end);  // sorting may have turned marks round
    }
  }
  text = std::move(out);
}

void lower(SourcedText& text) {
  SourcedText out;
  out.reserve(text.size());
  for (const SourcedChar& c : text) {
    constexpr char32_t capital_i_with_dot = 0x130;
    if (c.code_point == capital_i_with_dot) {  // the only character whose lower case is two
      out.insert(out.end(), {{'i', c.source}, {0x307, c.source}});
    } else {
      out.push_back({unicode::to_lower(c.code_point), c.source});
    }
  }
  text = std::move(out);
}

}  // namespace

NormalizedText BertNormalizer::normalize(std::string_view original, std::uint32_t origin) const {
  SourcedText text = with_sources(original, origin);
  if (clean_text) clean(text);
  if (handle_chinese_chars) isolate_ideographs(text);
  if (strip_accents) {
    decompose(text);
    remove_accents(text);
  }
  if (lowercase) lower(text);

  NormalizedText result;
  result.text.reserve(text.size());
  result.sources.reserve(text.size());
  for (const SourcedChar& c : text) {
    append_utf8(result.text, c.code_point);
    result.sources.resize(result.text.size(), c.source);
  }
  return result;
}

}  // namespace maskscope
