#include "core/data/json_fields.h"

#include <cstdint>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/error.h"

namespace maskscope {
namespace {

using nlohmann::json;

// Enough to recognise a value by, short enough for one line. Cuts between code points.
std::string shortened(std::string text) {
  constexpr std::size_t max_bytes = 60;
  if (text.size() <= max_bytes) return text;
  std::size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// Watches the parser, so that hostile files are refused before they are built.
class Limits {
 public:
  Limits(std::string_view source_name, std::size_t max_values) : source_name_(source_name), max_values_(max_values) {}

  bool on_event(int depth, json::parse_event_t event, const json& value) {
    if (depth > max_depth) {
      throw Error(cat(source_name_, ": nested more than ", max_depth, " levels deep, which no such file is. Choose another file."));
    }
    if (++num_events_ > max_values_) {
      throw Error(cat(source_name_, ": holds more than ", max_values_, " values. Choose a smaller file."));
    }
    if (event == json::parse_event_t::object_start) {
      keys_.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys_.pop_back();
    } else if (event == json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!keys_.back().insert(key).second) {
        throw Error(cat(source_name_, ": the key \"", shortened(key), "\" appears twice in one object. Remove one of the two."));
      }
    }
    return true;
  }

 private:
  static constexpr int max_depth = 16;
  std::string_view source_name_;
  std::size_t max_values_;
  std::size_t num_events_ = 0;
  std::vector<std::unordered_set<std::string>> keys_;  // one set per object that is open
};

}  // namespace

json parse_untrusted_json(std::string_view text, std::string_view source_name, std::size_t max_values,
                          std::string_view expected) {
  Limits limits(source_name, max_values);
  try {
    return json::parse(text.begin(), text.end(),
                       [&](int depth, json::parse_event_t event, json& value) { return limits.on_event(depth, event, value); });
  } catch (const json::parse_error& problem) {
    throw Error(cat(source_name, ": not JSON from byte offset ", problem.byte > 0 ? problem.byte - 1 : 0, " on (the file has ",
                    text.size(), " bytes), ", expected, " was expected. Choose another file, or copy this one again."));
  } catch (const json::exception&) {
    throw Error(cat(source_name, ": holds a number that can't be represented, ", expected, " was expected. Choose another file."));
  }
}

std::string describe(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "null";
    case json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case json::value_t::string:
      return cat("the text \"", shortened(value.get<std::string>()), "\"");
    case json::value_t::array:
      return cat("a list of ", value.size());
    case json::value_t::object:
      return "an object";
    default:
      return cat("the number ", value.dump());
  }
}

JsonFields::JsonFields(const json& value, std::string_view source_name, std::string path)
    : value_(value), source_name_(source_name), path_(std::move(path)) {
  if (!value.is_object()) {
    throw Error(cat(source_name_, ": ", path_.empty() ? "the content" : path_, " is ", describe(value),
                    ", an object was expected. Choose another file."));
  }
}

std::string JsonFields::path_of(const char* key) const { return path_.empty() ? key : cat(path_, ".", key); }

const json& JsonFields::at(const char* key) const {
  const auto found = value_.find(key);
  if (found == value_.end()) {
    throw Error(cat(source_name_, ": the field ", path_of(key), " is missing. Choose another file, or add the field."));
  }
  return *found;
}

void JsonFields::fail(const char* key, std::string_view expectation) const {
  throw Error(cat(source_name_, ": ", path_of(key), " is ", describe(at(key)), ", ", expectation));
}

const json& JsonFields::list(const char* key) const {
  const json& value = at(key);
  if (!value.is_array()) fail(key, "a list was expected. Choose another file, or correct the field.");
  return value;
}

std::string JsonFields::text(const char* key) const {
  const json& value = at(key);
  if (!value.is_string()) fail(key, "a text was expected. Choose another file, or correct the field.");
  return value.get<std::string>();
}

bool JsonFields::flag(const char* key) const {
  const json& value = at(key);
  if (!value.is_boolean()) fail(key, "true or false was expected. Choose another file, or correct the field.");
  return value.get<bool>();
}

std::int64_t JsonFields::integer(const char* key, std::int64_t least, std::int64_t most) const {
  const json& value = at(key);
  const bool fits = value.is_number_unsigned() ? most >= 0 && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most)
                                               : value.is_number_integer() && value.get<std::int64_t>() <= most;
  if (!fits || value.get<std::int64_t>() < least) {
    fail(key, cat("a whole number from ", least, " to ", most, " was expected. Choose another file, or correct the field."));
  }
  return value.get<std::int64_t>();
}

}  // namespace maskscope
