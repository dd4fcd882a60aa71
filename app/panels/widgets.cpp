#include "app/panels/widgets.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/imgui_compat.h"
#include "app/panels/line_breaks.h"

namespace maskscope::widgets {
namespace {

const char* begin_of(std::string_view text) { return text.data(); }
const char* end_of(std::string_view text) { return text.data() + text.size(); }

}  // namespace

void focus_ring(PanelContext& context, float radius) {
  if (!ImGui::IsItemFocused() || !ImGui::GetIO().NavVisible) return;
  ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), context.theme.accent, radius, 0, context.px(1.5f));
}

float text_width(ImFont* font, std::string_view text) {
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, 0.0f, begin_of(text), end_of(text)).x;
}

void text(PanelContext&, ImFont* font, ImVec2 at_middle, ImU32 colour, std::string_view text) {
  ImGui::GetWindowDrawList()->AddText(font, font->FontSize, {std::round(at_middle.x), std::round(at_middle.y - font->FontSize * 0.5f)},
                                      colour, begin_of(text), end_of(text));
}

void text_right(PanelContext& context, ImFont* font, ImVec2 at_middle_right, ImU32 colour, std::string_view label) {
  text(context, font, {at_middle_right.x - text_width(font, label), at_middle_right.y}, colour, label);
}

std::string ellipsized(ImFont* font, std::string_view label, float width, bool& is_cut) {
  is_cut = text_width(font, label) > width;
  if (!is_cut) return std::string(label);
  const std::string dots = "…";
  const float room = width - text_width(font, dots);
  std::size_t end = 0;
  for (std::size_t next = 0; next < label.size();) {
    do ++next;
    while (next < label.size() && (static_cast<unsigned char>(label[next]) & 0xc0) == 0x80);
    if (text_width(font, label.substr(0, next)) > room) break;
    end = next;
  }
  return std::string(label.substr(0, end)) + dots;
}

std::string wrapped(ImFont* font, std::string_view label, float width) {
  if (!has_cjk(label)) return std::string(label);
  std::string lines;
  std::size_t line_begin = 0, last_break = 0;  // bytes of label; last_break: where the line may end
  float x = 0, x_at_break = 0;
  char32_t before = 0;
  for (std::size_t at = 0; at < label.size();) {
    const std::size_t here = at;
    const char32_t character = next_drawn_character(label, at);
    if (character == '\n') {
      lines.append(label.substr(line_begin, at - line_begin));
      line_begin = last_break = at;
      x = x_at_break = 0;
      before = 0;
      continue;
    }
    if (before && may_break(before, character)) last_break = here, x_at_break = x;
    x += font->GetCharAdvance(character <= 0xFFFF ? static_cast<ImWchar>(character) : static_cast<ImWchar>(0xFFFD));
    before = character;
    if (x <= width || character == ' ' || here == line_begin) continue;
    // A word that is wider than the line is cut where the line ends.
    const std::size_t end = last_break > line_begin ? last_break : here;
    x -= last_break > line_begin ? x_at_break : x - font->GetCharAdvance(static_cast<ImWchar>(std::min<char32_t>(character, 0xFFFD)));
    std::string_view line = label.substr(line_begin, end - line_begin);
    while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
    lines.append(line).append("\n");
    line_begin = last_break = end;
    x_at_break = 0;
  }
  return lines.append(label.substr(line_begin));
}

void caption(PanelContext& context, std::string_view label) {
  ImGui::PushFont(context.fonts.small_caps);
  ImGui::PushStyleColor(ImGuiCol_Text, context.theme.secondary_text);
  ImGui::TextUnformatted(begin_of(label), end_of(label));
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

float paragraph(PanelContext& context, ImFont* font, ImU32 colour, std::string_view whole, float width) {
  const std::string label = wrapped(font, whole, width);
  const ImVec2 size = font->CalcTextSizeA(font->FontSize, FLT_MAX, width, begin_of(label), end_of(label));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::GetWindowDrawList()->AddText(font, font->FontSize, at, colour, begin_of(label), end_of(label), width);
  ImGui::Dummy({std::max(size.x, 1.0f), size.y});
  static_cast<void>(context);
  return size.y;
}

bool chip(PanelContext& context, const char* id, std::string_view label, std::string_view value, bool is_selected) {
  const Theme& theme = context.theme;
  const float gap = label.empty() || value.empty() ? 0.0f : context.px(6);
  const float label_width = text_width(context.fonts.body, label);
  const float width = label_width + gap + text_width(context.fonts.body, value) + context.px(20);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool is_clicked = ImGui::InvisibleButton(id, {width, context.px(26)});
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, is_selected ? theme.accent_soft : is_hot ? mix(theme.control, theme.text, 0.06f) : theme.control, context.px(5));
  list.AddRect(min, max, is_selected || is_hot ? mix(theme.line, theme.accent, 0.6f) : theme.line, context.px(5), 0, context.px(1));
  const float middle = (min.y + max.y) * 0.5f;
  text(context, context.fonts.body, {at.x + context.px(10), middle}, theme.secondary_text, label);
  text(context, context.fonts.body, {at.x + context.px(10) + label_width + gap, middle}, theme.text, value);
  focus_ring(context, context.px(5));
  return is_clicked;
}

