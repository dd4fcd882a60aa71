#include "app/commands/picture_saver.h"

#include <algorithm>
#include <cfloat>
#include <chrono>
#include <utility>

#include "app/imgui_compat.h"
#include "app/render/pixels.h"
#include "app/render/vector_figure.h"
#include "core/data/image.h"
#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

constexpr int max_animation_width = 1000;                   // px
constexpr auto animation_slice = std::chrono::milliseconds(150);  // between two frames of the window: each costs as much as one of the animation

}  // namespace

// Draws with the view as it is, but nothing under the mouse; afterwards the view is as it was.
template <class Draw>
void PictureSaver::draw_unseen(const Draw& draw, std::optional<float> step) {
  ImGuiIO& io = ImGui::GetIO();
  const ImVec2 mouse = io.MousePos;
  const ViewState before = screen_.view();
  ViewState& view = screen_.view();
  view.hovered = {};
  if (step) {
    view.steps.position = *step;
    view.steps.is_playing = false;
  }
  imgui_compat::add_mouse_position(io, -FLT_MAX, -FLT_MAX);
  screen_.main_view().exporter().set_hidden(true);
  const auto restore = [&] {
    screen_.main_view().exporter().set_hidden(false);
    imgui_compat::add_mouse_position(io, mouse.x, mouse.y);
    screen_.view() = before;
  };
  try {
    draw();
  } catch (...) {
    restore();
    throw;
  }
  restore();
}

PixelBuffer PictureSaver::draw_pixels(const PictureRequest& request, int width, int height, std::optional<float> step) {
  PixelBuffer pixels;
  draw_unseen(
      [&] {
        const FrameCapture capture(width, height);
        gui_.begin_frame(width, height, 1e-4f);
        screen_.draw(gui_, /*shows_timing=*/true, 0);
        gui_.end_frame();
        gui_.render();
        pixels = capture.read();
      },
      step);
  const WidgetRect& area = request.area;
  return crop(pixels, static_cast<int>(area.x), static_cast<int>(area.y), static_cast<int>(area.width), static_cast<int>(area.height));
}

std::string PictureSaver::draw_vector(const PictureRequest& request, int width, int height) {
  std::string bytes;
  draw_unseen(
      [&] {
        const FigureStyle style;
        gui_.begin_frame(width, height, 1e-4f);
        screen_.draw(gui_, /*shows_timing=*/true, 0);
        gui_.end_frame();
        const WidgetRect& area = request.area;
        bytes = draw_figure(request.format == PictureFormat::pdf ? FigureFormat::pdf : FigureFormat::svg, *ImGui::GetDrawData(), gui_.figure_source(),
                            {.x = area.x, .y = area.y, .width = area.width, .height = area.height, .scale = gui_.scale(), .ground = gui_.theme().ground, .title = request.title});
      },
      std::nullopt);
  return bytes;
}

void PictureSaver::say_saved(const PictureRequest& request) { session_.say(MessageLevel::info, later("Saved the picture as {0}.", request.path.string())); }

void PictureSaver::save(const PictureRequest& request, int width, int height) {
  if (request.format == PictureFormat::gif) {
    begin_animation(request, width, height);
    return;
  }
  if (request.format == PictureFormat::png) {
    const PixelBuffer pixels = draw_pixels(request, width, height, std::nullopt);
    write_png(request.path, pixels.width, pixels.height, 4, pixels.rgba);
  } else {
    write_whole_file(request.path, draw_vector(request, width, height), "the figure");
  }
  say_saved(request);
}

void PictureSaver::begin_animation(const PictureRequest& request, int width, int height) {
  animation_.emplace(Animation{request, StepsGif({}, max_animation_width), width, height, session_.document(), session_.frame().inputs});
}

void PictureSaver::go_on(int width, int height) {
  Animation& animation = *animation_;
  const bool is_same_window = animation.window_width == width && animation.window_height == height;
  if (!is_same_window || animation.inputs != session_.frame().inputs || !(animation.document == session_.document())) {
    animation_.reset();
    session_.say(MessageLevel::error, later("The animation was not saved: the window or what it shows was changed while it was drawn. Save it again."));
    return;
  }
  const auto end = std::chrono::steady_clock::now() + animation_slice;
  do {
    animation.gif.add(draw_pixels(animation.request, width, height, animation.gif.next_position()));
  } while (!animation.gif.is_done() && std::chrono::steady_clock::now() < end);
  if (!animation.gif.is_done()) return;
  write_whole_file(animation.request.path, animation.gif.finish(), "the animation");
  say_saved(animation.request);
  animation_.reset();
}

bool PictureSaver::work(int width, int height) {
  ViewExport& exporter = screen_.main_view().exporter();
  const auto request = exporter.take_request();
  if (!request && !animation_) return false;
  try {
    if (request) {
      animation_.reset();
      save(*request, width, height);
    } else if (exporter.is_cancelled()) {
      animation_.reset();
      session_.say(MessageLevel::info, later("The animation was not saved."));
    } else {
      go_on(width, height);
    }
  } catch (const Error& error) {
    animation_.reset();
    session_.say(MessageLevel::error, error.what());
  }
  if (animation_) exporter.set_progress(PictureProgress{animation_->gif.fraction(), fill(tr("Drawing the steps for {0}"), animation_->request.path.filename().string())});
  else exporter.set_progress(std::nullopt);
  return true;  // also for the frame that shows what was said
}

}  // namespace maskscope::commands
