// Colours, sizes and the ImGui style of the two themes. No GL here: panels may include it.
#pragma once

#include <imgui.h>

namespace maskscope {

enum class ThemeKind { dark, light };

// Every colour the panels use, opaque, in ImGui's packed order. Colour only where it means something.
struct Theme {
  ThemeKind kind;
  ImU32 ground, panel, card, control, line;     // from the back to the front; line: one-pixel lines and outlines
  ImU32 text, secondary_text, disabled_text;
  ImU32 accent, accent_soft, text_on_accent;    // action and selection; soft: behind a selected item
  ImU32 track;                                  // the empty part of bars and sliders
  // Fates: the same in both themes where they fill, darker in the light theme where they are text.
  ImU32 encoder, decoder, discarded, ignored, sentinel, end_of_text;
  ImU32 encoder_text, decoder_text, sentinel_text, end_of_text_text;
  ImU32 good, warning, error;                   // text of messages; contrast at least 4.5 on panel
  ImU32 highlight;                              // frame of the hovered and the pinned token
  ImU32 grid_line;                              // over pictures and between ticks; translucent
};

const Theme& theme(ThemeKind kind);

// Hue of the modality with this place in the list, from 0 on. 12 hues; then the same 12 darker, then
// lighter, and so on: the short name decides. Ready to fill bands with dark text on them.
ImU32 modality_colour(const Theme& theme, int index);
// Dark or light, whichever reads better on the fill.
ImU32 text_on(ImU32 fill);

ImU32 with_alpha(ImU32 colour, float alpha);        // alpha 0 .. 1 replaces the colour's own
ImU32 mix(ImU32 from, ImU32 to, float share);       // share 0 gives from, 1 gives to
// WCAG contrast of two opaque colours, 1 .. 21.
float contrast(ImU32 a, ImU32 b);

// Sizes at scale 1, in px; multiply by the scale. Spacing comes in steps of 4.
struct Metrics {
  static constexpr float step = 4;
  static constexpr float between_panels = 10;
  static constexpr float inside_panel = 12;
  static constexpr float panel_radius = 8;
  static constexpr float chip_radius = 5;
};

// Sets colours, roundings and spacings of the present ImGui context. scale: monitor's scale x text size, > 0.
void apply_theme(ImGuiStyle& style, const Theme& theme, float scale);

}  // namespace maskscope
