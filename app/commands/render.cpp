#include <iostream>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/screen.h"
#include "app/open_dataset.h"
#include "app/render/offscreen_target.h"
#include "core/data/image.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// Panels measure themselves in one frame and use it in the next: the third stands still.
constexpr int settling_frames = 3;

}  // namespace

int render(const Arguments& arguments) {
  CLI::App app("Draws the window's content into a PNG. Needs no display.", "render");
  SharedOptions shared;
  add_shared_options(app, shared);
  std::string output, theme = "dark";
  int width = 1600, height = 900;
  double scale = 1.0;
  app.add_option("-o,--output", output, "the PNG to write")->type_name("F")->required();
  app.add_option("--width", width, "pixels; 1600 if not given")->type_name("N")->check(CLI::Range(1, OffscreenTarget::max_side));
  app.add_option("--height", height, "pixels; 900 if not given")->type_name("N")->check(CLI::Range(1, OffscreenTarget::max_side));
  app.add_option("--scale", scale, "size of text and controls, as on a monitor of this scale")->type_name("X")->check(factor_between(0.5, 4.0));
  app.add_option("--theme", theme, "dark or light")->type_name("dark|light")->check(CLI::IsMember({"dark", "light"}));
  if (const auto code = parse(app, arguments)) return *code;

  std::shared_ptr<OpenDataset> opened;
  const Document document = make_document(shared, &opened);
  Session session(make_backend(shared), document, opened);
  // The picture shows how many samples there are, whenever it is drawn.
  if (const auto& dataset = session.frame().inputs->dataset) dataset->index_all();
  session.settle();
  OffscreenTarget target(width, height);
  GuiRenderer gui;
  Screen screen(session, gui);
  Look look;
  look.theme = theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  look.scale = static_cast<float>(scale);
  look.ui_text = Screen::ui_text();
  look.extra_text = screen.extra_text();
  gui.set_look(look);
  for (int i = 0; i < settling_frames; ++i) {
    gui.begin_frame(width, height, 1.0f / 60.0f);
    screen.draw(gui, /*shows_timing=*/false);
    gui.end_frame();
    gui.render();
  }
  const PixelBuffer pixels = target.read_pixels();
  write_png(output, pixels.width, pixels.height, 4, pixels.rgba);
  for (const Message& message : session.messages()) std::cerr << "maskscope: " << message.sentence << '\n';
  std::cerr << "maskscope: wrote " << output << " (" << width << " x " << height << ")\n";
  return exit_fine;
}

}  // namespace maskscope::commands
