#include "core/data/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "core/data/utf8.h"
#include "core/data/yaml_builder.h"
#include "core/error.h"

namespace maskscope {
namespace {

// Line and column of a byte, for what is found before parsing.
YamlPlace place_of_byte(std::string_view text, std::size_t offset) {
  YamlPlace place{offset, 1, 1};
  for (std::size_t i = 0; i < offset; ++i) {
    place.column = text[i] == '\n' ? 1 : place.column + 1;
    place.line += text[i] == '\n';
  }
  return place;
}

// Characters that PyYAML's reader refuses: YAML's "printable" set.
bool is_printable(char32_t c) {
  return c == 0x09 || c == 0x0a || c == 0x0d || (c >= 0x20 && c <= 0x7e) || c == 0x85 || (c >= 0xa0 && c <= 0xd7ff) ||
         (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
}

void check_characters(std::string_view text, std::string_view source_name) {
  if (const auto wrong = find_invalid_utf8(text)) {
    throw Error(
        cat(at_place(source_name, place_of_byte(text, *wrong)), ": byte ", *wrong, " is not UTF-8. Save the file as UTF-8."));
  }
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t start = offset;
    if (!is_printable(next_code_point(text, offset))) {
      throw Error(cat(at_place(source_name, place_of_byte(text, start)), ": byte ", start,
                      " is a control character, which YAML doesn't allow. Take it out."));
    }
  }
}

// The builder behind the interface of yaml-cpp.
class Events : public YAML::EventHandler {
 public:
  Events(YamlBuilder& builder, std::size_t bytes_before) : builder_(builder), bytes_before_(bytes_before) {}

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.begin_document(place(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.add_scalar(place(mark), "?", anchor, ""); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override { builder_.add_alias(place(mark), anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    builder_.add_scalar(place(mark), tag, anchor, value);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    builder_.begin(place(mark), YamlKind::list, tag, anchor);
  }
  void OnSequenceEnd() override { builder_.end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    builder_.begin(place(mark), YamlKind::map, tag, anchor);
  }
  void OnMapEnd() override { builder_.end(); }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override { builder_.name_anchor(place(mark), name); }

 private:
  YamlPlace place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {};
    return {bytes_before_ + static_cast<std::size_t>(mark.pos), mark.line + 1, mark.column + 1};
  }
  YamlBuilder& builder_;
  std::size_t bytes_before_;
};

}  // namespace

std::string at_place(std::string_view source_name, const YamlPlace& place) {
  return cat(source_name, ", line ", place.line, ", column ", place.column);
}

YamlDocument read_yaml(std::string_view text, std::string_view source_name) {
  if (text.size() > max_yaml_bytes) {
    throw Error(cat(source_name, ": ", text.size(), " bytes long, at most ", max_yaml_bytes,
                    " bytes of YAML are read. Is this the right file?"));
  }
  check_characters(text, source_name);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const std::size_t bytes_before = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  std::istringstream stream{std::string(text.substr(bytes_before))};
  YamlBuilder builder(source_name);
  Events events(builder, bytes_before);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const YAML::Exception& problem) {
    throw Error(cat(source_name, ", line ", problem.mark.line + 1, ", column ", problem.mark.column + 1,
                    ": this is not valid YAML (", problem.msg, "). Correct it there or right before."));
  }
  return builder.take_document();
}

}  // namespace maskscope