bool icon_button(PanelContext& context, const char* id, Icon icon, const char* tip) {
  const Theme& theme = context.theme;
  const float side = context.px(26);
  const bool is_clicked = ImGui::InvisibleButton(id, {side, side});
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  const bool is_hot = ImGui::IsItemHovered();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(min, max, is_hot ? mix(theme.control, theme.text, 0.06f) : theme.control, context.px(5));
  list.AddRect(min, max, is_hot ? mix(theme.line, theme.accent, 0.6f) : theme.line, context.px(5), 0, context.px(1));
  const ImVec2 c{(min.x + max.x) * 0.5f, (min.y + max.y) * 0.5f};
  const ImU32 colour = is_hot ? theme.text : theme.secondary_text;
  const float r = context.px(4);
  switch (icon) {
    case Icon::left: list.AddTriangleFilled({c.x + r * 0.7f, c.y - r}, {c.x + r * 0.7f, c.y + r}, {c.x - r * 0.8f, c.y}, colour); break;
    case Icon::right: list.AddTriangleFilled({c.x - r * 0.7f, c.y - r}, {c.x + r * 0.8f, c.y}, {c.x - r * 0.7f, c.y + r}, colour); break;
    case Icon::chevron: list.AddTriangleFilled({c.x - r, c.y - r * 0.6f}, {c.x + r, c.y - r * 0.6f}, {c.x, c.y + r * 0.8f}, colour); break;
    case Icon::close:
      list.AddLine({c.x - r, c.y - r}, {c.x + r, c.y + r}, colour, context.px(1.5f));
      list.AddLine({c.x - r, c.y + r}, {c.x + r, c.y - r}, colour, context.px(1.5f));
      break;
    case Icon::dice: {
      const float d = context.px(7);
      list.AddRect({c.x - d, c.y - d}, {c.x + d, c.y + d}, colour, context.px(3), 0, context.px(1.4f));
      const std::array<ImVec2, 5> dots = {{{-1, -1}, {1, -1}, {0, 0}, {-1, 1}, {1, 1}}};
      for (const ImVec2 dot : dots) list.AddCircleFilled({c.x + dot.x * context.px(3.4f), c.y + dot.y * context.px(3.4f)}, context.px(1.3f), colour, 8);
      break;
    }
  }
  focus_ring(context, context.px(5));
  if (is_hot && tip) tooltip(context, tip);
  return is_clicked;
}

int segments(PanelContext& context, const char* id, const std::vector<const char*>& labels, int selected, float width) {
  const Theme& theme = context.theme;
  const float each = width / static_cast<float>(labels.size());
  const float height = context.px(26);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, theme.control, context.px(5));
  ImGui::PushID(id);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    ImGui::SetCursorScreenPos({at.x + each * static_cast<float>(i), at.y});
    if (ImGui::InvisibleButton(labels[i], {each, height})) selected = static_cast<int>(i);
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    const bool is_on = static_cast<int>(i) == selected;
    if (is_on) list.AddRectFilled(min, max, theme.accent_soft, context.px(5));
    const ImU32 colour = is_on ? theme.text : ImGui::IsItemHovered() ? theme.text : theme.secondary_text;
    bool is_cut = false;
    const std::string label = ellipsized(context.fonts.body, tr(labels[i]), std::max(each - context.px(6), 1.0f), is_cut);
    text(context, context.fonts.body, {(min.x + max.x - text_width(context.fonts.body, label)) * 0.5f, (min.y + max.y) * 0.5f}, colour, label);
    if (is_cut && ImGui::IsItemHovered()) tooltip(context, tr(labels[i]));
    if (is_on) list.AddRect(min, max, theme.accent, context.px(5), 0, context.px(1));
    focus_ring(context, context.px(5));
    context.log_last_item(std::string(id) + "." + labels[i]);
  }
  ImGui::PopID();
  list.AddRect(at, {at.x + width, at.y + height}, theme.line, context.px(5), 0, context.px(1));
  ImGui::SetCursorScreenPos({at.x, at.y + height});
  ImGui::Dummy({width, 0});
  return selected;
}

