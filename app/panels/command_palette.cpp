#include "app/panels/command_palette.h"

#include <imgui_stdlib.h>

#include <algorithm>

#include "app/imgui_compat.h"
#include "app/panels/actions.h"
#include "app/panels/browser.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr const char* popup_id = "command palette";
constexpr float row_height = 28, width_wanted = 620, height_wanted = 420;  // px at scale 1

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80) != 0; }

bool has_word(std::string_view text, std::string_view part) {
  const auto found = std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) { return lower(a) == lower(b); });
  return !part.empty() && found != text.end();
}

}  // namespace

std::optional<int> fuzzy_score(std::string_view query, std::string_view text) {
  int score = 0;
  std::size_t at = 0, last = std::string_view::npos;
  for (const char wanted : query) {
    if (wanted == ' ') continue;
    const std::size_t begin = at;
    // A beginning of a word before a place within one.
    std::size_t found = std::string_view::npos;
    for (std::size_t i = begin; i < text.size(); ++i) {
      if (lower(text[i]) != lower(wanted)) continue;
      const bool follows = last != std::string_view::npos && i == last + 1;
      const bool begins = i == 0 || !is_word(lower(text[i - 1]));
      if (follows || begins) {
        score += follows ? 4 : 3;
        found = i;
        break;
      }
      if (found == std::string_view::npos) found = i;
    }
    if (found == std::string_view::npos) return std::nullopt;
    last = found;
    at = found + 1;
  }
  return score;
}

struct CommandPalette::Entry {
  const Action* action = nullptr;  // null: opens path
  std::string path;
  std::string group, title;
  bool is_enabled = true;
  int score = 0;
};

std::vector<CommandPalette::Entry> CommandPalette::matching(const PanelContext& context) const {
  std::vector<Entry> entries;
  const auto add = [&](Entry entry, const std::string& english) {
    // English names are found in every language: they are those of the reference and of this program's papers.
    const auto own = fuzzy_score(text_, cat(entry.group, ' ', entry.title)), original = fuzzy_score(text_, english);
    if (!own && !original) return;
    // What stands there as it was typed comes before what merely has its letters.
    const bool is_literal = has_word(entry.title, text_) || has_word(english, text_);
    entry.score = std::max(own.value_or(0), original.value_or(0)) + (entry.is_enabled ? 1 : 0) + (is_literal ? 100 : 0);
    entries.push_back(std::move(entry));
  };
  for (const Action& action : actions()) {
    if (std::string_view(action.id) == "help.palette") continue;  // open already
    add({&action, "", group_name(action.group), action_title(context, action), action.is_enabled(context), 0}, action.title);
  }
  if (context.browser) {
    for (const std::string& path : context.browser->recent().paths()) add({nullptr, path, tr("Open recent"), drawable(path), true, 0}, "open recent " + path);
  }
  if (!text_.empty()) std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.score > b.score; });
  return entries;
}

void CommandPalette::run(PanelContext& context, const Entry& entry) {
  if (!entry.is_enabled) return;
  ImGui::CloseCurrentPopup();
  if (entry.action) entry.action->run(context);
  else context.browser->open(context.session, entry.path);
}

