// The few controls the panels share, in the program's look: chips, segments, sliders with their number, bars.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "app/panels/panel_context.h"

namespace maskscope::widgets {

// Text at a place of the present window's draw list, vertically centred on middle_y.
void text(PanelContext& context, ImFont* font, ImVec2 at_middle, ImU32 colour, std::string_view text);
void text_right(PanelContext& context, ImFont* font, ImVec2 at_middle_right, ImU32 colour, std::string_view text);
float text_width(ImFont* font, std::string_view text);
// The text cut to a width with an ellipsis; is_cut tells whether a tooltip is owed.
std::string ellipsized(ImFont* font, std::string_view text, float width, bool& is_cut);
// A caption in small capitals, as ImGui item at the cursor.
void caption(PanelContext& context, std::string_view text);
// Line feeds where lines of this width have to end: between words and, unlike Dear ImGui's own wrapping, between any two
// Chinese characters, but never before a mark that closes or behind one that opens. Text without such characters stays as it is.
std::string wrapped(ImFont* font, std::string_view text, float width);
// Word-wrapped paragraph at the cursor; returns its height in px.
float paragraph(PanelContext& context, ImFont* font, ImU32 colour, std::string_view text, float width);

// A rounded button; secondary and value side by side: "seed" grey, "42" white. True when clicked.
bool chip(PanelContext& context, const char* id, std::string_view label, std::string_view value, bool is_selected = false);
// Small square button with an arrow or a die drawn in it.
enum class Icon { left, right, dice, close, chevron };
bool icon_button(PanelContext& context, const char* id, Icon icon, const char* tooltip);
// One of several, side by side over the given width; returns the index now selected. labels: passed through tr_later, for the
// widgets are named after them ("table.kind.Encoder"); shown in the present language.
int segments(PanelContext& context, const char* id, const std::vector<const char*>& labels, int selected, float width);

// A slider without text on it: value in 0 .. 1. True while it changes. height: px of its row.
bool slider(PanelContext& context, const char* id, float& value, float width, float height);

// One bar with two handles: encoder share from the left, then decoder share, the rest discarded. Counts in 0 .. max.
// Returns which changed: 0 none, 1 encoder, 2 decoder. Arrow keys move the focused handle by one token.
// A side the modality never reaches has no handle.
struct TwoHandles {
  int encoder = 0;
  int decoder = 0;
  bool has_encoder = true;
  bool has_decoder = true;
};
int two_handle_bar(PanelContext& context, const char* id, TwoHandles& value, int max, float width, float height);

// A whole number: typed, dragged or stepped by the keyboard. True when it changed.
bool number(PanelContext& context, const char* id, int& value, int low, int high, float width);

// A frame around the last item while the keyboard is on it. radius: px.
void focus_ring(PanelContext& context, float radius);

void tooltip(PanelContext& context, std::string_view text);
// True once a drag on the last item ended: the session's undo step is complete.
bool drag_ended();

// A panel: child window with ground, radius and padding of the look. End with end_panel always.
bool begin_panel(PanelContext& context, const char* id, ImVec2 position, ImVec2 size, bool is_padded = true);
void end_panel();

}  // namespace maskscope::widgets
