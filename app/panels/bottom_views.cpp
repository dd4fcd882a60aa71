#include "app/panels/bottom_views.h"

#include <algorithm>
#include <string>
#include <vector>

#include "app/imgui_compat.h"
#include "app/panels/token_cards.h"
#include "app/panels/view_text.h"
#include "app/panels/widgets.h"
#include "app/problem_list.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Tab {
  BottomTab tab;
  const char* id;
  const char* label;
};

constexpr Tab all_tabs[] = {{BottomTab::tokens, "tab.tokens", tr_later("Tokens")},
                            {BottomTab::waterfall, "tab.waterfall", tr_later("Budgets")},
                            {BottomTab::attention, "tab.attention", tr_later("Attention")},
                            {BottomTab::embeddings, "tab.embeddings", tr_later("Embeddings")},
                            {BottomTab::distribution, "tab.distribution", tr_later("Distribution")},
                            {BottomTab::compare, "tab.compare", tr_later("Compare")},
                            {BottomTab::table, "tab.table", tr_later("Table")},
                            {BottomTab::problems, "tab.problems", tr_later("Problems")}};

// How many problems of each level, behind the name of their tab; at is the middle of the left end. Returns the width, which
// is all it does where is_drawn is false.
float level_counts(PanelContext& context, const ProblemCounts& counts, ImVec2 at, bool is_drawn) {
  const float left = at.x;
  const auto add = [&](ProblemLevel level, int count) {
    if (count == 0) return;
    const std::string label = cat(count);
    at.x += context.px(8);
    if (is_drawn) {
      draw_level_icon(context, level, {at.x + context.px(6), at.y});
      widgets::text(context, context.fonts.body, {at.x + context.px(16), at.y}, level_colour(context.theme, level), label);
    }
    at.x += context.px(16) + widgets::text_width(context.fonts.body, label);
  };
  add(ProblemLevel::error, counts.errors);
  add(ProblemLevel::warning, counts.warnings);
  add(ProblemLevel::note, counts.notes);
  return at.x - left;
}

std::string tip_of(const ProblemCounts& counts) {
  if (counts.all() == 0) return tr("Nothing is wrong with this sample.");
  std::string tip;
  const auto add = [&](int count, const char* pattern) {
    if (count > 0) tip += cat(tip.empty() ? "" : ", ", fill(pattern, count));
  };
  add(counts.errors, tr_count(counts.errors, "{0} error", "{0} errors"));
  add(counts.warnings, tr_count(counts.warnings, "{0} warning", "{0} warnings"));
  add(counts.notes, tr_count(counts.notes, "{0} note", "{0} notes"));
  return tip;
}

// pad: px on both sides of the label.
float tab_width(PanelContext& context, const Tab& tab, const ProblemCounts& counts, float pad) {
  const float label = widgets::text_width(context.fonts.body, tr(tab.label));
  return label + 2 * pad + (tab.tab == BottomTab::problems ? level_counts(context, counts, {}, false) : 0.0f);
}

struct TabRow {
  std::vector<const Tab*> shown, hidden;
  float pad = 0;
};

// As many tabs as there is room for, the chosen one always among them: first they move closer together, then the last ones hide
// behind a button.
TabRow tabs_that_fit(PanelContext& context, const ProblemCounts& counts, bool has_tokens, float width) {
  TabRow row{.shown = {}, .hidden = {}, .pad = context.px(14)};
  std::vector<const Tab*>& tabs = row.shown;
  const Tab* chosen = nullptr;
  for (const Tab& tab : all_tabs) {
    if (tab.tab == BottomTab::tokens && !has_tokens) continue;
    tabs.push_back(&tab);
    if (tab.tab == context.view.shown_tab()) chosen = &tab;
  }
  const auto total = [&] {
    float sum = context.px(2) * static_cast<float>(tabs.size() - 1);
    for (const Tab* tab : tabs) sum += tab_width(context, *tab, counts, row.pad);
    return sum;
  };
  if (total() <= width + 1) return row;
  row.pad = context.px(6);
  if (total() <= width + 1) return row;
  const float button = context.px(32);
  while (tabs.size() > 1 && total() + button > width) {
    const auto last = tabs.back() == chosen ? tabs.end() - 2 : tabs.end() - 1;
    row.hidden.insert(row.hidden.begin(), *last);
    tabs.erase(last);
  }
  return row;
}

