#include "app/panels/actions.h"

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "app/panels/action_list.h"
#include "app/panels/browser.h"

namespace maskscope {
namespace {

// A fresh seed for people: short enough to read out to a class.
std::uint64_t rolled_seed() {
  static std::random_device device;
  return device() % 1000000u;
}

const char* key_name(Key key) {
  switch (key) {
    case Key::page_up: return "Page up";
    case Key::page_down: return "Page down";
    case Key::space: return "Space";
    case Key::escape: return "Esc";
    case Key::minus: return "-";
    case Key::equal: return "+";  // where it is on most keyboards
    case Key::comma: return ",";
    case Key::period: return ".";
    case Key::slash: return "/";
    default: return nullptr;
  }
}

}  // namespace

const std::vector<Action>& actions() {
  static const std::vector<Action> all = make_actions();
  return all;
}

const Action* find_action(std::string_view id) {
  const auto found = std::find_if(actions().begin(), actions().end(), [&](const Action& action) { return action.id == id; });
  return found == actions().end() ? nullptr : &*found;
}

std::string action_title(const PanelContext& context, const Action& action) {
  const std::string_view id = action.id;
  const Session& session = context.session;
  if (id == "edit.undo" && session.can_undo()) return fill(tr("Undo: {0}"), session.undo_name());
  if (id == "edit.redo" && session.can_redo()) return fill(tr("Redo: {0}"), session.redo_name());
  return tr(action.title);
}

const char* group_name(ActionGroup group) {
  static constexpr std::array<const char*, num_action_groups> names = {tr_later("File"), tr_later("Edit"), tr_later("View"), tr_later("Steps"), tr_later("Lesson"),
                                                                      tr_later("Compare"), tr_later("Attention"), tr_later("Copy and export"), tr_later("Help")};
  return tr(names[static_cast<std::size_t>(group)]);
}

std::string key_text(const KeyBinding& keys) {
  // Shift is part of how the character is typed.
  if (keys == KeyBinding{Key::slash, {.shift = true}}) return "?";
  std::string text;
  if (keys.modifiers.ctrl) text += "Ctrl+";
  if (keys.modifiers.alt) text += "Alt+";
  if (keys.modifiers.shift && keys.key != Key::equal) text += "Shift+";  // + is Shift and = on most keyboards
  if (const char* name = key_name(keys.key)) return text + name;
  const int key = static_cast<int>(keys.key);
  const auto within = [&](Key first, Key last) { return key >= static_cast<int>(first) && key <= static_cast<int>(last); };
  if (within(Key::a, Key::z)) text += static_cast<char>('A' + key - static_cast<int>(Key::a));
  else if (within(Key::n0, Key::n9)) text += static_cast<char>('0' + key - static_cast<int>(Key::n0));
  else if (within(Key::f1, Key::f12)) text += cat('F', key - static_cast<int>(Key::f1) + 1);
  return text;
}

std::string keys_text(const Action& action) {
  std::string text, last;
  for (const KeyBinding& keys : action.keys) {
    const std::string next = key_text(keys);
    if (next != last) text += (text.empty() ? "" : "   ") + next;
    last = next;
  }
  return text;
}

void roll_seed(Session& session) {
  session.end_merge();
  session.apply(edits::set_seed(rolled_seed()));
  session.end_merge();
}

void step_source(PanelContext& context, int direction) {
  const InputSpec& inputs = context.session.document().inputs;
  if (inputs.picture == PictureSource::scene) {
    if (direction > 0 || inputs.scene_seed > 0) context.session.apply(edits::open_scene(direction < 0 ? inputs.scene_seed - 1 : inputs.scene_seed + 1));
  } else if (inputs.picture == PictureSource::dataset || inputs.picture == PictureSource::dump) {
    context.browser->step(context, direction);
  }
}

bool has_own_text(const InputSpec& inputs) { return inputs.picture != PictureSource::dataset && inputs.picture != PictureSource::dump; }

bool is_copy_pressed(PanelContext& context) {
  if (!ImGui::IsWindowFocused(ImGuiFocusedFlags_ChildWindows)) return false;
  context.view.is_copy_taken = true;
  return imgui_compat::is_shortcut(Key::c, {.ctrl = true});
}

void handle_shortcuts(PanelContext& context) {
  const bool is_copy_taken = std::exchange(context.view.is_copy_taken, false);
  // A dialog or a menu has the keyboard to itself.
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) return;
  for (const Action& action : actions()) {
    if (action.owner == KeyOwner::panel || (action.owner == KeyOwner::panel_first && is_copy_taken)) continue;
    for (const KeyBinding& keys : action.keys) {
      if (imgui_compat::is_shortcut(keys.key, keys.modifiers, keys.repeats) && action.is_enabled(context)) action.run(context);
    }
  }
}

}  // namespace maskscope
