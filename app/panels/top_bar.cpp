#include "app/panels/top_bar.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "app/imgui_compat.h"
#include "app/panels/browse_menu.h"
#include "app/panels/browser.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/scheme_panel.h"
#include "app/panels/widgets.h"
#include "app/session_file.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope {
namespace {

// A fresh seed for people: short enough to read out to a class.
std::uint64_t rolled_seed() {
  static std::random_device device;
  return device() % 1000000u;
}

// Every roll is an undo step of its own.
void roll_seed(Session& session) {
  session.end_merge();
  session.apply(edits::set_seed(rolled_seed()));
  session.end_merge();
}

void step_scene(PanelContext& context, int direction) {
  const std::uint64_t seed = context.session.document().inputs.scene_seed;
  if (direction < 0 && seed == 0) return;
  context.session.apply(edits::open_scene(direction < 0 ? seed - 1 : seed + 1));
}

// The next scene or sample.
void step_source(PanelContext& context, int direction) {
  const InputSpec& inputs = context.session.document().inputs;
  if (inputs.picture == PictureSource::scene) step_scene(context, direction);
  else if (inputs.picture == PictureSource::dataset || inputs.picture == PictureSource::dump) context.browser->step(context, direction);
}

// The texts of a data set and of a dump are what they are.
bool has_own_text(const InputSpec& inputs) { return inputs.picture != PictureSource::dataset && inputs.picture != PictureSource::dump; }

void draw_file_menu(PanelContext& context) {
  if (!ImGui::BeginMenu("File")) return;
  ViewState& view = context.view;
  const InputSpec& inputs = context.session.document().inputs;
  if (ImGui::MenuItem("Open…", "Ctrl+O")) view.is_open_dialog_wanted = true;
  if (ImGui::MenuItem("Edit text…", "Ctrl+T", false, has_own_text(inputs))) view.is_text_editor_wanted = true;
  if (ImGui::MenuItem("Bundled scene", nullptr, inputs.picture == PictureSource::scene && !inputs.text)) context.session.apply(edits::open_scene(inputs.scene_seed));
  if (ImGui::MenuItem("Bundled tokenizer", nullptr, inputs.tokenizer.empty())) context.session.apply(edits::use_bundled_tokenizer());
  ImGui::Separator();
  if (ImGui::MenuItem("Save session…", "Ctrl+S")) view.is_save_dialog_wanted = true;
  if (ImGui::MenuItem("Save scheme…")) view.is_scheme_dialog_wanted = true;
  if (const auto& config = context.frame().inputs->config) {
    if (ImGui::MenuItem("Write the numbers back into the configuration")) view.is_config_update_wanted = true;
    if (ImGui::IsItemHovered()) {
      std::string files;
      for (const auto& file : config->files) files += "\n" + file.string();
      widgets::tooltip(context, "Only the numbers that were changed are written, into the one of these files that holds them; all else stays byte for byte." + files);
    }
    if (ImGui::MenuItem("Close the configuration")) context.session.apply(edits::close_config());
  }
  ImGui::Separator();
  if (ImGui::MenuItem("Quit", "Ctrl+Q")) view.is_quit_wanted = true;
  ImGui::EndMenu();
}

void draw_edit_menu(PanelContext& context) {
  if (!ImGui::BeginMenu("Edit")) return;
  Session& session = context.session;
  const std::string undo = session.can_undo() ? "Undo " + session.undo_name() : "Undo";
  const std::string redo = session.can_redo() ? "Redo " + session.redo_name() : "Redo";
  if (ImGui::MenuItem(undo.c_str(), "Ctrl+Z", false, session.can_undo())) session.undo();
  if (ImGui::MenuItem(redo.c_str(), "Ctrl+Y", false, session.can_redo())) session.redo();
  ImGui::Separator();
  if (ImGui::MenuItem("Roll the seed", "R")) roll_seed(session);
  const bool is_all = !session.document().scheme.target_tokens;
  const bool is_sampled = session.document().scheme.mode == BudgetMode::sampled;  // else nothing depends on it
  if (ImGui::MenuItem("All other tokens are targets", nullptr, is_all, is_sampled)) session.apply(edits::set_all_targets(!is_all));
  ImGui::EndMenu();
}

void draw_view_menu(PanelContext& context) {
  if (!ImGui::BeginMenu("View")) return;
  ViewState& view = context.view;
  if (ImGui::MenuItem("Dark", nullptr, view.theme == ThemeKind::dark)) view.theme = ThemeKind::dark;
  if (ImGui::MenuItem("Light", nullptr, view.theme == ThemeKind::light)) view.theme = ThemeKind::light;
  ImGui::Separator();
  if (ImGui::MenuItem("Larger text", "Ctrl++", false, view.text_size < 3.0f)) view.text_size = std::min(view.text_size * 1.1f, 3.0f);
  if (ImGui::MenuItem("Smaller text", "Ctrl+-", false, view.text_size > 0.75f)) view.text_size = std::max(view.text_size / 1.1f, 0.75f);
  if (ImGui::MenuItem("Normal text", "Ctrl+0")) view.text_size = 1.0f;
  ImGui::Separator();
  const auto tab_item = [&](const char* label, const char* keys, BottomTab tab, bool is_there = true) {
    if (ImGui::MenuItem(label, keys, is_there && view.shown_tab() == tab, is_there)) view.bottom_tab = tab;
  };
  tab_item("Tokens", "Ctrl+1", BottomTab::tokens, view.are_cards_a_tab);
  tab_item("Budgets", "Ctrl+2", BottomTab::waterfall);
  tab_item("Attention", "Ctrl+3", BottomTab::attention);
  tab_item("Embeddings", "Ctrl+4", BottomTab::embeddings);
  tab_item("Distribution", "Ctrl+5", BottomTab::distribution);
  tab_item("Compare", "Ctrl+6", BottomTab::compare);
  tab_item("Table", "Ctrl+7", BottomTab::table);
  tab_item("Problems", "Ctrl+8", BottomTab::problems);
  ImGui::Separator();
  // Only where a card of this sample has ids and a picture to lay them over.
  const bool has_ids = has_ids_over_picture(context.frame());
  if (ImGui::MenuItem("Ids over the picture", "I", view.shows_ids_over_picture && has_ids, has_ids)) view.shows_ids_over_picture = !view.shows_ids_over_picture;
  context.log_last_item("view.ids_over_picture");
  if (ImGui::MenuItem("Show all fates", "Esc", false, view.isolated.has_value())) view.isolated.reset();
  ImGui::EndMenu();
}

void draw_help_menu(PanelContext& context) {
  if (!ImGui::BeginMenu("Help")) return;
  if (ImGui::MenuItem("Keyboard shortcuts", "?")) context.view.is_shortcut_sheet_open = true;
  if (ImGui::MenuItem("About maskscope")) context.view.is_about_open = true;
  ImGui::EndMenu();
}

void draw_source(PanelContext& context) {
  const InputSpec inputs = context.session.document().inputs;
  const std::string& title = context.frame().inputs->title;
  if (inputs.picture == PictureSource::dataset || inputs.picture == PictureSource::dump) {
    draw_sample_counter(context);
  } else if (inputs.picture == PictureSource::scene) {
    if (widgets::icon_button(context, "previous scene", widgets::Icon::left, "Previous bundled scene")) step_scene(context, -1);
    context.log_last_item("source.previous");
    ImGui::SameLine(0, context.px(4));
    widgets::chip(context, "scene", "scene", cat(inputs.scene_seed + 1));
    if (ImGui::IsItemHovered()) widgets::tooltip(context, "A scene the program draws itself, with aligned depth, normals, segmentation, edges, caption and detections. Drop an image or a text to see your own.");
    ImGui::SameLine(0, context.px(4));
    if (widgets::icon_button(context, "next scene", widgets::Icon::right, "Next bundled scene")) step_scene(context, 1);
    context.log_last_item("source.next");
  } else {
    bool is_cut = false;
    const std::string shown = widgets::ellipsized(context.fonts.body, drawable(title), context.px(180), is_cut);
    if (widgets::chip(context, "source", inputs.picture == PictureSource::photo ? "photo" : "text", shown)) context.view.is_open_dialog_wanted = true;
    if (ImGui::IsItemHovered()) widgets::tooltip(context, (inputs.picture == PictureSource::photo ? inputs.photo.string() : title) + "\nClick to open something else.");
    if (inputs.picture == PictureSource::photo) {
      ImGui::SameLine(0, context.px(6));
      const bool is_crop = inputs.fit == FitMode::centre_crop;
      if (widgets::chip(context, "fit", "", is_crop ? "centre crop" : "whole picture")) context.session.apply(edits::set_fit(is_crop ? FitMode::fit : FitMode::centre_crop));
      context.log_last_item("source.fit");
      if (ImGui::IsItemHovered()) widgets::tooltip(context, "How the photo becomes a square: its centre cut out, or all of it with bars. Click to switch.");
    }
  }
}

// Where a chip's menu opens.
ImVec2 below_last_item(const PanelContext& context) {
  return {ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)};
}