void CommandPalette::draw_rows(PanelContext& context, const std::vector<Entry>& entries) {
  const Theme& theme = context.theme;
  const float height = context.px(row_height), pad = context.px(8);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& entry = entries[i];
    const bool is_chosen = static_cast<int>(i) == chosen_;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushID(static_cast<int>(i));
    const bool is_clicked = ImGui::InvisibleButton("row", {std::max(width, 1.0f), height});
    ImGui::PopID();
    if (is_chosen) context.log_last_item("palette.chosen");
    if (entry.action) context.log_last_item(cat("palette.", entry.action->id));
    if (ImGui::IsItemHovered() && (ImGui::GetIO().MouseDelta.x != 0 || ImGui::GetIO().MouseDelta.y != 0)) chosen_ = static_cast<int>(i);
    if (is_chosen && is_chosen_by_key_) ImGui::SetScrollHereY(0.5f);
    if (is_clicked) run(context, entry);
    if (!ImGui::IsRectVisible(at, {at.x + width, at.y + height})) continue;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (is_chosen) list.AddRectFilled(at, {at.x + width, at.y + height}, theme.accent_soft, context.px(5));
    const float middle = at.y + height * 0.5f;
    const ImU32 colour = entry.is_enabled ? theme.text : theme.disabled_text;
    float x = at.x + pad, right = at.x + width - pad;
    if (entry.action) {
      const std::string keys = keys_text(*entry.action);
      widgets::text_right(context, context.fonts.mono_small, {right, middle}, theme.secondary_text, keys);
      if (!keys.empty()) right -= widgets::text_width(context.fonts.mono_small, keys) + context.px(12);
      const bool is_on = entry.action->is_checked && entry.action->is_checked(context);
      if (is_on) list.AddCircleFilled({x + context.px(3), middle}, context.px(3), theme.accent);
    }
    x += context.px(16);
    const float group_width = std::min(context.px(120), (right - x) * 0.35f);
    bool is_cut = false;
    widgets::text(context, context.fonts.body, {x, middle}, theme.secondary_text, widgets::ellipsized(context.fonts.body, entry.group, group_width, is_cut));
    x += group_width + context.px(8);
    bool is_title_cut = false;
    widgets::text(context, context.fonts.body, {x, middle}, colour, widgets::ellipsized(context.fonts.body, entry.title, std::max(right - x, 1.0f), is_title_cut));
    if (is_title_cut && ImGui::IsMouseHoveringRect(at, {at.x + width, at.y + height})) widgets::tooltip(context, entry.title);
  }
}

void CommandPalette::draw(PanelContext& context) {
  if (context.view.is_palette_wanted) {
    context.view.is_palette_wanted = false;
    text_.clear();
    chosen_ = 0;
    ImGui::OpenPopup(popup_id);
  }
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, std::min(context.px(56), room.y * 0.05f)}, ImGuiCond_Always, {0.5f, 0.0f});
  ImGui::SetNextWindowSize({std::min(context.px(width_wanted), room.x * 0.94f), std::min(context.px(height_wanted), room.y * 0.9f)});
  if (!ImGui::BeginPopup(popup_id, ImGuiWindowFlags_NoMove)) return;
  if (imgui_compat::is_key_pressed(Key::escape, false)) ImGui::CloseCurrentPopup();
  if (ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  ImGui::SetNextItemWidth(-1);
  const std::string before = text_;
  // Enter, without the field giving the keyboard back: it is read below.
  ImGui::InputTextWithHint("##query", tr("Type what you want to do"), &text_);
  context.log_last_item("palette.query");
  if (text_ != before) chosen_ = 0;
  const std::vector<Entry> entries = matching(context);
  const int count = static_cast<int>(entries.size());
  const int chosen_before = chosen_;
  if (imgui_compat::is_key_pressed(Key::down)) ++chosen_;
  if (imgui_compat::is_key_pressed(Key::up)) --chosen_;
  if (imgui_compat::is_key_pressed(Key::page_down)) chosen_ += 10;
  if (imgui_compat::is_key_pressed(Key::page_up)) chosen_ -= 10;
  chosen_ = std::clamp(chosen_, 0, std::max(count - 1, 0));
  is_chosen_by_key_ = chosen_ != chosen_before;
  const bool is_entered = imgui_compat::is_key_pressed(Key::enter, false) || imgui_compat::is_key_pressed(Key::keypad_enter, false);
  ImGui::BeginChild("rows", {0, 0}, false, ImGuiWindowFlags_NoNav);
  if (entries.empty()) widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, tr("No command has these letters in this order."), ImGui::GetContentRegionAvail().x);
  draw_rows(context, entries);
  ImGui::EndChild();
  if (is_entered && chosen_ < count) run(context, entries[static_cast<std::size_t>(chosen_)]);
  ImGui::EndPopup();
}

}  // namespace maskscope
