// Saves the pictures that the window's export asks for: draws the window once more, or once for every frame of an animation,
// without the mouse and without the dialog, where nobody sees it.
#pragma once

#include <memory>
#include <optional>

#include "app/commands/screen.h"
#include "app/commands/steps_gif.h"
#include "app/panels/view_export.h"
#include "app/render/gui_renderer.h"
#include "app/session.h"

namespace maskscope::commands {

class PictureSaver {
 public:
  PictureSaver(Session& session, Screen& screen, GuiRenderer& gui) : session_(session), screen_(screen), gui_(gui) {}

  // After a frame of the window, whose size in px is given, with its GL context current and no frame begun. Says in the
  // session where the picture went, or why it could not be saved. True while there is more to do after the next frame: an
  // animation is made a few frames at a time, so that the window goes on.
  bool work(int width, int height);

 private:
  struct Animation {
    PictureRequest request;
    StepsGif gif;
    int window_width, window_height;
    // What all its frames have to show.
    Document document;
    std::shared_ptr<const Inputs> inputs;
  };
  void save(const PictureRequest& request, int width, int height);
  std::string draw_vector(const PictureRequest& request, int width, int height);
  PixelBuffer draw_pixels(const PictureRequest& request, int width, int height, std::optional<float> step);
  void begin_animation(const PictureRequest& request, int width, int height);
  void go_on(int width, int height);
  template <class Draw>
  void draw_unseen(const Draw& draw, std::optional<float> step);
  void say_saved(const PictureRequest& request);

  Session& session_;
  Screen& screen_;
  GuiRenderer& gui_;
  std::optional<Animation> animation_;
};

}  // namespace maskscope::commands