void draw_grid_choice(PanelContext& context) {
  const InputSpec inputs = context.session.document().inputs;
  if (widgets::chip(context, "grid", "grid", cat(inputs.input_size, " / ", inputs.patch_size))) ImGui::OpenPopup("grid menu");
  const ImVec2 below = below_last_item(context);
  context.log_last_item("source.grid");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, "Picture size and patch size in pixels: 224 / 16 gives 14 × 14 = 196 tokens.");
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("grid menu")) {
    for (const int size : {224, 448}) {
      for (const int patch : {16, 14}) {
        const int side = size / patch;
        const std::string label = cat(size, " / ", patch, "   ", side, " × ", side, " = ", side * side, " tokens");
        if (ImGui::MenuItem(label.c_str(), nullptr, size == inputs.input_size && patch == inputs.patch_size)) context.session.apply(edits::set_grid(size, patch));
      }
    }
    ImGui::EndPopup();
  }
}

void draw_seed(PanelContext& context) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  widgets::text(context, context.fonts.body, {at.x, at.y + context.px(13)}, context.theme.secondary_text, "seed");
  ImGui::SetCursorScreenPos({at.x + widgets::text_width(context.fonts.body, "seed") + context.px(8), at.y});
  std::uint64_t seed = context.session.document().seed;
  const std::uint64_t step = 1;
  ImGui::PushFont(context.fonts.mono);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {context.px(8), (context.px(26) - context.fonts.mono->FontSize) * 0.5f});
  ImGui::SetNextItemWidth(context.px(104));
  ImGui::DragScalar("##seed", ImGuiDataType_U64, &seed, 0.2f, nullptr, nullptr, "%" PRIu64);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  context.log_last_item("seed.value");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, "The same seed gives the same masks, in the window and in every subcommand. Drag, or double-click to type; up and down step.");
  if (widgets::drag_ended()) context.session.end_merge();
  if (ImGui::IsItemFocused() && !ImGui::IsItemActive()) {
    if (imgui_compat::is_key_pressed(Key::up)) seed += step;
    if (imgui_compat::is_key_pressed(Key::down)) seed -= step;
  }
  if (seed != context.session.document().seed) context.session.apply(edits::set_seed(seed));
  ImGui::SameLine(0, context.px(4));
  if (widgets::icon_button(context, "roll", widgets::Icon::dice, "Roll the seed (R)")) roll_seed(context.session);
  context.log_last_item("seed.roll");
}

