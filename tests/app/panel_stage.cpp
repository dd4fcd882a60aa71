#include "tests/app/panel_stage.h"

#include <algorithm>
#include <cmath>

#include "tests/catch.h"

namespace maskscope::test {

bool has_chinese_font() { return drawable_share("模态预算掩码", text_font_files()) == 1; }

PanelStage::PanelStage(const Document& document, Screen screen)
    : screen_(screen), context_(ImGui::CreateContext()), session_(make_session(document)), pictures_(std::make_unique<PictureCache>(canvas_)) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  imgui_compat::map_keys(io);
  imgui_compat::add_mouse_position(io, -1, -1);
  follow_fonts();
  view_.theme = screen.theme;
  apply_theme(ImGui::GetStyle(), theme(screen.theme), screen.scale);
}

PanelStage::~PanelStage() {
  pictures_.reset();
  ImGui::DestroyContext(context_);
  set_language(Language::english);
}

void PanelStage::follow_fonts() {
  const std::string wanted = "≤≥×·–—…“”" + characters_for(view_);
  if (wanted == font_text_) return;
  font_text_ = wanted;
  ImGuiIO& io = ImGui::GetIO();
  // The old ranges stay alive until the atlas has forgotten them.
  Fonts rebuilt = build_fonts(*io.Fonts, {.scale = screen_.scale, .ui_text = font_text_, .extra_text = {}});
  fonts_ = std::move(rebuilt);
  io.FontDefault = fonts_.body;
}

void PanelStage::frame() {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {screen_.width, screen_.height};
  io.DeltaTime = 1.0f / 60;
  follow_fonts();
  ImGui::NewFrame();
  canvas_.begin_frame({.scale = screen_.scale});
  widgets_.clear();
  PanelContext context{session_, view_, canvas_, *pictures_, theme(view_.theme), fonts_, screen_.scale, widgets_, false, shown_ ? &*shown_ : nullptr};
  language_switch_.follow(context);
  main_view_.draw(context);
  pictures_->end_frame();
  ImGui::Render();
}

void PanelStage::move_to(ImVec2 at) {
  imgui_compat::add_mouse_position(ImGui::GetIO(), at.x, at.y);
  frame();
}

void PanelStage::press() {
  imgui_compat::add_mouse_button(ImGui::GetIO(), 0, true);
  frame();
}

void PanelStage::release() {
  imgui_compat::add_mouse_button(ImGui::GetIO(), 0, false);
  frame();
}

void PanelStage::click(ImVec2 at) {
  move_to(at);
  press();
  release();
}

void PanelStage::wheel(float lines) {
  imgui_compat::add_mouse_wheel(ImGui::GetIO(), 0, lines);
  frame();
}

void PanelStage::drag(ImVec2 from, ImVec2 to, int steps) {
  move_to(from);
  press();
  for (int i = 1; i <= steps; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(steps);
    move_to({from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share});
  }
  release();
}

void PanelStage::key(Key key, KeyModifiers held) {
  ImGuiIO& io = ImGui::GetIO();
  imgui_compat::add_modifiers(io, held);
  imgui_compat::add_key(io, key, true);
  frame();
  imgui_compat::add_key(io, key, false);
  imgui_compat::add_modifiers(io, {});
  frame();
}

void PanelStage::type(const std::string& text) {
  for (const char character : text) {
    ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(character));
    frame();
  }
}

const WidgetRect& PanelStage::widget(const std::string& id) const {
  const auto found = widgets_.find(id);
  INFO("widget " << id);
  REQUIRE(found != widgets_.end());
  return found->second;
}

ImVec2 PanelStage::centre(const std::string& id) const {
  const WidgetRect& rect = widget(id);
  return {rect.x + rect.width * 0.5f, rect.y + rect.height * 0.5f};
}

const RecordingCanvas::Batch& PanelStage::grid_of(const std::string& modality) const {
  const WidgetRect& card = widget("card." + modality);
  for (const RecordingCanvas::Batch& batch : canvas_.batches()) {
    if (batch.quads.empty() || !(batch.quads.front().flags & has_grid)) continue;
    const TokenQuad& first = batch.quads.front();
    if (first.x >= card.x && first.x < card.x + card.width && first.y >= card.y && first.y < card.y + card.height) return batch;
  }
  FAIL("no cells were drawn for " << modality);
  return canvas_.batches().front();
}

ImVec2 PanelStage::cell_centre(const std::string& modality, int slot) const {
  // By its part of the picture: marked cells are drawn last.
  const std::vector<TokenQuad>& cells = grid_of(modality).quads;
  const int side = masked().scheme.modalities[static_cast<std::size_t>(masked().scheme.find(modality))].modality.grid_side();
  const auto found = std::find_if(cells.begin(), cells.end(), [&](const TokenQuad& quad) {
    return std::lround(quad.u0 * static_cast<float>(side)) == slot % side && std::lround(quad.v0 * static_cast<float>(side)) == slot / side;
  });
  REQUIRE(found != cells.end());
  const TokenQuad& cell = *found;
  return {cell.x + cell.width * 0.5f, cell.y + cell.height * 0.5f};
}

}  // namespace maskscope::test
