// Builds a bounded YamlDocument from parse events, as PyYAML's composer and safe constructor do.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/data/yaml_document.h"

namespace maskscope {

class YamlBuilder {
 public:
  explicit YamlBuilder(std::string_view source_name) : source_name_(source_name) {}

  // Events, in the order of the text. anchor: 0 for none. tag: "?" plain, "!" quoted, else as written or resolved.
  // All throw Error as read_yaml says.
  void begin_document(const YamlPlace& place);
  void add_scalar(const YamlPlace& place, const std::string& tag, std::size_t anchor, const std::string& text);
  void add_alias(const YamlPlace& place, std::size_t anchor);
  void begin(const YamlPlace& place, YamlKind kind, const std::string& tag, std::size_t anchor);
  void end();
  void name_anchor(const YamlPlace& place, const std::string& name);

  YamlDocument take_document();

 private:
  // How large a value is with its aliases written out.
  struct Weight {
    std::size_t values = 0, text_bytes = 0;
  };
  struct Open {  // a list or map that is not complete yet
    std::shared_ptr<YamlNode> node;
    std::size_t anchor = 0;
    Weight start;         // of the document when it began
    YamlPtr pending_key;  // map: its value comes next
  };
  struct Anchored {
    YamlPtr value;  // null: still open
    Weight weight;
  };

  [[noreturn]] void fail(const YamlPlace& place, const std::string& sentence) const;
  void grow(const YamlPlace& place, Weight weight);
  void add_value(YamlPtr value);
  void finish_map(YamlNode& map);
  void merge(const YamlNode& value, std::vector<std::pair<YamlPtr, YamlPtr>>& merged) const;

  std::string source_name_;
  YamlDocument document_;
  int num_documents_ = 0;
  Weight weight_;
  std::vector<Open> open_;
  std::unordered_map<std::size_t, Anchored> anchors_;
  std::set<std::string> anchor_names_;
};

}  // namespace maskscope
