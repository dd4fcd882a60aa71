// A YAML document as PyYAML's safe_load understands it, with the place of every value in the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace maskscope {

enum class YamlKind : std::uint8_t {
  null,
  boolean,
  integer,
  real,
  string,
  date,  // 2024-05-31, with or without a time: a datetime in Python
  list,
  map,
};

// Where a value begins: what a person is told, and where its text is found again. Lines and columns count from 1.
struct YamlPlace {
  std::size_t offset = 0;  // bytes from the start of the file
  int line = 0, column = 0;
};

struct YamlNode;
// Shared, because an alias is the same value in another place. Never null inside a document.
using YamlPtr = std::shared_ptr<const YamlNode>;

struct YamlNode {
  YamlKind kind = YamlKind::null;
  bool is_true = false;                                   // boolean
  double number = 0.0;                                    // integer, real; integers beyond 2^53 are rounded
  std::string text = {};                                  // scalars: their characters, without quotes
  bool is_quoted = false;                                 // scalars
  std::vector<YamlPtr> items = {};                        // list
  std::vector<std::pair<YamlPtr, YamlPtr>> entries = {};  // map, merges ("<<") carried out, no key twice
  YamlPlace place = {};

  bool is_number() const { return kind == YamlKind::integer || kind == YamlKind::real; }
  // Value of a key that is a string, nullptr when there is none or this is no map.
  const YamlNode* find(std::string_view key) const;
  YamlPtr share(std::string_view key) const;  // the same, shared
};

// In words for messages: "the text \"abc\"", "the number 3", "a list of 2", "nothing (null)".
std::string describe(const YamlNode& node);

}  // namespace maskscope
