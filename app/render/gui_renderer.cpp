#include "app/render/gui_renderer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <backends/imgui_impl_opengl3.h>

#include "app/imgui_compat.h"
#include "app/render/gl_token_canvas.h"
#include "core/error.h"

namespace maskscope {
namespace {

class ImGuiOwner {
 public:
  ImGuiOwner() : context_(ImGui::CreateContext()) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // positions belong to the session
    io.LogFilename = nullptr;
    io.ConfigWindowsMoveFromTitleBarOnly = true;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    imgui_compat::map_keys(io);
    if (!ImGui_ImplOpenGL3_Init("#version 330 core")) {
      ImGui::DestroyContext(context_);
      throw Error("Dear ImGui can't find the OpenGL functions of this driver. Install libgl1 and Mesa's or the maker's driver.");
    }
  }
  ~ImGuiOwner() {
    ImGui::SetCurrentContext(context_);
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(context_);
  }
  ImGuiOwner(const ImGuiOwner&) = delete;
  ImGuiOwner& operator=(const ImGuiOwner&) = delete;

  ImGuiContext* get() const { return context_; }

 private:
  ImGuiContext* context_;
};

}  // namespace

struct GuiRenderer::State {
  explicit State(Look first_look) : look(std::move(first_look)) { apply_look(true); }

  void apply_look(bool are_fonts_stale) {
    ImGui::SetCurrentContext(imgui.get());
    apply_theme(ImGui::GetStyle(), maskscope::theme(look.theme), look.scale);
    if (!are_fonts_stale) return;
    ImGuiIO& io = ImGui::GetIO();
    // The old ranges stay alive until the atlas has forgotten them.
    Fonts rebuilt = build_fonts(*io.Fonts, {.scale = look.scale, .ui_text = look.ui_text, .extra_text = look.extra_text});
    fonts = std::move(rebuilt);
    io.FontDefault = fonts.body;
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    if (has_device_objects) ImGui_ImplOpenGL3_CreateFontsTexture();
  }

  Look look;
  Fonts fonts;
  ImGuiOwner imgui;
  GlTokenCanvas canvas;
  std::optional<Look> next_look;
  bool has_device_objects = false;
  int width = 0, height = 0;
};

GuiRenderer::GuiRenderer(Look look) {
  gl::require_version_3_3();
  look.scale = std::clamp(look.scale, 0.5f, 8.0f);
  state_ = std::make_unique<State>(std::move(look));
}

GuiRenderer::~GuiRenderer() = default;

void GuiRenderer::set_look(Look look) {
  look.scale = std::clamp(look.scale, 0.5f, 8.0f);
  state_->next_look = std::move(look);
}

const Look& GuiRenderer::look() const { return state_->next_look ? *state_->next_look : state_->look; }
const Theme& GuiRenderer::theme() const { return maskscope::theme(state_->look.theme); }
const Fonts& GuiRenderer::fonts() const { return state_->fonts; }
float GuiRenderer::scale() const { return state_->look.scale; }
TokenCanvas& GuiRenderer::canvas() { return state_->canvas; }
const FigureSource& GuiRenderer::figure_source() const { return state_->canvas; }

void GuiRenderer::begin_frame(int width, int height, float delta_seconds) {
  State& state = *state_;
  ImGui::SetCurrentContext(state.imgui.get());
  if (state.next_look && *state.next_look != state.look) {
    const Look old = std::exchange(state.look, *state.next_look);
    state.apply_look(old.scale != state.look.scale || old.ui_text != state.look.ui_text || old.extra_text != state.look.extra_text);
  }
  state.next_look.reset();
  state.width = std::max(width, 0);
  state.height = std::max(height, 0);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = ImVec2(static_cast<float>(state.width), static_cast<float>(state.height));
  io.DisplayFramebufferScale = ImVec2(1, 1);
  io.DeltaTime = std::max(delta_seconds, 1e-4f);
  ImGui_ImplOpenGL3_NewFrame();
  state.has_device_objects = true;
  ImGui::NewFrame();
  const Theme& colours = theme();
  state.canvas.begin_frame({.scale = state.look.scale, .highlight = colours.highlight, .separator = colours.grid_line});
}

void GuiRenderer::end_frame() { ImGui::Render(); }

void GuiRenderer::render() {
  State& state = *state_;
  if (state.width == 0 || state.height == 0) return;
  const ImVec4 ground = ImGui::ColorConvertU32ToFloat4(theme().ground);
  glDisable(GL_SCISSOR_TEST);
  glDisable(GL_FRAMEBUFFER_SRGB);  // all colours are already as displayed
  glViewport(0, 0, state.width, state.height);
  glClearColor(ground.x, ground.y, ground.z, 1.0f);
  glClear(GL_COLOR_BUFFER_BIT);
  state.canvas.set_viewport(state.width, state.height);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace maskscope
