// Everything that can be done by name: one list, from which the menus, the keyboard, the sheet of shortcuts and the command
// palette are made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/imgui_compat.h"
#include "app/panels/panel_context.h"

namespace maskscope {

struct KeyBinding {
  Key key;
  KeyModifiers modifiers = {};
  bool repeats = false;  // while the key is held
  bool operator==(const KeyBinding&) const = default;
};

enum class ActionGroup : std::uint8_t { file, edit, view, steps, lesson, compare, attention, export_view, help };
constexpr int num_action_groups = 9;

// Who listens to an action's keys.
enum class KeyOwner : std::uint8_t {
  window,  // handle_shortcuts, wherever the focus is
  panel,   // the panel that shows the thing, while it has the focus
  panel_first,  // Ctrl+C: a panel that copies something of its own, while it has the focus, else the window
};

struct Action {
  const char* id;     // for code and tests: "file.open"
  const char* title;  // English: tr(title)
  ActionGroup group;
  std::vector<KeyBinding> keys;  // the first one is shown in menus
  void (*run)(PanelContext&);
  bool (*is_enabled)(const PanelContext&) = [](const PanelContext&) { return true; };
  bool (*is_checked)(const PanelContext&) = nullptr;  // null: nothing that is on or off
  KeyOwner owner = KeyOwner::window;
};

const std::vector<Action>& actions();
// nullptr when there is none of this id.
const Action* find_action(std::string_view id);

// "Undo seed" where the title depends on what there is; in the present language.
std::string action_title(const PanelContext& context, const Action& action);
// In the present language: "File".
const char* group_name(ActionGroup group);

// "Ctrl+Shift+P"
std::string key_text(const KeyBinding& keys);
// All keys of an action, three spaces between them; empty: none.
std::string keys_text(const Action& action);

// The keyboard of the whole window; once a frame, before anything that depends on what the actions change.
void handle_shortcuts(PanelContext& context);

// Ctrl+C, in the panel that is being drawn and has something of its own to copy: true when it is pressed there.
bool is_copy_pressed(PanelContext& context);

// To the next scene or sample (+1), or the one before (-1).
void step_source(PanelContext& context, int direction);
// Every roll is an undo step of its own.
void roll_seed(Session& session);
// The texts of a data set and of a dump are what they are.
bool has_own_text(const InputSpec& inputs);

}  // namespace maskscope
