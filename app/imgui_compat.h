// The differences between Dear ImGui 1.86 and 1.91, nowhere else: keys by name, input events, separators with
// text, framed children. Callers need no version checks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <imgui.h>

namespace maskscope {

// Keys the program uses. ImGui 1.86 has no names for most letters: there they are indices of io.KeysDown.
enum class Key : int {
  tab, left, right, up, down, page_up, page_down, home, end, insert, del, backspace, space, enter, escape,
  keypad_enter, minus, equal, comma, period, slash, left_bracket, right_bracket,
  a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,
  n0, n1, n2, n3, n4, n5, n6, n7, n8, n9,
  f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11, f12,
  count,
};

struct KeyModifiers {
  bool ctrl = false, shift = false, alt = false, super = false;
  bool operator==(const KeyModifiers&) const = default;
};

namespace imgui_compat {

#if IMGUI_VERSION_NUM >= 18900
inline ImGuiKey native(Key key) {
  static constexpr std::array<ImGuiKey, static_cast<std::size_t>(Key::count)> keys = {
      ImGuiKey_Tab, ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_PageUp,
      ImGuiKey_PageDown, ImGuiKey_Home, ImGuiKey_End, ImGuiKey_Insert, ImGuiKey_Delete, ImGuiKey_Backspace,
      ImGuiKey_Space, ImGuiKey_Enter, ImGuiKey_Escape, ImGuiKey_KeypadEnter, ImGuiKey_Minus, ImGuiKey_Equal,
      ImGuiKey_Comma, ImGuiKey_Period, ImGuiKey_Slash, ImGuiKey_LeftBracket, ImGuiKey_RightBracket,
      ImGuiKey_A, ImGuiKey_B, ImGuiKey_C, ImGuiKey_D, ImGuiKey_E, ImGuiKey_F, ImGuiKey_G, ImGuiKey_H, ImGuiKey_I,
      ImGuiKey_J, ImGuiKey_K, ImGuiKey_L, ImGuiKey_M, ImGuiKey_N, ImGuiKey_O, ImGuiKey_P, ImGuiKey_Q, ImGuiKey_R,
      ImGuiKey_S, ImGuiKey_T, ImGuiKey_U, ImGuiKey_V, ImGuiKey_W, ImGuiKey_X, ImGuiKey_Y, ImGuiKey_Z,
      ImGuiKey_0, ImGuiKey_1, ImGuiKey_2, ImGuiKey_3, ImGuiKey_4, ImGuiKey_5, ImGuiKey_6, ImGuiKey_7, ImGuiKey_8,
      ImGuiKey_9, ImGuiKey_F1, ImGuiKey_F2, ImGuiKey_F3, ImGuiKey_F4, ImGuiKey_F5, ImGuiKey_F6, ImGuiKey_F7,
      ImGuiKey_F8, ImGuiKey_F9, ImGuiKey_F10, ImGuiKey_F11, ImGuiKey_F12};
  return keys[static_cast<std::size_t>(key)];
}
#else
inline int native(Key key) { return static_cast<int>(key); }
#endif

// Once after ImGui::CreateContext: ImGui 1.86 must be told which of our keys are its own.
inline void map_keys(ImGuiIO& io) {
#if IMGUI_VERSION_NUM < 18900
  const auto map = [&io](ImGuiKey key, Key ours) { io.KeyMap[key] = static_cast<int>(ours); };
  map(ImGuiKey_Tab, Key::tab);
  map(ImGuiKey_LeftArrow, Key::left);
  map(ImGuiKey_RightArrow, Key::right);
  map(ImGuiKey_UpArrow, Key::up);
  map(ImGuiKey_DownArrow, Key::down);
  map(ImGuiKey_PageUp, Key::page_up);
  map(ImGuiKey_PageDown, Key::page_down);
  map(ImGuiKey_Home, Key::home);
  map(ImGuiKey_End, Key::end);
  map(ImGuiKey_Insert, Key::insert);
  map(ImGuiKey_Delete, Key::del);
  map(ImGuiKey_Backspace, Key::backspace);
  map(ImGuiKey_Space, Key::space);
  map(ImGuiKey_Enter, Key::enter);
  map(ImGuiKey_Escape, Key::escape);
  map(ImGuiKey_KeyPadEnter, Key::keypad_enter);
  map(ImGuiKey_A, Key::a);
  map(ImGuiKey_C, Key::c);
  map(ImGuiKey_V, Key::v);
  map(ImGuiKey_X, Key::x);
  map(ImGuiKey_Y, Key::y);
  map(ImGuiKey_Z, Key::z);
#else
  (void)io;
#endif
}

inline void add_mouse_position(ImGuiIO& io, float x, float y) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddMousePosEvent(x, y);
#else
  io.MousePos = ImVec2(x, y);
#endif
}

inline void add_mouse_button(ImGuiIO& io, int button, bool is_down) {  // button 0 .. 4
#if IMGUI_VERSION_NUM >= 18900
  io.AddMouseButtonEvent(button, is_down);
#else
  io.MouseDown[button] = is_down;
#endif
}

inline void add_mouse_wheel(ImGuiIO& io, float x, float y) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddMouseWheelEvent(x, y);
#else
  io.MouseWheelH += x;
  io.MouseWheel += y;
#endif
}

