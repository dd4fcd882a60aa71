// What every panel gets: the session to read and to send edits to, the view, and where to draw. Panels know
// neither GL nor CUDA nor the window system.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

#include "app/panels/picture_cache.h"
#include "app/panels/view_state.h"
#include "app/render/fonts.h"
#include "app/render/theme.h"
#include "app/render/token_canvas.h"
#include "app/session.h"
#include "app/tensor_table.h"

namespace maskscope {

// Where the important widgets of the last frame were: px of the window. For tests that drive the real window.
struct WidgetRect {
  float x = 0, y = 0, width = 0, height = 0;
};
using WidgetLog = std::map<std::string, WidgetRect>;

class Browser;
class TokenPlaces;

struct PanelContext {
  Session& session;
  ViewState& view;
  TokenCanvas& canvas;
  PictureCache& pictures;
  const Theme& theme;
  const Fonts& fonts;
  float scale = 1.0f;
  WidgetLog& widgets;
  bool shows_timing = true;  // false: pictures that come out the same every time
  const MaskedFrame* shown_frame = nullptr;  // shown instead of the session's own: a frame that was made elsewhere
  Browser* browser = nullptr;  // set by the main view
  TokenPlaces* places = nullptr;  // where tokens stand, while the steps are not at their end; set by the step bar
  float delta_seconds = 1.0f / 60.0f;  // since the last frame, at most 0.05: for motion
  // Asks for a frame from any thread; empty where nobody waits for events.
  std::function<void()> wake = {};

  float px(float at_scale_1) const { return at_scale_1 * scale; }
  const MaskedFrame& frame() const { return shown_frame ? *shown_frame : session.frame(); }
  // All modalities to speak of: the document's, also those without content here; of a dump, the file's.
  const Scheme& whole_scheme() const { return session.document().inputs.picture == PictureSource::dump ? frame().scheme : session.document().scheme; }
  void log_widget(const std::string& id, ImVec2 min, ImVec2 max) { widgets[id] = {min.x, min.y, max.x - min.x, max.y - min.y}; }
  void log_last_item(const std::string& id) { log_widget(id, ImGui::GetItemRectMin(), ImGui::GetItemRectMax()); }

  // Whether the view singles the token or fate out (hover, pin) or sends it to the background (isolated fate).
  std::uint8_t token_flags(TokenIdentity token, Fate fate) const;
  // Reports that the cursor is on a token; a click pins it, a click on the pinned token releases it.
  void point_at(const Pointed& pointed);
};

// After the scheme may have changed: moves the pin to where its modality stands now, and lets go of what is gone.
void follow_pin(ViewState& view, const MaskedFrame& frame);

// Whether the token is in the sample, or the ignored slot still is one.
bool is_in_frame(const MaskedFrame& frame, const Pointed& pointed);

// A token worth a first look: an encoder token near the middle of a picture, of ids rather than plain pixels.
Pointed first_look(const MaskedFrame& frame);

// Whether some card can show its ids over the picture.
bool has_ids_over_picture(const MaskedFrame& frame);

// Every fate's colour for fills, its colour for text, its drawing style and its English name: in state files and names of widgets,
// passed through tr where it is shown.
ImU32 fate_colour(const Theme& theme, Fate fate);
ImU32 fate_text_colour(const Theme& theme, Fate fate);
TokenStyle fate_style(Fate fate);
const char* fate_name(Fate fate);

// Hue of a modality of the frame's scheme, by its place in the document's scheme so that it never changes
// when another modality is switched off.
ImU32 modality_hue(const PanelContext& context, const std::string& modality_name);

}  // namespace maskscope