bool slider(PanelContext& context, const char* id, float& value, float width, float height) {
  const Theme& theme = context.theme;
  ImGui::InvisibleButton(id, {width, height});
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  const float knob = context.px(6);
  const float left = min.x + knob, room = std::max(max.x - min.x - 2 * knob, 1.0f);
  const float before = value;
  if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) value = (ImGui::GetIO().MousePos.x - left) / room;
  if (ImGui::IsItemFocused()) {
    if (imgui_compat::is_key_pressed(Key::left)) value -= 0.02f;
    if (imgui_compat::is_key_pressed(Key::right)) value += 0.02f;
  }
  value = std::clamp(value, 0.0f, 1.0f);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float middle = (min.y + max.y) * 0.5f, half = context.px(1.5f), x = left + value * room;
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
  list.AddRectFilled({left, middle - half}, {max.x - knob, middle + half}, theme.track, half);
  list.AddRectFilled({left, middle - half}, {x, middle + half}, mix(theme.track, theme.accent, 0.7f), half);
  list.AddCircleFilled({x, middle}, is_hot ? knob * 1.1f : knob, is_hot ? mix(theme.accent, theme.text, 0.25f) : theme.accent);
  focus_ring(context, context.px(4));
  return value != before;
}

int two_handle_bar(PanelContext& context, const char* id, TwoHandles& value, int max, float width, float height) {
  const Theme& theme = context.theme;
  ImGui::InvisibleButton(id, {width, height});
  const ImVec2 min = ImGui::GetItemRectMin(), end = ImGui::GetItemRectMax();
  const float inset = context.px(5);
  const float left = min.x + inset, room = std::max(end.x - min.x - 2 * inset, 1.0f);
  const float per_token = room / static_cast<float>(std::max(max, 1));
  const auto x_of = [&](int tokens) { return left + per_token * static_cast<float>(tokens); };
  const float encoder_x = x_of(value.encoder), decoder_x = x_of(std::min(value.encoder + value.decoder, max));
  ImGuiStorage& storage = *ImGui::GetStateStorage();
  const ImGuiID handle_key = ImGui::GetID("handle"), grab_key = ImGui::GetID("grab");
  int handle = storage.GetInt(handle_key, 1);
  const TwoHandles before = value;
  const float mouse = ImGui::GetIO().MousePos.x;
  const auto decoder_end = [&](int tokens) { value.decoder = std::clamp(tokens - value.encoder, 0, max - value.encoder); };

  if (ImGui::IsItemActivated() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    // The nearer handle; where both stand, the side the cursor is on decides.
    const float to_encoder = std::abs(mouse - encoder_x), to_decoder = std::abs(mouse - decoder_x);
    handle = to_encoder < to_decoder ? 1 : to_decoder < to_encoder ? 2 : mouse < encoder_x || value.encoder >= max ? 1 : 2;
    if (!value.has_encoder) handle = 2;
    if (!value.has_decoder) handle = 1;
    storage.SetInt(handle_key, handle);
    // A handle that is taken hold of stays where it is until the mouse moves; elsewhere it jumps to the mouse.
    const float offset = (handle == 1 ? encoder_x : decoder_x) - mouse;
    storage.SetFloat(grab_key, std::abs(offset) <= context.px(5) ? offset : 0.0f);
  }
  const auto move_encoder = [&](int tokens) {
    // The decoder's end stays where it is as long as it can; then it is pushed along.
    const int end_tokens = value.encoder + value.decoder;
    value.encoder = std::clamp(tokens, 0, max);
    value.decoder = value.has_decoder ? std::clamp(end_tokens - value.encoder, 0, max - value.encoder) : 0;
  };
  if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    const int tokens = static_cast<int>(std::lround(std::clamp((mouse + storage.GetFloat(grab_key) - left) / room, 0.0f, 1.0f) * static_cast<float>(max)));
    if (handle == 1) move_encoder(tokens);
    else decoder_end(tokens);
  }
  if (ImGui::IsItemFocused() && !ImGui::IsItemActive() && value.has_encoder && value.has_decoder) {
    if (imgui_compat::is_key_pressed(Key::up, false) || imgui_compat::is_key_pressed(Key::down, false)) {
      handle = 3 - handle;
      storage.SetInt(handle_key, handle);
    }
  } else if (!value.has_encoder || !value.has_decoder) {
    handle = value.has_encoder ? 1 : 2;
  }
  if (ImGui::IsItemFocused() && !ImGui::IsItemActive()) {
    const int step = imgui_compat::is_key_pressed(Key::right) ? 1 : imgui_compat::is_key_pressed(Key::left) ? -1 : 0;
    if (step != 0 && handle == 1) move_encoder(value.encoder + step);
    if (step != 0 && handle == 2) decoder_end(value.encoder + value.decoder + step);
  }

  const float bar = context.px(8), middle = (min.y + end.y) * 0.5f;
  const float top = middle - bar * 0.5f;
  const float x1 = x_of(value.encoder), x2 = x_of(std::min(value.encoder + value.decoder, max));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({left, top}, {left + room, top + bar}, theme.track, bar * 0.5f);
  std::vector<TokenQuad> quads;
  if (x1 > left) quads.push_back({.x = left, .y = top, .width = x1 - left, .height = bar, .colour = theme.encoder, .style = TokenStyle::bar, .corner_radius = bar * 0.5f});
  if (x2 > x1) quads.push_back({.x = x1, .y = top, .width = x2 - x1, .height = bar, .colour = theme.decoder, .style = TokenStyle::striped_bar, .corner_radius = bar * 0.5f});
  context.canvas.draw(list, {}, quads);
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive() || ImGui::IsItemFocused();
  const auto knob = [&](float x, ImU32 colour, bool is_chosen) {
    const float half_width = context.px(3.5f), half_height = context.px(is_hot && is_chosen ? 9.0f : 8.0f);
    list.AddRectFilled({x - half_width, middle - half_height}, {x + half_width, middle + half_height}, colour, half_width);
    list.AddRect({x - half_width, middle - half_height}, {x + half_width, middle + half_height}, theme.panel, half_width, 0, context.px(1));
  };
  if (value.has_decoder) knob(x2, theme.decoder, handle == 2);
  if (value.has_encoder) knob(x1, theme.encoder, handle == 1);
  focus_ring(context, context.px(4));
  if (value.encoder != before.encoder) return 1;
  return value.decoder != before.decoder ? 2 : 0;
}

