#include "core/data/yaml_node.h"

#include "core/error.h"

namespace maskscope {
namespace {

// Long texts are not for messages.
std::string shortened(const std::string& text) {
  constexpr std::size_t most_bytes = 60;
  if (text.size() <= most_bytes) return text;
  std::size_t end = most_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a code point
  return text.substr(0, end) + "…";
}

}  // namespace

YamlPtr YamlNode::share(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name->kind == YamlKind::string && name->text == key) return value;
  }
  return nullptr;
}

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name->kind == YamlKind::string && name->text == key) return value.get();
  }
  return nullptr;
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlKind::null: return "nothing (null)";
    case YamlKind::boolean: return cat("the boolean ", node.is_true ? "true" : "false", " (", shortened(node.text), ")");
    case YamlKind::integer:
    case YamlKind::real: return cat("the number ", shortened(node.text));
    case YamlKind::string: return cat("the text \"", shortened(node.text), "\"");
    case YamlKind::date: return cat("the date ", shortened(node.text));
    case YamlKind::list: return cat("a list of ", node.items.size());
    case YamlKind::map: return cat("a map of ", node.entries.size(), node.entries.size() == 1 ? " entry" : " entries");
  }
  return "something unknown";
}

}  // namespace maskscope