void draw_random(PanelContext& context) {
  const RandomSource random = context.session.document().random;
  const bool is_torch = random == RandomSource::torch;
  if (widgets::chip(context, "rng", "rng", is_torch ? "PyTorch" : "Philox", is_torch)) ImGui::OpenPopup("rng menu");
  const ImVec2 below = below_last_item(context);
  context.log_last_item("rng");
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, is_torch ? "The draws of torch.manual_seed(seed), random.seed(seed) and numpy.random.seed(seed): the masks that a notebook with the "
                                         "reference's UnifiedMasking shows for this seed."
                                       : "Philox: every draw has a name, so the same seed gives the same masks on CPU and GPU. Click for PyTorch's generators, "
                                         "to see what a notebook shows.");
  }
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("rng menu")) {
    if (ImGui::MenuItem("Philox    named draws, CPU and GPU", nullptr, !is_torch)) context.session.apply(edits::set_random(RandomSource::named));
    context.log_last_item("rng.philox");
    if (ImGui::MenuItem("PyTorch   as a notebook after seeding, CPU only", nullptr, is_torch)) context.session.apply(edits::set_random(RandomSource::torch));
    context.log_last_item("rng.torch");
    ImGui::EndPopup();
  }
}

void draw_backend(PanelContext& context) {
  const BackendInfo info = context.session.backend_info();
  char label[64];
  const bool is_torch = context.frame().random == RandomSource::torch;
  const char* name = info.name == "cuda" && !is_torch ? "CUDA" : "CPU";
  if (context.shows_timing) std::snprintf(label, sizeof label, "%s · %.2f ms", name, context.frame().compute_us * 1e-3);
  else std::snprintf(label, sizeof label, "%s", name);
  const float width = widgets::text_width(context.fonts.body, label) + context.px(20);
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowSize().x - context.px(12);
  if (right - width < ImGui::GetCursorScreenPos().x + context.px(8)) return;
  ImGui::SetCursorScreenPos({right - width, ImGui::GetCursorScreenPos().y});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, context.px(26)});
  context.log_last_item("backend");
  const ImVec2 end{at.x + width, at.y + context.px(26)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, end, with_alpha(context.theme.good, 0.10f), context.px(5));
  list.AddRect(at, end, with_alpha(context.theme.good, 0.45f), context.px(5), 0, context.px(1));
  widgets::text(context, context.fonts.body, {at.x + context.px(10), (at.y + end.y) * 0.5f}, context.theme.good, label);
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, context.session.backend_story());
  }
}

}  // namespace

