// What lessons say and ask about the masks in view: numbers and names of the frame, each by a name that lesson texts use.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "app/lesson_text.h"
#include "app/masked_frame.h"

namespace maskscope {

bool is_lesson_value(std::string_view name);

class LessonValues {
 public:
  LessonValues() = default;  // no frame: every number is 0, every text empty
  // Counts of what the frame holds; lesson_values.cpp says what each name means. Attention values are those of the
  // reference's switches: not causal, modalities separate.
  explicit LessonValues(const MaskedFrame& frame);

  // name must be one of a value (assert). A value that is a text has the number 0.
  std::int64_t number(std::string_view name) const;
  std::string text(std::string_view name) const;
  bool holds(const LessonCondition& condition) const;

 private:
  std::int64_t operand(const std::string& name_or_number) const;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
  std::map<std::string, std::string, std::less<>> texts_;
};

}  // namespace maskscope
