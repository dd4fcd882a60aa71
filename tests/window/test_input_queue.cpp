#include "app/window/glfw_library.h"
#include "app/window/input_queue.h"
#include "tests/catch.h"

using namespace maskscope;

namespace {

using Kind = InputEvent::Kind;

// A window-less ImGui with one button of 100 x 100 at the origin.
struct ButtonPage {
  InputQueue input;
  int num_clicks = 0;

  ButtonPage() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().DisplaySize = ImVec2(200, 200);
    ImGui::GetIO().Fonts->Build();
    imgui_compat::map_keys(ImGui::GetIO());
  }
  ~ButtonPage() { ImGui::DestroyContext(); }

  void frame() {
    ImGui::GetIO().DeltaTime = 1.0f / 60;
    input.apply(ImGui::GetIO());
    ImGui::NewFrame();
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({200, 200});
    ImGui::Begin("page", nullptr, ImGuiWindowFlags_NoDecoration);
    ImGui::SetCursorPos({0, 0});
    if (ImGui::Button("button", {100, 100})) ++num_clicks;
    ImGui::End();
    ImGui::EndFrame();
  }
};

InputEvent move_to(float x, float y) {
  InputEvent event;
  event.kind = Kind::mouse_position;
  event.x = x;
  event.y = y;
  return event;
}

InputEvent button(bool is_down) {
  InputEvent event;
  event.kind = Kind::mouse_button;
  event.is_down = is_down;
  return event;
}

InputEvent key(Key which, bool is_down, KeyModifiers modifiers = {}) {
  InputEvent event;
  event.kind = Kind::key;
  event.key = which;
  event.is_down = is_down;
  event.modifiers = modifiers;
  return event;
}

}  // namespace

TEST_CASE("two clicks within one slow frame are two clicks") {
  ButtonPage page;
  page.frame();
  page.input.push(move_to(50, 50));
  page.frame();
  for (const bool is_down : {true, false, true, false}) page.input.push(button(is_down));
  int frames = 0;
  for (; !page.input.is_empty(); ++frames) page.frame();
  page.frame();
  CHECK(page.num_clicks == 2);
  CHECK(frames == 4);
}

TEST_CASE("a click counts where the button went down, not where the mouse went afterwards") {
  ButtonPage page;
  page.frame();
  page.input.push(move_to(50, 50));
  page.frame();
  page.input.push(button(true));
  page.input.push(button(false));
  page.input.push(move_to(190, 190));
  for (int i = 0; i < 4; ++i) page.frame();
  CHECK(page.num_clicks == 1);
}

TEST_CASE("a key tapped within one frame is seen, with its modifiers") {
  ButtonPage page;
  page.frame();
  page.input.push(key(Key::s, true, {.ctrl = true, .shift = false, .alt = false, .super = false}));
  page.input.push(key(Key::s, false));
  page.input.apply(ImGui::GetIO());
  ImGui::NewFrame();
  CHECK(imgui_compat::is_shortcut(Key::s, {.ctrl = true, .shift = false, .alt = false, .super = false}));
  CHECK_FALSE(imgui_compat::is_shortcut(Key::s));
  CHECK_FALSE(imgui_compat::is_key_pressed(Key::d));
  ImGui::EndFrame();
  CHECK_FALSE(page.input.is_empty());
  page.frame();
  page.frame();
  CHECK_FALSE(imgui_compat::is_key_down(Key::s));
}

TEST_CASE("losing the focus lets go of what was held") {
  ButtonPage page;
  page.frame();
  page.input.push(key(Key::a, true));
  page.frame();
  CHECK(imgui_compat::is_key_down(Key::a));
  InputEvent gone;
  gone.kind = Kind::focus;
  page.input.push(gone);
  page.frame();
  page.frame();
  CHECK_FALSE(imgui_compat::is_key_down(Key::a));
}

TEST_CASE("keys of GLFW have our names") {
  CHECK(key_of_glfw('A') == Key::a);
  CHECK(key_of_glfw('Z') == Key::z);
  CHECK(key_of_glfw('9') == Key::n9);
  CHECK(key_of_glfw(301) == Key::f12);
  CHECK(key_of_glfw(-1) == Key::count);
}
