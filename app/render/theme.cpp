#include "app/render/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace maskscope {
namespace {

constexpr ImU32 rgb(unsigned hex) { return IM_COL32(hex >> 16 & 255, hex >> 8 & 255, hex & 255, 255); }

constexpr ImU32 black = rgb(0x000000);
constexpr ImU32 white = rgb(0xffffff);
constexpr float readable = 4.5f;  // WCAG AA for small text

unsigned channel(ImU32 colour, int shift) { return colour >> shift & 255u; }

float linear(unsigned value) {
  const float s = static_cast<float>(value) / 255.0f;
  return s <= 0.04045f ? s / 12.92f : std::pow((s + 0.055f) / 1.055f, 2.4f);
}

float luminance(ImU32 colour) {
  return 0.2126f * linear(channel(colour, IM_COL32_R_SHIFT)) + 0.7152f * linear(channel(colour, IM_COL32_G_SHIFT)) +
         0.0722f * linear(channel(colour, IM_COL32_B_SHIFT));
}

// The colour moved towards black or white until it can be told from the background.
ImU32 until_readable(ImU32 colour, ImU32 background, ImU32 towards) {
  for (float share = 0; share < 1; share += 0.02f) {
    const ImU32 moved = mix(colour, towards, share);
    if (contrast(moved, background) >= readable) return moved;
  }
  return towards;
}

// Okabe-Ito, but for the end of text.
constexpr ImU32 encoder = rgb(0x56b4e9), decoder = rgb(0xe69f00), sentinel = rgb(0xcc79a7), end_of_text = rgb(0x4fc3a1);
constexpr ImU32 accent = rgb(0x6ea8fe);

Theme make_dark() {
  Theme t{};
  t.kind = ThemeKind::dark;
  t.ground = rgb(0x15171b);
  t.panel = rgb(0x1b1e24);
  t.card = rgb(0x22262e);
  t.control = rgb(0x2a2f39);
  t.line = rgb(0x2e333d);
  t.text = rgb(0xe7e9ec);
  t.secondary_text = rgb(0x98a0ac);
  t.disabled_text = rgb(0x626a77);
  t.accent = accent;
  t.accent_soft = mix(t.panel, accent, 0.28f);
  t.text_on_accent = rgb(0x10141b);
  t.track = rgb(0x2a2e37);
  t.encoder = encoder;
  t.decoder = decoder;
  t.discarded = rgb(0x6b7280);
  t.ignored = rgb(0x565d69);
  t.sentinel = sentinel;
  t.end_of_text = end_of_text;
  t.encoder_text = mix(encoder, white, 0.45f);
  t.decoder_text = mix(decoder, white, 0.45f);
  t.sentinel_text = mix(sentinel, white, 0.45f);
  t.end_of_text_text = mix(end_of_text, white, 0.45f);
  t.good = rgb(0x7fd6a2);
  t.warning = rgb(0xf2c14e);
  t.error = rgb(0xff8f85);
  t.highlight = white;
  t.grid_line = IM_COL32(12, 14, 17, 150);
  return t;
}

Theme make_light() {
  Theme t{};
  t.kind = ThemeKind::light;
  t.ground = rgb(0xf4f5f7);
  t.panel = rgb(0xffffff);
  t.card = rgb(0xf9fafb);
  t.control = rgb(0xeceff3);
  t.line = rgb(0xdde1e7);
  t.text = rgb(0x1c2127);
  t.secondary_text = rgb(0x5d6673);
  t.disabled_text = rgb(0x9aa2ae);
  t.accent = until_readable(accent, white, black);
  t.accent_soft = mix(white, t.accent, 0.18f);
  t.text_on_accent = white;
  t.track = rgb(0xe3e7ec);
  // Fills of chips are washes over white: the border carries the fate, so it may be a little darker.
  t.encoder = mix(encoder, black, 0.14f);
  t.decoder = mix(decoder, black, 0.08f);
  t.discarded = rgb(0xa3abb7);
  t.ignored = rgb(0xb6bdc8);
  t.sentinel = mix(sentinel, black, 0.10f);
  t.end_of_text = mix(end_of_text, black, 0.20f);
  // Text of chips lies on a wash of the fill, of the strength in shaders/token.frag.
  t.encoder_text = until_readable(encoder, mix(t.card, t.encoder, 0.20f), black);
  t.decoder_text = until_readable(decoder, mix(t.card, t.decoder, 0.20f), black);
  t.sentinel_text = until_readable(sentinel, mix(t.card, t.sentinel, 0.30f), black);
  t.end_of_text_text = until_readable(end_of_text, mix(t.card, t.end_of_text, 0.20f), black);
  t.good = until_readable(rgb(0x2e9e62), white, black);
  t.warning = until_readable(rgb(0xb87a00), white, black);
  t.error = until_readable(rgb(0xd6453d), white, black);
  t.highlight = rgb(0x1c2127);
  t.grid_line = IM_COL32(28, 33, 39, 90);
  return t;
}

ImVec4 to_vec(ImU32 colour) { return ImGui::ColorConvertU32ToFloat4(colour); }

void set_colours(ImGuiStyle& style, const Theme& t) {
  const auto set = [&style](ImGuiCol index, ImU32 colour) { style.Colors[index] = to_vec(colour); };
  const ImU32 clear = IM_COL32_BLACK_TRANS;
  const ImU32 control_hovered = mix(t.control, t.text, 0.08f), control_active = mix(t.control, t.text, 0.15f);
  set(ImGuiCol_Text, t.text);
  set(ImGuiCol_TextDisabled, t.disabled_text);
  set(ImGuiCol_TextSelectedBg, with_alpha(t.accent, 0.35f));
  set(ImGuiCol_WindowBg, t.panel);
  set(ImGuiCol_ChildBg, clear);
  set(ImGuiCol_PopupBg, t.card);
  set(ImGuiCol_Border, t.line);
  set(ImGuiCol_BorderShadow, clear);
  set(ImGuiCol_FrameBg, t.control);
  set(ImGuiCol_FrameBgHovered, control_hovered);
  set(ImGuiCol_FrameBgActive, control_active);
  set(ImGuiCol_TitleBg, t.panel);
  set(ImGuiCol_TitleBgActive, t.card);
  set(ImGuiCol_TitleBgCollapsed, t.panel);
  set(ImGuiCol_MenuBarBg, t.panel);
  set(ImGuiCol_ScrollbarBg, clear);
  set(ImGuiCol_ScrollbarGrab, mix(t.panel, t.secondary_text, 0.3f));
  set(ImGuiCol_ScrollbarGrabHovered, mix(t.panel, t.secondary_text, 0.5f));
  set(ImGuiCol_ScrollbarGrabActive, mix(t.panel, t.secondary_text, 0.7f));
  set(ImGuiCol_CheckMark, t.accent);
  set(ImGuiCol_SliderGrab, t.accent);
  set(ImGuiCol_SliderGrabActive, mix(t.accent, t.text, 0.25f));
  set(ImGuiCol_Button, t.control);
  set(ImGuiCol_ButtonHovered, control_hovered);
  set(ImGuiCol_ButtonActive, control_active);
  set(ImGuiCol_Header, t.accent_soft);
  set(ImGuiCol_HeaderHovered, mix(t.accent_soft, t.accent, 0.15f));
  set(ImGuiCol_HeaderActive, mix(t.accent_soft, t.accent, 0.3f));
  set(ImGuiCol_Separator, t.line);
  set(ImGuiCol_SeparatorHovered, t.accent);
  set(ImGuiCol_SeparatorActive, t.accent);
  set(ImGuiCol_ResizeGrip, clear);
  set(ImGuiCol_ResizeGripHovered, with_alpha(t.accent, 0.5f));
  set(ImGuiCol_ResizeGripActive, t.accent);
  set(ImGuiCol_Tab, t.panel);
  set(ImGuiCol_TabHovered, control_hovered);
  set(ImGuiCol_TabActive, t.card);
  set(ImGuiCol_TabUnfocused, t.panel);
  set(ImGuiCol_TabUnfocusedActive, t.card);
  set(ImGuiCol_PlotLines, t.accent);
  set(ImGuiCol_PlotLinesHovered, t.text);
  set(ImGuiCol_PlotHistogram, t.accent);
  set(ImGuiCol_PlotHistogramHovered, t.text);
  set(ImGuiCol_TableHeaderBg, t.card);
  set(ImGuiCol_TableBorderStrong, t.line);
  set(ImGuiCol_TableBorderLight, mix(t.panel, t.line, 0.6f));
  set(ImGuiCol_TableRowBg, clear);
  set(ImGuiCol_TableRowBgAlt, with_alpha(t.text, 0.025f));
  set(ImGuiCol_DragDropTarget, t.accent);
  set(ImGuiCol_NavHighlight, t.accent);
  set(ImGuiCol_NavWindowingHighlight, with_alpha(t.text, 0.7f));
  set(ImGuiCol_NavWindowingDimBg, with_alpha(t.ground, 0.5f));
  set(ImGuiCol_ModalWindowDimBg, with_alpha(t.ground, 0.6f));
}

}  // namespace

