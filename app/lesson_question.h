// Right answers to the questions of lessons, found in the masks themselves.
#pragma once

#include <optional>
#include <string_view>

#include "app/lesson_text.h"
#include "app/lesson_values.h"
#include "app/masked_frame.h"

namespace maskscope {

// What can be pointed at in the window: a token, or a slot that holds none.
struct LessonPoint {
  TokenIdentity token;
  bool is_encoder_slot = true;
  int ignored_slot = -1;  // -1: a token
};

// encoder_token, target_token, discarded_token, discarded_text, sentinel, ignored_slot.
bool is_lesson_target(std::string_view name);
// Whether the point is a token of the frame, or a slot of it, of that kind.
bool is_hit(const MaskedFrame& frame, std::string_view target, const LessonPoint& point);
// A point that is one; nullopt when the frame has none.
std::optional<LessonPoint> first_hit(const MaskedFrame& frame, std::string_view target);

// The only right option; -1 when none or several are right: the text is at fault.
int right_option(const LessonQuestion& question, const LessonValues& values);
// The question of the page that is to be asked of these data; -1: none.
int question_of(const LessonPage& page, const LessonValues& values);

}  // namespace maskscope
