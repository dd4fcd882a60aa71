#include "app/panels/top_bar.h"

#include <cinttypes>
#include <cstdio>

#include "app/imgui_compat.h"
#include "app/panels/actions.h"
#include "app/panels/browse_menu.h"
#include "app/panels/menus.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

void draw_source(PanelContext& context) {
  const InputSpec inputs = context.session.document().inputs;
  const std::string& title = context.frame().inputs->title;
  if (inputs.picture == PictureSource::dataset || inputs.picture == PictureSource::dump) {
    draw_sample_counter(context);
  } else if (inputs.picture == PictureSource::scene) {
    if (widgets::icon_button(context, "previous scene", widgets::Icon::left, tr("Previous bundled scene"))) step_source(context, -1);
    context.log_last_item("source.previous");
    ImGui::SameLine(0, context.px(4));
    widgets::chip(context, "scene", tr("scene"), cat(inputs.scene_seed + 1));
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("A scene the program draws itself, with aligned depth, normals, segmentation, edges, caption and detections. Drop an image or a text to see your own."));
    ImGui::SameLine(0, context.px(4));
    if (widgets::icon_button(context, "next scene", widgets::Icon::right, tr("Next bundled scene"))) step_source(context, 1);
    context.log_last_item("source.next");
  } else {
    bool is_cut = false;
    const std::string shown = widgets::ellipsized(context.fonts.body, drawable(title), context.px(180), is_cut);
    if (widgets::chip(context, "source", inputs.picture == PictureSource::photo ? tr("photo") : tr("text"), shown)) context.view.is_open_dialog_wanted = true;
    if (ImGui::IsItemHovered()) widgets::tooltip(context, (inputs.picture == PictureSource::photo ? inputs.photo.string() : title) + "\n" + tr("Click to open something else."));
    if (inputs.picture == PictureSource::photo) {
      ImGui::SameLine(0, context.px(6));
      const bool is_crop = inputs.fit == FitMode::centre_crop;
      if (widgets::chip(context, "fit", "", is_crop ? tr("centre crop") : tr("whole picture"))) context.session.apply(edits::set_fit(is_crop ? FitMode::fit : FitMode::centre_crop));
      context.log_last_item("source.fit");
      if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("How the photo becomes a square: its centre cut out, or all of it with bars. Click to switch."));
    }
  }
}

// Where a chip's menu opens.
ImVec2 below_last_item(const PanelContext& context) {
  return {ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)};
}

void draw_grid_choice(PanelContext& context) {
  const InputSpec inputs = context.session.document().inputs;
  if (widgets::chip(context, "grid", tr("grid"), cat(inputs.input_size, " / ", inputs.patch_size))) ImGui::OpenPopup("grid menu");
  const ImVec2 below = below_last_item(context);
  context.log_last_item("source.grid");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Picture size and patch size in pixels: 224 / 16 gives 14 × 14 = 196 tokens."));
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("grid menu")) {
    for (const int size : {224, 448}) {
      for (const int patch : {16, 14}) {
        const int side = size / patch;
        const std::string label = fill(tr("{0} / {1}   {2} × {2} = {3} tokens"), size, patch, side, side * side);
        if (ImGui::MenuItem(label.c_str(), nullptr, size == inputs.input_size && patch == inputs.patch_size)) context.session.apply(edits::set_grid(size, patch));
      }
    }
    ImGui::EndPopup();
  }
}

void draw_seed(PanelContext& context) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  widgets::text(context, context.fonts.body, {at.x, at.y + context.px(13)}, context.theme.secondary_text, tr("seed"));
  ImGui::SetCursorScreenPos({at.x + widgets::text_width(context.fonts.body, tr("seed")) + context.px(8), at.y});
  std::uint64_t seed = context.session.document().seed;
  const std::uint64_t step = 1;
  ImGui::PushFont(context.fonts.mono);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {context.px(8), (context.px(26) - context.fonts.mono->FontSize) * 0.5f});
  ImGui::SetNextItemWidth(context.px(104));
  ImGui::DragScalar("##seed", ImGuiDataType_U64, &seed, 0.2f, nullptr, nullptr, "%" PRIu64);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  context.log_last_item("seed.value");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("The same seed gives the same result, in the window and in every subcommand. Drag, or double-click to type; up and down step."));
  if (widgets::drag_ended()) context.session.end_merge();
  if (ImGui::IsItemFocused() && !ImGui::IsItemActive()) {
    if (imgui_compat::is_key_pressed(Key::up)) seed += step;
    if (imgui_compat::is_key_pressed(Key::down)) seed -= step;
  }
  if (seed != context.session.document().seed) context.session.apply(edits::set_seed(seed));
  ImGui::SameLine(0, context.px(4));
  if (widgets::icon_button(context, "roll", widgets::Icon::dice, tr("Roll the seed (R)"))) roll_seed(context.session);
  context.log_last_item("seed.roll");
}

