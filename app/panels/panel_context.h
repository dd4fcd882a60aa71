// What every panel gets: the session to read and to send edits to, the view, and where to draw. Panels know
// neither GL nor CUDA nor the window system.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <imgui.h>

#include "app/panels/picture_cache.h"
#include "app/render/fonts.h"
#include "app/render/theme.h"
#include "app/render/token_canvas.h"
#include "app/session.h"
#include "app/tensor_table.h"

namespace maskscope {

enum class PackedSide : std::uint8_t { encoder, decoder };

// The views below the strips; where there is no room below, beside the cards. tokens: the cards themselves, in that case.
enum class BottomTab : std::uint8_t { tokens, numbers, table, problems };

// What the cursor is on, or what is pinned: a token, wherever it shows up, or a slot that holds none.
struct Pointed {
  TokenIdentity token;
  PackedSide side = PackedSide::encoder;  // of ignored_slot
  int ignored_slot = -1;                  // -1: none
  bool is_valid() const { return token.is_valid() || ignored_slot >= 0; }
  bool operator==(const Pointed&) const = default;
};

// How the user looks at the document; not part of it, not undone.
struct ViewState {
  ThemeKind theme = ThemeKind::dark;
  float text_size = 1.0f;
  Pointed hovered;       // in the frame before this one
  Pointed hovered_next;  // collected while this frame is built
  Pointed pinned;
  std::string pinned_modality;   // name of the pinned token's modality: its position changes with the scheme
  std::optional<Fate> isolated;  // only this fate is shown at full strength
  bool shows_target_alphas = false;
  std::string keep_modality;     // the text whose keep scheme is shown; empty: all of them, where they keep alike
  std::optional<int> component;  // of the mixture, whose alphas the scheme panel shows; absent: the one drawn for this sample
  bool is_open_dialog_wanted = false;
  bool is_save_dialog_wanted = false;
  bool is_scheme_dialog_wanted = false;    // to save the scheme as a file of its own
  bool is_config_update_wanted = false;    // to write the scheme's numbers back into the configuration's files
  bool is_text_editor_wanted = false;
  bool is_shortcut_sheet_open = false;
  bool is_about_open = false;
  bool is_quit_wanted = false;
  bool is_browse_menu_wanted = false;
  bool is_jump_wanted = false;         // the keyboard in the browse menu's first field
  std::string jump_text;
  // tokens: the cards where they are a tab; where they have a place of their own, the numbers.
  BottomTab bottom_tab = BottomTab::tokens;
  bool are_cards_a_tab = false;  // in the frame before this one
  float bottom_share = 0;  // of the column's height, for the views below; 0: as the program sees fit
  TableKind table_kind = TableKind::modality;
  std::string table_modality;  // the Table's; empty or gone: the pinned token's, else the first
  std::string wanted_key;      // of the sample to go to; whoever goes there clears it
  bool shows_ids_over_picture = false;  // pre-tokenized grids: the coloured ids laid over the RGB crop

  BottomTab shown_tab() const { return bottom_tab == BottomTab::tokens && !are_cards_a_tab ? BottomTab::numbers : bottom_tab; }

  // The token all views light up: the hovered one, else the pinned one.
  const Pointed& shown() const { return hovered.is_valid() ? hovered : pinned; }
};

// Where the important widgets of the last frame were: px of the window. For tests that drive the real window.
struct WidgetRect {
  float x = 0, y = 0, width = 0, height = 0;
};
using WidgetLog = std::map<std::string, WidgetRect>;

class Browser;

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

// A token worth a first look: an encoder token near the middle of a picture, of ids rather than plain pixels.
Pointed first_look(const MaskedFrame& frame);

// Whether some card can show its ids over the picture.
bool has_ids_over_picture(const MaskedFrame& frame);

// Every fate's colour for fills, its colour for text, its drawing style and its name.
ImU32 fate_colour(const Theme& theme, Fate fate);
ImU32 fate_text_colour(const Theme& theme, Fate fate);
TokenStyle fate_style(Fate fate);
const char* fate_name(Fate fate);

// Hue of a modality of the frame's scheme, by its place in the document's scheme so that it never changes
// when another modality is switched off.
ImU32 modality_hue(const PanelContext& context, const std::string& modality_name);

}  // namespace maskscope
