#include <algorithm>
#include <cmath>
#include <iostream>
#include <string>
#include <vector>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/commands/screen.h"
#include "app/commands/screen_area.h"
#include "app/commands/steps_gif.h"
#include "app/open_dataset.h"
#include "app/picture_format.h"
#include "app/render/offscreen_target.h"
#include "app/render/pixels.h"
#include "app/render/plain_gui.h"
#include "app/render/vector_figure.h"
#include "core/data/image.h"
#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

// Panels measure themselves in one frame and use it in the next: the third stands still.
constexpr int settling_frames = 3;
constexpr float frame_seconds = 1.0f / 60.0f;
constexpr int default_gif_width = 1000;

struct RenderOptions {
  SharedOptions shared;
  std::string output, format, view = "window", tab = "tokens", theme = "dark", language = "en";
  int width = 1600, height = 900, shrink_to = 0, lesson = 0, page = 1;
  double scale = 1.0, step = num_steps;
  StepsTiming timing;
  bool has_tab = false, has_step = false, has_timing = false;
};

void add_options(CLI::App& app, RenderOptions& options) {
  add_shared_options(app, options.shared);
  app.add_option("-o,--output", options.output, "the file to write: .png, .svg, .pdf, or .gif: the steps, moving")->type_name("F")->required();
  app.add_option("--format", options.format, "where the file's ending does not say")->type_name("png|svg|pdf|gif")->check(CLI::IsMember({"png", "svg", "pdf", "gif"}));
  std::vector<std::string> views = view_names();
  const std::string named_views = joined(views);
  views.push_back("waterfall");
  app.add_option("--view", options.view, "what is shown: " + named_views + " (or waterfall for budgets)")->type_name("NAME")->check(CLI::IsMember(views));
  app.add_option("--tab", options.tab, "of the whole window, the view under the strips: " + joined(tab_names))->type_name("NAME")->check(CLI::IsMember(std::vector<std::string>(tab_names.begin(), tab_names.end())));
  app.add_option("--width", options.width, "pixels of the whole window; 1600 if not given")->type_name("N")->check(CLI::Range(1, OffscreenTarget::max_side));
  app.add_option("--height", options.height, "pixels of the whole window; 900 if not given")->type_name("N")->check(CLI::Range(1, OffscreenTarget::max_side));
  app.add_option("--scale", options.scale, "size of text and controls, as on a monitor of this scale")->type_name("X")->check(factor_between(0.5, 4.0));
  app.add_option("--shrink-to", options.shrink_to, cat("pixels: a wider PNG or GIF is made so wide; ", default_gif_width, " for a GIF if not given"))
      ->type_name("N")
      ->check(CLI::Range(16, OffscreenTarget::max_side));
  app.add_option("--theme", options.theme, "dark or light")->type_name("dark|light")->check(CLI::IsMember({"dark", "light"}));
  app.add_option("--language", options.language, "of the window's words: en or zh")->type_name("en|zh")->check(CLI::IsMember({"en", "zh"}));
  app.add_option("--step", options.step, "1 source, 2 budgets, 3 content masks, 4 concatenation, 5 selection, 6 zeroing and attention; 2.5 is half way; not for a GIF, which shows them all")
      ->type_name("1..6")
      ->check(factor_between(1, num_steps));
  app.add_option("--frames-per-second", options.timing.frames_per_second, "of a GIF; 12 if not given")->type_name("X")->check(factor_between(1, 50));
  app.add_option("--seconds", options.timing.seconds, "that a GIF takes for all steps; 10 if not given")->type_name("X")->check(factor_between(1, 60));
  app.add_option("--lesson", options.lesson, "with a chapter of the lessons open")->type_name("N")->check(CLI::Range(1, 6));
  app.add_option("--page", options.page, "of the lesson")->type_name("N")->check(CLI::Range(1, 99));
}

PictureFormat format_of(const RenderOptions& options) {
  if (options.format == "png") return PictureFormat::png;
  if (options.format == "svg") return PictureFormat::svg;
  if (options.format == "pdf") return PictureFormat::pdf;
  if (options.format == "gif") return PictureFormat::gif;
  if (const auto format = picture_format_of(options.output)) return *format;
  throw Error(cat("-o ", options.output, ": the ending does not say which kind of picture is wanted. End it with .png, .svg, .pdf or .gif, or add --format."));
}

// Combinations that make no sense together.
void check_options(const RenderOptions& options, PictureFormat format) {
  const auto tab = tab_of(options.view);
  if (options.has_tab && tab && name_of(*tab) != options.tab) {
    throw Error(cat("--view ", options.view, " and --tab ", options.tab, ": the tab is of the whole window. Leave one of them out."));
  }
  if (format == PictureFormat::gif && options.has_step) throw Error("--step and a GIF: it shows all steps. Leave --step out, or write a PNG, an SVG or a PDF.");
  if (format != PictureFormat::gif && options.has_timing) {
    throw Error(cat("--frames-per-second and --seconds are of a GIF, and -o ", options.output, " is a ", ending_of(format), ". Leave them out, or end the name with .gif."));
  }
  if ((format == PictureFormat::svg || format == PictureFormat::pdf) && options.shrink_to > 0) {
    throw Error(cat("--shrink-to: an ", ending_of(format), " has no pixels and can be shown at any size. Leave it out."));
  }
}