void draw_random(PanelContext& context) {
  const RandomSource random = context.session.document().random;
  const bool is_torch = random == RandomSource::torch;
  if (widgets::chip(context, "rng", tr("rng"), is_torch ? "PyTorch" : "Philox", is_torch)) ImGui::OpenPopup("rng menu");
  const ImVec2 below = below_last_item(context);
  context.log_last_item("rng");
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, is_torch ? tr("The draws of torch.manual_seed(seed), random.seed(seed) and numpy.random.seed(seed): the content masks that a notebook with the reference's UnifiedMasking shows for this seed.")
                                       : tr("Philox: every draw has a name, so the same seed gives the same content masks on CPU and GPU. Click for PyTorch's generators, to see what a notebook shows."));
  }
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("rng menu")) {
    if (ImGui::MenuItem(tr("Philox    named draws, CPU and GPU"), nullptr, !is_torch)) context.session.apply(edits::set_random(RandomSource::named));
    context.log_last_item("rng.philox");
    if (ImGui::MenuItem(tr("PyTorch   as a notebook after seeding, CPU only"), nullptr, is_torch)) context.session.apply(edits::set_random(RandomSource::torch));
    context.log_last_item("rng.torch");
    ImGui::EndPopup();
  }
}

// Both languages by their own names, the present one bright: found by whoever is lost in the other. Ends at right; returns where
// it begins, or right where there is no room.
float draw_language(PanelContext& context, float right) {
  const Theme& theme = context.theme;
  ImFont* const font = context.fonts.body;
  const char *const english = "EN", *const between = " / ", *const chinese = "中文";
  const float english_width = widgets::text_width(font, english), between_width = widgets::text_width(font, between);
  const float width = english_width + between_width + widgets::text_width(font, chinese) + context.px(20);
  const ImVec2 back = ImGui::GetCursorScreenPos(), at{right - width, back.y};
  if (at.x < back.x + context.px(8)) return right;
  const bool is_english = context.view.language == Language::english;
  ImGui::SetCursorScreenPos(at);
  if (ImGui::InvisibleButton("language", {width, context.px(26)})) context.view.language = is_english ? Language::chinese : Language::english;
  context.log_last_item("language");
  const bool is_hot = ImGui::IsItemHovered() || (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible);
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Language of the window"));
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{right, at.y + context.px(26)};
  list.AddRectFilled(at, end, is_hot ? mix(theme.control, theme.text, 0.06f) : theme.control, context.px(5));
  list.AddRect(at, end, is_hot ? mix(theme.line, theme.accent, 0.6f) : theme.line, context.px(5), 0, context.px(1));
  const float middle = (at.y + end.y) * 0.5f;
  float x = at.x + context.px(10);
  widgets::text(context, font, {x, middle}, is_english ? theme.text : theme.secondary_text, english);
  x += english_width;
  widgets::text(context, font, {x, middle}, theme.secondary_text, between);
  widgets::text(context, font, {x + between_width, middle}, is_english ? theme.secondary_text : theme.text, chinese);
  ImGui::SetCursorScreenPos(back);
  return at.x;
}

void draw_backend(PanelContext& context, float right) {
  const BackendInfo info = context.session.backend_info();
  char label[64];
  const bool is_torch = context.frame().random == RandomSource::torch;
  const char* name = info.name == "cuda" && !is_torch ? "CUDA" : "CPU";
  if (context.shows_timing) std::snprintf(label, sizeof label, "%s · %.2f ms", name, context.frame().compute_us * 1e-3);
  else std::snprintf(label, sizeof label, "%s", name);
  const float width = widgets::text_width(context.fonts.body, label) + context.px(20);
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
  draw_menus(context);
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
  const float right = ImGui::GetWindowPos().x + ImGui::GetWindowSize().x - context.px(12);
  const float left = draw_language(context, right);
  draw_backend(context, left < right ? left - context.px(10) : right);
}

}  // namespace maskscope
