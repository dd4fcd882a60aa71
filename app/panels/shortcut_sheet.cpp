#include "app/panels/shortcut_sheet.h"

#include <algorithm>
#include <string>
#include <vector>

#include "app/panels/actions.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr ImGuiWindowFlags window_flags = ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings;
constexpr float row_height = 22, keys_column = 170, column_width = 500;  // px at scale 1

struct Row {
  std::string keys, what;
};

// What the mouse and the keyboard's focus do: no actions, but worth a line.
struct Habit {
  const char* keys;
  const char* what;
};
constexpr Habit habits[] = {{tr_later("Click"), tr_later("pin the token under the cursor")},
                            {tr_later("Tab   arrows"), tr_later("go from control to control; move the one in focus")},
                            {tr_later("Alt+Left   Alt+Right"), tr_later("page of the lesson")},
                            {tr_later("Drop a file"), tr_later("open it: a picture, a text, a data set, a session …")}};

struct Section {
  const char* title;
  std::vector<Row> rows;
};

std::vector<Section> sections() {
  std::vector<Section> all;
  for (int group = 0; group < num_action_groups; ++group) {
    Section section{group_name(static_cast<ActionGroup>(group)), {}};
    for (const Action& action : actions()) {
      if (static_cast<int>(action.group) != group || action.keys.empty()) continue;
      // Undo is undo, whatever it would undo now.
      section.rows.push_back({keys_text(action), tr(action.title)});
    }
    if (!section.rows.empty()) all.push_back(std::move(section));
  }
  Section mouse{tr("Mouse and focus"), {}};
  for (const Habit& habit : habits) mouse.rows.push_back({tr(habit.keys), tr(habit.what)});
  all.push_back(std::move(mouse));
  return all;
}

// Captions stand in capitals, in the languages that have them.
std::string in_capitals(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

void draw_section(PanelContext& context, const Section& section, float width) {
  widgets::caption(context, in_capitals(section.title));
  const float keys_width = std::min(context.px(keys_column), width * 0.5f);
  for (const Row& row : section.rows) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float middle = at.y + context.px(row_height * 0.5f);
    bool is_cut = false;
    widgets::text(context, context.fonts.mono, {at.x, middle}, context.theme.accent, row.keys);
    widgets::text(context, context.fonts.body, {at.x + keys_width, middle}, context.theme.text, widgets::ellipsized(context.fonts.body, row.what, std::max(width - keys_width, 1.0f), is_cut));
    ImGui::Dummy({std::max(width, 1.0f), context.px(row_height)});
    if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, row.what);
  }
  ImGui::Dummy({1, context.px(8)});
}

// No larger than the window it stands in: what is more scrolls.
void place_window(const PanelContext& context) {
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y * 0.5f}, ImGuiCond_Always, {0.5f, 0.5f});
  const float margin = context.px(8);
  ImGui::SetNextWindowSizeConstraints({1, 1}, {std::max(room.x - margin, 1.0f), std::max(room.y - margin, 1.0f)});
}

}  // namespace

void draw_shortcut_sheet(PanelContext& context) {
  if (!context.view.is_shortcut_sheet_open) return;
  place_window(context);
  if (ImGui::Begin(cat(tr("Keyboard shortcuts"), "###shortcuts").c_str(), &context.view.is_shortcut_sheet_open, window_flags)) {
    const std::vector<Section> all = sections();
    const float wanted = context.px(column_width), room = ImGui::GetIO().DisplaySize.x - context.px(48);
    std::size_t rows = 0, done = 0;
    for (const Section& section : all) rows += section.rows.size() + 2;
    const bool has_two_columns = room > 2 * wanted;
    ImGui::BeginGroup();
    bool is_second = false;
    for (const Section& section : all) {
      if (has_two_columns && !is_second && done >= rows / 2) {
        ImGui::EndGroup();
        ImGui::SameLine(0, context.px(24));
        ImGui::BeginGroup();
        is_second = true;
      }
      draw_section(context, section, std::min(wanted, std::max(room, context.px(40))));
      done += section.rows.size() + 2;
    }
    ImGui::EndGroup();
  }
  ImGui::End();
}

void draw_about(PanelContext& context) {
  if (!context.view.is_about_open) return;
  place_window(context);
  if (ImGui::Begin(cat(tr("About maskscope"), "###about").c_str(), &context.view.is_about_open, window_flags)) {
    const float width = std::max(std::min(context.px(420), ImGui::GetIO().DisplaySize.x - context.px(48)), 1.0f);
    widgets::paragraph(context, context.fonts.title, context.theme.text, "maskscope " MASKSCOPE_VERSION, width);
    ImGui::Dummy({1, context.px(4)});
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                       tr("Shows which token goes where, and why, when 4M masks a sample: to the encoder, to the decoder as a target, or nowhere. "
                          "The masking scheme is that of 4M (apple/ml-4m). Apache License 2.0."),
                       width);
    ImGui::Dummy({1, context.px(4)});
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, context.session.backend_story(), width);
  }
  ImGui::End();
}

}  // namespace maskscope