bool number(PanelContext& context, const char* id, int& value, int low, int high, float width) {
  ImGui::PushFont(context.fonts.mono);
  ImGui::SetNextItemWidth(width);
  const int before = value;
  // Only what the user moves is brought into range: drawing a value changes nothing.
  const float speed = std::max(0.25f, static_cast<float>(high - low) / 1200.0f);
  const bool is_moved = ImGui::DragInt(id, &value, speed, low, high, "%d", ImGuiSliderFlags_AlwaysClamp);
  ImGui::PopFont();
  value = is_moved ? std::clamp(value, low, high) : before;
  return value != before;
}

void tooltip(PanelContext& context, std::string_view label) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.px(10), context.px(8)});
  ImGui::BeginTooltip();
  const std::string lines = wrapped(ImGui::GetFont(), label, context.px(330));
  ImGui::PushTextWrapPos(context.px(340));
  ImGui::TextUnformatted(begin_of(lines), end_of(lines));
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
  ImGui::PopStyleVar();
}

bool drag_ended() { return ImGui::IsItemDeactivated(); }

bool begin_panel(PanelContext& context, const char* id, ImVec2 position, ImVec2 size, bool is_padded) {
  ImGui::SetCursorScreenPos(position);
  ImGui::PushStyleColor(ImGuiCol_ChildBg, context.theme.panel);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, is_padded ? ImVec2{context.px(12), context.px(12)} : ImVec2{0, 0});
  const bool is_visible = imgui_compat::begin_child(id, {std::max(size.x, 1.0f), std::max(size.y, 1.0f)}, true);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  return is_visible;
}

void end_panel() { ImGui::EndChild(); }

}  // namespace maskscope::widgets