inline void add_key(ImGuiIO& io, Key key, bool is_down) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddKeyEvent(native(key), is_down);
#else
  io.KeysDown[native(key)] = is_down;
#endif
}

inline void add_modifiers(ImGuiIO& io, const KeyModifiers& modifiers) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddKeyEvent(ImGuiMod_Ctrl, modifiers.ctrl);
  io.AddKeyEvent(ImGuiMod_Shift, modifiers.shift);
  io.AddKeyEvent(ImGuiMod_Alt, modifiers.alt);
  io.AddKeyEvent(ImGuiMod_Super, modifiers.super);
#else
  io.KeyCtrl = modifiers.ctrl;
  io.KeyShift = modifiers.shift;
  io.KeyAlt = modifiers.alt;
  io.KeySuper = modifiers.super;
#endif
}

inline void add_focus(ImGuiIO& io, bool has_focus) {
#if IMGUI_VERSION_NUM >= 18900
  io.AddFocusEvent(has_focus);
#else
  if (!has_focus) {  // releases whatever was held when the focus went
    for (bool& is_down : io.KeysDown) is_down = false;
    for (bool& is_down : io.MouseDown) is_down = false;
    add_modifiers(io, {});
  }
#endif
}

inline bool is_key_pressed(Key key, bool repeats = true) { return ImGui::IsKeyPressed(native(key), repeats); }
inline bool is_key_down(Key key) { return ImGui::IsKeyDown(native(key)); }

// The key together with exactly these modifiers, and no text field taking the keyboard.
inline bool is_shortcut(Key key, const KeyModifiers& modifiers = {}, bool repeats = false) {
  const ImGuiIO& io = ImGui::GetIO();
  const KeyModifiers held{io.KeyCtrl, io.KeyShift, io.KeyAlt, io.KeySuper};
  return !io.WantTextInput && held == modifiers && is_key_pressed(key, repeats);
}

inline void separator_text(const char* text) {
#if IMGUI_VERSION_NUM >= 18930
  ImGui::SeparatorText(text);
#else
  ImGui::TextUnformatted(text);
  ImGui::Separator();
#endif
}

// A child window with the style's padding, with or without its border. End with ImGui::EndChild always.
inline bool begin_child(const char* id, ImVec2 size, bool has_border, ImGuiWindowFlags flags = 0) {
#if IMGUI_VERSION_NUM >= 19110
  const ImGuiChildFlags child = ImGuiChildFlags_AlwaysUseWindowPadding | (has_border ? ImGuiChildFlags_Borders : 0);
  return ImGui::BeginChild(id, size, child, flags);
#elif IMGUI_VERSION_NUM >= 19000
  const ImGuiChildFlags child = ImGuiChildFlags_AlwaysUseWindowPadding | (has_border ? ImGuiChildFlags_Border : 0);
  return ImGui::BeginChild(id, size, child, flags);
#else
  return ImGui::BeginChild(id, size, has_border, flags | ImGuiWindowFlags_AlwaysUseWindowPadding);
#endif
}

// Extra px between the characters of a face.
inline void set_letter_spacing(ImFontConfig& config, float px) {
#if IMGUI_VERSION_NUM >= 19190
  config.GlyphExtraAdvanceX = px;
#else
  config.GlyphExtraSpacing.x = px;
#endif
}

// Captureless functions; read returns nullptr for an empty clipboard.
template <class Read, class Write>
void set_clipboard(Read, Write) {
#if IMGUI_VERSION_NUM >= 19110
  ImGuiPlatformIO& io = ImGui::GetPlatformIO();
  io.Platform_GetClipboardTextFn = [](ImGuiContext*) -> const char* { return Read{}(); };
  io.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) { Write{}(text); };
#else
  ImGuiIO& io = ImGui::GetIO();
  io.GetClipboardTextFn = [](void*) -> const char* { return Read{}(); };
  io.SetClipboardTextFn = [](void*, const char* text) { Write{}(text); };
#endif
}

// An OpenGL texture name as ImGui wants it.
inline ImTextureID texture_id(unsigned int gl_name) {
#if IMGUI_VERSION_NUM >= 19140
  return static_cast<ImTextureID>(gl_name);
#else
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(gl_name));
#endif
}

}  // namespace imgui_compat
}  // namespace maskscope
