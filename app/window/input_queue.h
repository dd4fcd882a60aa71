// Input events between the window system and ImGui. A slow frame may collect a press and its release: handed over
// together they would cancel out, so apply() stops before such an event and leaves it to the next frame.
#pragma once

#include <deque>

#include "app/imgui_compat.h"

namespace maskscope {

struct InputEvent {
  enum class Kind { mouse_position, mouse_button, mouse_wheel, key, character, focus };
  Kind kind = Kind::focus;
  float x = 0, y = 0;        // position in px, or wheel steps
  int button = 0;            // 0 left, 1 right, 2 middle
  bool is_down = false;      // button, key; focus: has it
  Key key = Key::count;      // Key::count: a key the program doesn't know, only its modifiers count
  KeyModifiers modifiers{};
  unsigned character = 0;    // Unicode
};

class InputQueue {
 public:
  void push(const InputEvent& event) { events_.push_back(event); }
  bool is_empty() const { return events_.empty(); }
  // Before ImGui::NewFrame. Hands over as many events as one frame can tell apart.
  void apply(ImGuiIO& io);

 private:
  std::deque<InputEvent> events_;
};

}  // namespace maskscope
