// Reading untrusted YAML: every size is bounded before anything is built from it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/yaml_node.h"

namespace maskscope {

// What a configuration may have at most. The largest of 4M's has 3 KiB and 200 values.
constexpr std::size_t max_yaml_bytes = std::size_t{4} << 20;
constexpr int max_yaml_depth = 32;
constexpr std::size_t max_yaml_values = 100'000;                   // each alias counts as all it stands for
constexpr std::size_t max_yaml_text_bytes = std::size_t{8} << 20;  // of all scalars, aliases counted likewise

// Something that PyYAML takes without a word.
struct YamlRemark {
  YamlPlace place;
  std::string sentence;   // what was found
  std::string reference;  // what PyYAML makes of it
};

struct YamlDocument {
  YamlPtr root;  // a null node for an empty document
  std::vector<YamlRemark> remarks;
};

// The one document of text. source_name: of the file, for messages. Throws Error naming it, line and column: not UTF-8, a
// control character, wrong syntax, too long, too deep, too many values, an alias in its own value, an unknown tag, an anchor
// twice, a list or map as key, more than one document.
YamlDocument read_yaml(std::string_view text, std::string_view source_name);

// "config.yaml, line 3, column 5"
std::string at_place(std::string_view source_name, const YamlPlace& place);

}  // namespace maskscope
