#include "app/window/input_queue.h"

#include <bitset>

namespace maskscope {
namespace {

// What has been handed over in this frame.
struct FrameChanges {
  std::bitset<8> buttons;
  std::bitset<static_cast<std::size_t>(Key::count) + 1> keys;
  KeyModifiers modifiers{};  // of the keys above

  // False if the event would undo or displace a change of the same frame.
  bool takes(const InputEvent& event) {
    switch (event.kind) {
      case InputEvent::Kind::mouse_position:
        return buttons.none();  // a click happens where the button went down
      case InputEvent::Kind::mouse_button: {
        const auto button = static_cast<std::size_t>(event.button) % buttons.size();
        if (buttons.test(button)) return false;
        buttons.set(button);
        return true;
      }
      case InputEvent::Kind::key: {
        // A shortcut is seen with the modifiers held when its key went down: their release waits for the next frame.
        if (keys.any() && !(event.modifiers == modifiers)) return false;
        if (event.key == Key::count) return true;
        const auto key = static_cast<std::size_t>(event.key);
        if (keys.test(key)) return false;
        keys.set(key);
        modifiers = event.modifiers;
        return true;
      }
      default:
        return true;
    }
  }
};

void hand_over(ImGuiIO& io, const InputEvent& event) {
  using Kind = InputEvent::Kind;
  switch (event.kind) {
    case Kind::mouse_position: imgui_compat::add_mouse_position(io, event.x, event.y); break;
    case Kind::mouse_button:
      imgui_compat::add_modifiers(io, event.modifiers);
      if (event.button >= 0 && event.button < 5) imgui_compat::add_mouse_button(io, event.button, event.is_down);
      break;
    case Kind::mouse_wheel: imgui_compat::add_mouse_wheel(io, event.x, event.y); break;
    case Kind::key:
      imgui_compat::add_modifiers(io, event.modifiers);
      if (event.key != Key::count) imgui_compat::add_key(io, event.key, event.is_down);
      break;
    case Kind::character: io.AddInputCharacter(event.character); break;
    case Kind::focus: imgui_compat::add_focus(io, event.is_down); break;
  }
}

}  // namespace

void InputQueue::apply(ImGuiIO& io) {
  FrameChanges changes;
  while (!events_.empty() && changes.takes(events_.front())) {
    hand_over(io, events_.front());
    events_.pop_front();
  }
}

}  // namespace maskscope
