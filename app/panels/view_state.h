// How the user looks at the document, and what the panels tell each other through it. No part of the document: not undone,
// but kept with a session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/i18n/translate.h"
#include "app/render/theme.h"
#include "app/tensor_table.h"
#include "app/view_names.h"
#include "app/view_place.h"
#include "core/passport.h"

namespace maskscope {

// What the cursor is on, or what is pinned: a token, wherever it shows up, or a slot that holds none.
struct Pointed {
  TokenIdentity token;
  PackedSide side = PackedSide::encoder;  // of ignored_slot
  int ignored_slot = -1;                  // -1: none
  bool is_valid() const { return token.is_valid() || ignored_slot >= 0; }
  bool operator==(const Pointed&) const = default;
};

// The six steps of the way a sample goes: source, budgets, content masks, concatenation, selection, zeroing and attention.
constexpr int num_steps = 6;

enum class StepWish : std::uint8_t { nothing, play_or_pause, play_from_first, previous, next, go_to };

struct StepView {
  // 1 .. num_steps; between two whole numbers the tokens are on their way. At the last one nothing is left to be done: the
  // window shows the masks as they are.
  float position = num_steps;
  bool is_playing = false;
  float speed = 1;  // 0.25 .. 4
  // How keys, menus, links and lessons move the steps: the step bar fulfils it, gliding where motion is not reduced, and clears
  // it. Whoever sets the position instead is there at once.
  StepWish wish = StepWish::nothing;
  int wanted_step = num_steps;  // of StepWish::go_to

  void go_to(int step) {
    wish = StepWish::go_to;
    wanted_step = step;
  }
};

enum class CompareWish : std::uint8_t { nothing, pin, swap, let_go };
enum class ExportWish : std::uint8_t { nothing, copy_value, copy_view, save_png, save_svg, save_pdf, save_steps_gif };

struct ViewState {
  ThemeKind theme = ThemeKind::dark;
  float text_size = 1.0f;
  Language language = Language::english;
  bool is_motion_reduced = false;  // what moves, jumps
  Pointed hovered;       // in the frame before this one
  Pointed hovered_next;  // collected while this frame is built
  // Lit together with the hovered one: the column of an attention cell whose row is hovered.
  Pointed hovered_with, hovered_with_next;
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
  bool is_palette_wanted = false;      // the list of all commands, to type into
  bool is_mask_legend_open = false;    // "Which mask?"
  bool is_lesson_open = false;
  int lesson = 0;                      // chapter, from 0
  int lesson_page = 0;                 // of the chapter, from 0
  std::uint8_t finished_lessons = 0;   // bit i: chapter i was gone through to its end
  StepView steps;
  CompareWish compare_wish = CompareWish::nothing;  // whoever fulfils it clears it
  ExportWish export_wish = ExportWish::nothing;     // of the view in view; whoever fulfils it clears it
  bool is_copy_taken = false;              // in the frame before, the panel with the keyboard had a Ctrl+C of its own
  std::optional<ViewPlace> wanted_place;   // to go to and to show; whoever goes there clears it
  bool is_attention_causal = false;    // decoder_causal_mask
  bool is_attention_separate = true;   // decoder_sep_mask
  int embedding_dim = 64;              // D of the Embeddings view
  // Set to what is still to be moved: frames are drawn for so many seconds after this one.
  float animate_seconds = 0;
  bool is_browse_menu_wanted = false;
  bool is_jump_wanted = false;         // the keyboard in the browse menu's first field
  std::string jump_text;
  // tokens: the cards where they are a tab; where they have a place of their own, the waterfall.
  BottomTab bottom_tab = BottomTab::tokens;
  bool are_cards_a_tab = false;  // in the frame before this one
  float bottom_share = 0;  // of the column's height, for the views below; 0: as the program sees fit
  TableKind table_kind = TableKind::modality;
  std::string table_modality;  // the Table's; empty or gone: the pinned token's, else the first
  std::string wanted_key;      // of the sample to go to; whoever goes there clears it
  bool shows_ids_over_picture = false;  // pre-tokenized grids: the coloured ids laid over the RGB crop

  BottomTab shown_tab() const { return bottom_tab == BottomTab::tokens && !are_cards_a_tab ? BottomTab::waterfall : bottom_tab; }

  // The token all views light up: the hovered one, else the pinned one.
  const Pointed& shown() const { return hovered.is_valid() ? hovered : pinned; }
};

}  // namespace maskscope