void draw_tab(PanelContext& context, const Tab& tab, const ProblemCounts& counts, ImVec2 position, float width, float pad) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = context.px(tabs_height), radius = context.px(6), x = position.x;
  ImGui::SetCursorScreenPos({x, position.y});
  if (ImGui::InvisibleButton(tab.id, {width, height})) context.view.bottom_tab = tab.tab;
  context.log_last_item(tab.id);
  const bool is_hot = ImGui::IsItemHovered(), is_focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
  const bool is_chosen = context.view.shown_tab() == tab.tab;
  const ImVec2 end{x + width, position.y + height};
  if (is_chosen && tab.tab == BottomTab::tokens) {
    // Cards are no panel: there is nothing to grow together with.
    list.AddRectFilled({x, position.y}, {end.x, end.y - context.px(4)}, theme.panel, radius);
    list.AddRect({x, position.y}, {end.x, end.y - context.px(4)}, theme.line, radius, 0, context.px(1));
  } else if (is_chosen) {
    // Grown together with the panel below it.
    list.AddRectFilled({x, position.y}, {end.x, end.y + context.px(8)}, theme.panel, radius, ImDrawFlags_RoundCornersTop);
    list.AddRect({x, position.y}, {end.x, end.y + context.px(8)}, theme.line, radius, ImDrawFlags_RoundCornersTop, context.px(1));
  }
  if (is_focused) list.AddRect({x + 1, position.y + 1}, {end.x - 1, end.y - 1}, theme.accent, radius, 0, context.px(1.5f));
  const float middle = position.y + (height - context.px(4)) * 0.5f;
  widgets::text(context, context.fonts.body, {x + pad, middle}, is_chosen || is_hot ? theme.text : theme.secondary_text, tr(tab.label));
  if (tab.tab != BottomTab::problems) return;
  level_counts(context, counts, {x + pad + widgets::text_width(context.fonts.body, tr(tab.label)), middle}, true);
  if (is_hot) widgets::tooltip(context, tip_of(counts));
}

}  // namespace

void BottomViews::draw_tabs(PanelContext& context, ImVec2 position, float width, bool has_tokens) {
  const ProblemCounts counts = count_problems(context.frame());
  const TabRow row = tabs_that_fit(context, counts, has_tokens, width);
  float x = position.x;
  for (const Tab* tab : row.shown) {
    const float tab_px = tab_width(context, *tab, counts, row.pad);
    draw_tab(context, *tab, counts, {x, position.y}, tab_px, row.pad);
    x += tab_px + context.px(2);
  }
  if (row.hidden.empty()) return;
  ImGui::SetCursorScreenPos({x, position.y + context.px(1)});
  if (widgets::icon_button(context, "more tabs", widgets::Icon::chevron, tr("More views"))) ImGui::OpenPopup("more views");
  context.log_last_item("tab.more");
  ImGui::SetNextWindowPos({ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)});
  if (!ImGui::BeginPopup("more views")) return;
  for (const Tab* tab : row.hidden) {
    if (ImGui::MenuItem(cat(tr(tab->label), "###", tab->id).c_str())) context.view.bottom_tab = tab->tab;
    context.log_last_item(tab->id);
  }
  ImGui::EndPopup();
}

