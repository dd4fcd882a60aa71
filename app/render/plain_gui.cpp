#include "app/render/plain_gui.h"

#include <algorithm>
#include <cfloat>
#include <utility>

#include "app/imgui_compat.h"

namespace maskscope {

PlainGui::PlainGui(Look look) : look_(std::move(look)), context_(ImGui::CreateContext()) {
  ImGui::SetCurrentContext(context_);
  look_.scale = std::clamp(look_.scale, 0.5f, 8.0f);
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
  imgui_compat::map_keys(io);
  imgui_compat::add_mouse_position(io, -FLT_MAX, -FLT_MAX);
  fonts_ = build_fonts(*io.Fonts, {.scale = look_.scale, .ui_text = look_.ui_text, .extra_text = look_.extra_text});
  io.FontDefault = fonts_.body;
  apply_theme(ImGui::GetStyle(), theme(), look_.scale);
}

PlainGui::~PlainGui() { ImGui::DestroyContext(context_); }

const Theme& PlainGui::theme() const { return maskscope::theme(look_.theme); }

void PlainGui::begin_frame(int width, int height, float delta_seconds) {
  ImGui::SetCurrentContext(context_);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(width), static_cast<float>(height));
  io.DeltaTime = std::max(delta_seconds, 1e-4f);
  ImGui::NewFrame();
  canvas_.begin_frame({.scale = look_.scale, .highlight = theme().highlight, .separator = theme().grid_line});
}

void PlainGui::end_frame() { ImGui::Render(); }

}  // namespace maskscope