ImU32 mix(ImU32 from, ImU32 to, float share) {
  const float s = std::clamp(share, 0.0f, 1.0f);
  ImU32 result = 0;
  for (int shift = 0; shift < 32; shift += 8) {
    const float a = static_cast<float>(channel(from, shift)), b = static_cast<float>(channel(to, shift));
    result |= static_cast<ImU32>(std::lround(a + (b - a) * s)) << shift;
  }
  return result;
}

ImU32 with_alpha(ImU32 colour, float alpha) {
  const auto value = static_cast<ImU32>(std::lround(std::clamp(alpha, 0.0f, 1.0f) * 255.0f));
  return (colour & ~IM_COL32_A_MASK) | value << IM_COL32_A_SHIFT;
}

float contrast(ImU32 a, ImU32 b) {
  const float la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05f) / (std::min(la, lb) + 0.05f);
}

ImU32 text_on(ImU32 fill) {
  constexpr ImU32 dark = rgb(0x14171c);
  return contrast(fill, dark) >= contrast(fill, white) ? dark : white;
}

const Theme& theme(ThemeKind kind) {
  static const Theme dark = make_dark();
  static const Theme light = make_light();
  return kind == ThemeKind::dark ? dark : light;
}

ImU32 modality_colour(const Theme& t, int index) {
  // In the order of the 4M-7 modalities first: rgb, tok_rgb, depth, normal, semseg, edges, caption, det.
  static constexpr std::array<ImU32, 12> hues = {rgb(0x7aa6ff), rgb(0x5fd0e0), rgb(0x8bd17c), rgb(0xc7b0ff),
                                                 rgb(0xf2c14e), rgb(0xd0d4da), rgb(0xff9db0), rgb(0xe8a87c),
                                                 rgb(0x6fcfae), rgb(0xe58fd8), rgb(0xc9cf6a), rgb(0xb39a86)};
  static constexpr std::array<float, 4> shifts = {0.0f, 0.3f, -0.35f, 0.5f};  // > 0 darker, < 0 lighter
  const auto place = static_cast<std::size_t>(std::max(index, 0));
  const float shift = shifts[place / hues.size() % shifts.size()];
  const ImU32 base = t.kind == ThemeKind::dark ? hues[place % hues.size()] : mix(hues[place % hues.size()], black, 0.12f);
  return shift >= 0 ? mix(base, black, shift) : mix(base, white, -shift);
}

