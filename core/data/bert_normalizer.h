// The text a WordPiece vocabulary is looked up in. As BertNormalizer of the HuggingFace tokenizers library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope {

// Bytes [begin, end) of the text as the user wrote it.
struct ByteRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const ByteRange&) const = default;
};

// sources: one per byte of text, the bytes of the original that it comes from. An accent that was stripped counts to
// the letter before it: for "e" U+0301 text is "e" and sources is {{0, 3}}.
struct NormalizedText {
  std::string text;
  std::vector<ByteRange> sources;
};

struct BertNormalizer {
  bool clean_text = true;            // control characters go, every kind of white space becomes a blank
  bool handle_chinese_chars = true;  // blanks around ideographs
  bool strip_accents = true;         // canonical decomposition, then nonspacing marks go
  bool lowercase = true;
  bool operator==(const BertNormalizer&) const = default;

  // original: valid UTF-8, shorter than 2^30 bytes. origin is added to every source offset: where original begins in
  // the whole text. Time and memory linear in the text (n log n for one letter under n accents).
  // normalize("Caf\u00e9").text == "cafe".
  NormalizedText normalize(std::string_view original, std::uint32_t origin = 0) const;
};

}  // namespace maskscope