void draw_top_bar(PanelContext& context) {
  ImGui::PushFont(context.fonts.title);
  ImGui::TextUnformatted("maskscope");
  ImGui::PopFont();
  ImGui::Dummy({context.px(2), 0});
  draw_file_menu(context);
  draw_edit_menu(context);
  draw_view_menu(context);
  draw_lesson_menu(context);
  draw_help_menu(context);
  ImGui::Dummy({context.px(4), 0});
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float bar = ImGui::GetWindowPos().y;
  ImGui::SetCursorScreenPos({at.x, bar + (context.px(44) - context.px(26)) * 0.5f});
  draw_source(context);
  ImGui::SameLine(0, context.px(14));
  if (has_own_text(context.session.document().inputs)) {  // a data set's grids have the sizes they have
    draw_grid_choice(context);
    ImGui::SameLine(0, context.px(14));
  }
  draw_seed(context);
  ImGui::SameLine(0, context.px(14));
  if (context.session.document().inputs.picture != PictureSource::dump) {  // nothing is drawn there but the decoder's order
    draw_random(context);
    ImGui::SameLine(0, context.px(14));
  }
  draw_backend(context);
}

void handle_shortcuts(PanelContext& context) {
  using imgui_compat::is_shortcut;
  ViewState& view = context.view;
  Session& session = context.session;
  // A dialog or a menu has the keyboard to itself.
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) return;
  const KeyModifiers ctrl{.ctrl = true};
  const KeyModifiers ctrl_shift{.ctrl = true, .shift = true};
  if (is_shortcut(Key::o, ctrl)) view.is_open_dialog_wanted = true;
  if (is_shortcut(Key::s, ctrl)) view.is_save_dialog_wanted = true;
  if (is_shortcut(Key::t, ctrl) && has_own_text(session.document().inputs)) view.is_text_editor_wanted = true;
  if (is_shortcut(Key::q, ctrl)) view.is_quit_wanted = true;
  if (is_shortcut(Key::z, ctrl, true)) session.undo();
  if (is_shortcut(Key::y, ctrl, true) || is_shortcut(Key::z, ctrl_shift, true)) session.redo();
  if (is_shortcut(Key::r)) roll_seed(session);
  if (is_shortcut(Key::equal, ctrl, true) || is_shortcut(Key::equal, ctrl_shift, true)) view.text_size = std::min(view.text_size * 1.1f, 3.0f);
  if (is_shortcut(Key::minus, ctrl, true)) view.text_size = std::max(view.text_size / 1.1f, 0.75f);
  if (is_shortcut(Key::n0, ctrl)) view.text_size = 1.0f;
  if (is_shortcut(Key::slash, {.shift = true}) || is_shortcut(Key::f1)) view.is_shortcut_sheet_open = !view.is_shortcut_sheet_open;
  if (is_shortcut(Key::page_down, {}, true)) step_source(context, 1);
  if (is_shortcut(Key::page_up, {}, true)) step_source(context, -1);
  if (is_shortcut(Key::g, ctrl) || is_shortcut(Key::f, ctrl)) view.is_browse_menu_wanted = true;
  if (is_shortcut(Key::n1, ctrl) && view.are_cards_a_tab) view.bottom_tab = BottomTab::tokens;
  if (is_shortcut(Key::n2, ctrl)) view.bottom_tab = BottomTab::waterfall;
  if (is_shortcut(Key::n3, ctrl)) view.bottom_tab = BottomTab::attention;
  if (is_shortcut(Key::n4, ctrl)) view.bottom_tab = BottomTab::embeddings;
  if (is_shortcut(Key::n5, ctrl)) view.bottom_tab = BottomTab::distribution;
  if (is_shortcut(Key::n6, ctrl)) view.bottom_tab = BottomTab::compare;
  if (is_shortcut(Key::n7, ctrl)) view.bottom_tab = BottomTab::table;
  if (is_shortcut(Key::n8, ctrl)) view.bottom_tab = BottomTab::problems;
  if (is_shortcut(Key::i) && has_ids_over_picture(context.frame())) view.shows_ids_over_picture = !view.shows_ids_over_picture;
  if (is_shortcut(Key::d)) {
    const bool is_sampled = session.document().scheme.mode == BudgetMode::sampled;
    switch_mode(session, is_sampled ? BudgetMode::direct : BudgetMode::sampled);
  }
  if (is_shortcut(Key::escape)) {
    if (view.is_shortcut_sheet_open || view.is_about_open) view.is_shortcut_sheet_open = view.is_about_open = false;
    else if (view.pinned.is_valid()) view.pinned = {};
    else view.isolated.reset();
  }
}

const std::vector<Shortcut>& shortcuts() {
  static const std::vector<Shortcut> all = {
      {"Ctrl+O", "open a picture, a text, a data set, a configuration, a dump, a session"},
      {"Ctrl+T", "edit the text"},
      {"Ctrl+S", "save the session"},
      {"Ctrl+Z   Ctrl+Y", "undo, redo"},
      {"R", "roll the seed"},
      {"D", "sampled or direct budgets"},
      {"Page up   Page down", "previous, next scene or sample"},
      {"Ctrl+G", "jump to a sample, search, choose how samples are read"},
      {"Ctrl+1 … Ctrl+8", "tokens, budgets, attention, embeddings, distribution, compare, table, problems"},
      {"I", "the ids of a grid alone, or over the picture"},
      {"Ctrl+C", "copy the table or the problems in focus"},
      {"Tab   arrows", "go from control to control; move the one in focus"},
      {"Click", "pin the token under the cursor"},
      {"Esc", "let the pinned token go; show all fates"},
      {"Ctrl++   Ctrl+-   Ctrl+0", "text size"},
      {"?", "this sheet"},
      {"Ctrl+Q", "quit"},
  };
  return all;
}

}  // namespace maskscope