void apply_theme(ImGuiStyle& style, const Theme& t, float scale) {
  style = ImGuiStyle();
  style.WindowRounding = Metrics::panel_radius;
  style.ChildRounding = Metrics::panel_radius;
  style.PopupRounding = Metrics::panel_radius;
  style.FrameRounding = Metrics::chip_radius;
  style.GrabRounding = Metrics::panel_radius;
  style.TabRounding = Metrics::chip_radius;
  style.ScrollbarRounding = Metrics::panel_radius;
  style.WindowPadding = ImVec2(Metrics::inside_panel, Metrics::inside_panel);
  style.FramePadding = ImVec2(8, 4);
  style.ItemSpacing = ImVec2(8, 6);
  style.ItemInnerSpacing = ImVec2(6, 4);
  style.CellPadding = ImVec2(8, 3);
  style.IndentSpacing = 16;
  style.ScrollbarSize = 10;
  style.GrabMinSize = 12;
  style.WindowMinSize = ImVec2(16, 16);
  style.WindowTitleAlign = ImVec2(0.0f, 0.5f);
  style.ScaleAllSizes(scale);
  // Lines stay hairlines: whole pixels, never none.
  const float hairline = std::max(1.0f, std::floor(scale));
  style.WindowBorderSize = hairline;
  style.ChildBorderSize = hairline;
  style.PopupBorderSize = hairline;
  style.FrameBorderSize = 0;
  style.TabBorderSize = 0;
  set_colours(style, t);
}

}  // namespace maskscope