void set_up(Screen& screen, const RenderOptions& options) {
  ViewState& view = screen.view();
  view.language = options.language == "zh" ? Language::chinese : Language::english;
  view.theme = options.theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  const auto tab = tab_of(options.view);
  view.bottom_tab = tab ? *tab : tab_of(options.tab).value_or(BottomTab::tokens);
  // A view that is shown alone gets most of the column.
  if (tab && *tab != BottomTab::tokens) view.bottom_share = 0.6f;
  view.steps.position = static_cast<float>(options.step);
  view.is_lesson_open = options.lesson > 0;
  view.lesson = std::max(options.lesson - 1, 0);
  view.lesson_page = options.page - 1;
}

// The screen is set up.
Look look_of(const RenderOptions& options, const Screen& screen) {
  Look look;
  look.theme = options.theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  look.scale = static_cast<float>(options.scale);
  look.ui_text = screen.ui_text();
  look.extra_text = screen.extra_text();
  return look;
}

struct Size {
  int width = 0, height = 0;
};

// Without OpenGL.
std::string draw_vector(Session& session, const RenderOptions& options, FigureFormat format, Size& size) {
  // The fonts depend on the texts, and the texts' screen on the canvas.
  FigureCanvas unused;
  Screen first(session, unused);
  set_up(first, options);
  PlainGui gui(look_of(options, first));
  Screen screen(session, gui.canvas());
  set_up(screen, options);
  for (int i = 0; i <= settling_frames; ++i) {
    const FigureStyle style;
    gui.begin_frame(options.width, options.height, frame_seconds);
    screen.draw({gui.canvas(), gui.theme(), gui.fonts(), gui.scale()}, /*shows_timing=*/false, frame_seconds);
    gui.end_frame();
    screen.main_view().bottom_views().settle();
  }
  const WidgetRect area = area_of_view(options.view, screen.widgets(), options.width, options.height);
  size = {static_cast<int>(area.width), static_cast<int>(area.height)};
  return draw_figure(format, *ImGui::GetDrawData(), gui.canvas(),
                     {.x = area.x, .y = area.y, .width = area.width, .height = area.height, .scale = gui.scale(), .ground = gui.theme().ground, .title = cat("maskscope: ", options.view)});
}

// Frames of pixels, by OpenGL without a display.
class PixelScreen {
 public:
  PixelScreen(Session& session, const RenderOptions& options) : options_(options), target_(options.width, options.height), screen_(session, gui_) {
    set_up(screen_, options);
    gui_.set_look(look_of(options, screen_));
    for (int i = 1; i < settling_frames; ++i) draw();
  }

  PixelBuffer picture() {
    draw();
    if (area_.width <= 0) area_ = area_of_view(options_.view, screen_.widgets(), options_.width, options_.height);
    return crop(target_.read_pixels(), static_cast<int>(area_.x), static_cast<int>(area_.y), static_cast<int>(area_.width), static_cast<int>(area_.height));
  }
  ViewState& view() { return screen_.view(); }

 private:
  void draw() {
    gui_.begin_frame(options_.width, options_.height, frame_seconds);
    screen_.draw(gui_, /*shows_timing=*/false, frame_seconds);
    gui_.end_frame();
    screen_.main_view().bottom_views().settle();
    gui_.render();
  }

  const RenderOptions& options_;
  OffscreenTarget target_;
  GuiRenderer gui_;
  Screen screen_;
  WidgetRect area_;  // the same for all frames
};

std::string draw_gif(Session& session, const RenderOptions& options, Size& size) {
  PixelScreen screen(session, options);
  StepsGif gif(options.timing, std::min(options.shrink_to > 0 ? options.shrink_to : default_gif_width, max_gif_side));
  while (!gif.is_done()) {
    screen.view().steps.position = gif.next_position();
    gif.add(screen.picture());
  }
  size = {gif.width(), gif.height()};
  return gif.finish();
}

}  // namespace

int render(const Arguments& arguments) {
  CLI::App app("Draws the window, or one view of it, as a picture for a paper, a slide or a web page. Needs no display.", "render");
  RenderOptions options;
  add_options(app, options);
  if (const auto code = parse(app, arguments)) return *code;
  options.has_tab = app.count("--tab") > 0;
  options.has_step = app.count("--step") > 0;
  options.has_timing = app.count("--frames-per-second") + app.count("--seconds") > 0;
  if (options.view == "waterfall") options.view = "budgets";
  const PictureFormat format = format_of(options);
  check_options(options, format);

  std::shared_ptr<OpenDataset> opened;
  const Document document = make_document(options.shared, &opened);
  Session session(make_backend(options.shared), document, opened);
  // The picture shows how many samples there are, whenever it is drawn.
  if (const auto& dataset = session.frame().inputs->dataset) dataset->index_all();
  session.settle();
  Size size;
  switch (format) {
    case PictureFormat::png: {
      const PixelBuffer pixels = shrink(PixelScreen(session, options).picture(), options.shrink_to > 0 ? options.shrink_to : OffscreenTarget::max_side);
      size = {pixels.width, pixels.height};
      write_png(options.output, pixels.width, pixels.height, 4, pixels.rgba);
      break;
    }
    case PictureFormat::svg: write_whole_file(options.output, draw_vector(session, options, FigureFormat::svg, size), "the figure"); break;
    case PictureFormat::pdf: write_whole_file(options.output, draw_vector(session, options, FigureFormat::pdf, size), "the figure"); break;
    case PictureFormat::gif: write_whole_file(options.output, draw_gif(session, options, size), "the animation"); break;
  }
  for (const Message& message : session.messages()) std::cerr << "maskscope: " << message.sentence << '\n';
  std::cerr << "maskscope: wrote " << options.output << " (" << size.width << " x " << size.height << ")\n";
  return exit_fine;
}

}  // namespace maskscope::commands