void BottomViews::draw(PanelContext& context, ImVec2 position, ImVec2 size, bool has_tokens, ViewExport& exporter) {
  context.view.are_cards_a_tab = has_tokens;
  waterfall_.follow(context);
  attention_.follow(context);
  embeddings_.follow(context);
  distribution_.follow(context);
  compare_.follow(context);
  table_.follow(context);
  const float button = exporter.button_width(context) + context.px(8);
  // The tabs come first: what the button does is in the menus, too.
  const bool has_button = tabs_that_fit(context, count_problems(context.frame()), has_tokens, size.x - button).hidden.empty();
  draw_tabs(context, position, has_button ? size.x - button : size.x, has_tokens);
  if (has_button) exporter.draw_button(context, {position.x + size.x, position.y}, context.px(tabs_height - 4));
  const float tabs = context.px(tabs_height) + (context.view.shown_tab() == BottomTab::tokens ? context.px(2) : 0.0f);
  const ImVec2 corner{position.x, position.y + tabs}, room{size.x, std::max(size.y - tabs, 1.0f)};
  context.log_widget(context.view.shown_tab() == BottomTab::tokens ? "view.tokens" : "view.bottom", corner, {corner.x + room.x, corner.y + room.y});
  switch (context.view.shown_tab()) {
    case BottomTab::tokens: draw_token_cards(context, corner, room); break;
    case BottomTab::waterfall: waterfall_.draw(context, corner, room); break;
    case BottomTab::attention: attention_.draw(context, corner, room); break;
    case BottomTab::embeddings: embeddings_.draw(context, corner, room); break;
    case BottomTab::distribution: distribution_.draw(context, corner, room); break;
    case BottomTab::compare: compare_.draw(context, corner, room); break;
    case BottomTab::table: table_.draw(context, corner, room); break;
    case BottomTab::problems: problems_.draw(context, corner, room); break;
  }
}

std::optional<std::string> BottomViews::text(const PanelContext& context) const {
  switch (context.view.shown_tab()) {
    case BottomTab::tokens: return tokens_as_text(context);
    case BottomTab::waterfall: return waterfall_.text(context);
    case BottomTab::attention: return attention_.text(context);
    case BottomTab::embeddings: return embeddings_.text(context);
    case BottomTab::distribution: return distribution_.text(context);
    case BottomTab::compare: return compare_.text();
    case BottomTab::table: return table_as_text(context);
    case BottomTab::problems: return problems_as_text(context);
  }
  return std::nullopt;
}

void draw_bottom_handle(PanelContext& context, ImVec2 position, ImVec2 size, float column_top, float column_height) {
  if (size.x < 1 || size.y < 1 || column_height < 1) return;
  ImGui::SetCursorScreenPos(position);
  ImGui::InvisibleButton("bottom handle", size);
  context.log_last_item("bottom.handle");
  const bool is_focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive() || is_focused;
  if (ImGui::IsItemHovered() || ImGui::IsItemActive()) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeNS);
  const float share_now = (column_top + column_height - position.y - size.y) / column_height;
  const auto set = [&](float share) { context.view.bottom_share = std::clamp(share, 0.05f, 0.95f); };
  if (ImGui::IsItemActive() && ImGui::IsMouseDragging(ImGuiMouseButton_Left, context.px(2))) {
    set((column_top + column_height - ImGui::GetIO().MousePos.y - size.y * 0.5f) / column_height);
  }
  if (is_focused) {
    if (imgui_compat::is_key_pressed(Key::up)) set(share_now + 0.03f);
    if (imgui_compat::is_key_pressed(Key::down)) set(share_now - 0.03f);
  }
  if (ImGui::IsItemHovered() && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) context.view.bottom_share = 0;
  if (ImGui::IsItemHovered() && !ImGui::IsItemActive()) widgets::tooltip(context, tr("Drag for more or less room; double-click for what the program thinks best."));
  const float half = context.px(is_hot ? 26 : 18), thick = context.px(is_hot ? 2 : 1.5f);
  const ImVec2 c{position.x + size.x * 0.5f, position.y + size.y * 0.5f};
  ImGui::GetWindowDrawList()->AddRectFilled({c.x - half, c.y - thick}, {c.x + half, c.y + thick}, is_hot ? context.theme.accent : context.theme.disabled_text, thick);
}


}  // namespace maskscope
