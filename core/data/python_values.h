// Values as Python would have them, where no file gives them.
#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "core/data/yaml_node.h"

namespace maskscope {

// Whether "if value:" holds.
inline bool is_truthy(const YamlNode& value) {
  switch (value.kind) {
    case YamlKind::null: return false;
    case YamlKind::boolean: return value.is_true;
    case YamlKind::integer:
    case YamlKind::real: return value.number != 0.0;
    case YamlKind::string: return !value.text.empty();
    case YamlKind::date: return true;
    case YamlKind::list: return !value.items.empty();
    case YamlKind::map: return !value.entries.empty();
  }
  return false;
}

inline bool is_null(const YamlPtr& value) { return !value || value->kind == YamlKind::null; }

inline YamlPtr make_number(double number, YamlKind kind, YamlPlace place = {}) {
  auto node = std::make_shared<YamlNode>();
  node->kind = kind;
  node->number = number;
  node->place = place;
  return node;
}
inline YamlPtr make_integer(int number) { return make_number(number, YamlKind::integer); }
inline YamlPtr make_boolean(bool is_true) {
  auto node = std::make_shared<YamlNode>();
  node->kind = YamlKind::boolean;
  node->is_true = is_true;
  return node;
}
inline YamlPtr make_text(std::string text) {
  auto node = std::make_shared<YamlNode>();
  node->kind = YamlKind::string;
  node->text = std::move(text);
  return node;
}
inline YamlPtr make_list(std::vector<YamlPtr> items, YamlPlace place) {
  auto node = std::make_shared<YamlNode>();
  node->kind = YamlKind::list;
  node->items = std::move(items);
  node->place = place;
  return node;
}

}  // namespace maskscope
