// Reading a session's JSON field by field: shared by the files that read its parts.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/error.h"

namespace maskscope::session_json {

using Json = nlohmann::ordered_json;

// Reads fields of one JSON object and names file and field when something is wrong.
class Fields {
 public:
  Fields(const Json& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.is_object()) throw Error(cat(where_, ": found ", object_.type_name(), ", expected an object."));
  }
  const Json& at(const char* field) const {
    const auto found = object_.find(field);
    if (found == object_.end()) throw Error(cat(where_, ": the field \"", field, "\" is missing. Save the session again."));
    return *found;
  }
  bool has(const char* field) const { return object_.contains(field) && !object_.at(field).is_null(); }
  template <class T>
  T get(const char* field, const char* expected) const {
    const Json& value = at(field);
    try {
      return value.get<T>();
    } catch (const nlohmann::json::exception&) {
      throw Error(cat(where_, ": the field \"", field, "\" is ", value.type_name(), ", expected ", expected, "."));
    }
  }
  std::string text(const char* field) const { return get<std::string>(field, "a text"); }
  int integer(const char* field) const {
    const Json& value = at(field);
    if (!value.is_number_integer() || value < -2147483647 || value > 2147483647) {
      throw Error(cat(where_, ": the field \"", field, "\" is ", value.dump(), ", expected a whole number of at most 2147483647."));
    }
    return value.get<int>();
  }
  std::uint64_t count(const char* field) const {
    const Json& value = at(field);
    if (!value.is_number_unsigned()) {
      throw Error(cat(where_, ": the field \"", field, "\" is ", value.dump(), ", expected a whole number >= 0."));
    }
    return value.get<std::uint64_t>();
  }
  bool flag(const char* field) const { return get<bool>(field, "true or false"); }
  const std::string& where() const { return where_; }
  [[noreturn]] void fail(const char* field, const char* expected) const {
    throw Error(cat(where_, ": the field \"", field, "\" is ", at(field).dump(), ", expected ", expected, "."));
  }

  // Which of the names a text field holds, as an index.
  std::size_t choice(const char* field, std::initializer_list<const char*> names) const {
    const std::string value = text(field);
    std::size_t index = 0;
    std::string all;
    for (const char* name : names) {
      if (value == name) return index;
      all += (index++ ? ", " : "") + std::string(name);
    }
    throw Error(cat(where_, ": the field \"", field, "\" is \"", value, "\", expected one of ", all, "."));
  }

 private:
  const Json& object_;
  std::string where_;
};

// What to do about what is wrong in a session: refuse the file, or leave the thing out and say so.
class Losses {
 public:
  enum class Manner : std::uint8_t { refuses, notes };
  explicit Losses(Manner manner) : manner_(manner) {}

  // Runs read, which throws before it changes anything. instead: the sentence that tells what takes its place. True: it was read.
  template <class Read>
  bool attempt(const std::string& instead, const Read& read) {
    if (manner_ == Manner::refuses) {
      read();
      return true;
    }
    try {
      read();
      return true;
    } catch (const Error& error) {
      note(error.what(), instead);
      return false;
    }
  }
  // For what is no reason to refuse, whatever the manner.
  void note(const std::string& what, const std::string& instead) { sentences_.push_back(cat(what, ' ', instead)); }
  bool is_refusing() const { return manner_ == Manner::refuses; }
  const std::vector<std::string>& sentences() const { return sentences_; }

 private:
  Manner manner_;
  std::vector<std::string> sentences_;
};

// Puts the file in front of a sentence about a value.
template <class Check>
void in_file(const std::string& where, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    throw Error(cat(where, ": ", error.what()));
  }
}

}  // namespace maskscope::session_json
