#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

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

// By value of BottomTab.
const std::vector<std::string> tab_names = {"tokens", "budgets", "attention", "embeddings", "distribution", "compare", "table", "problems"};

std::string names_of_tabs() {
  std::string all;
  for (const std::string& name : tab_names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

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
  std::string language = "en", tab = "tokens";
  double step = num_steps;
  int lesson = 0, page = 1;
  app.add_option("--language", language, "of the window's words: en or zh")->type_name("en|zh")->check(CLI::IsMember({"en", "zh"}));
  app.add_option("--tab", tab, "the view under the strips: " + names_of_tabs())->type_name("NAME")->check(CLI::IsMember(tab_names));
  app.add_option("--step", step, "1 source, 2 budgets, 3 content masks, 4 concatenation, 5 selection, 6 zeroing and attention; 2.5 is half way")
      ->type_name("1..6")->check(CLI::Range(1.0, double{num_steps}));
  app.add_option("--lesson", lesson, "with a chapter of the lessons open")->type_name("N")->check(CLI::Range(1, 6));
  app.add_option("--page", page, "of the lesson")->type_name("N")->check(CLI::Range(1, 99));
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
  set_language(language == "zh" ? Language::chinese : Language::english);
  ViewState& view = screen.view();
  view.language = maskscope::language();
  view.theme = theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  view.bottom_tab = static_cast<BottomTab>(std::find(tab_names.begin(), tab_names.end(), tab) - tab_names.begin());
  view.steps.position = static_cast<float>(step);
  view.is_lesson_open = lesson > 0;
  view.lesson = std::max(lesson - 1, 0);
  view.lesson_page = page - 1;
  Look look;
  look.theme = theme == "dark" ? ThemeKind::dark : ThemeKind::light;
  look.scale = static_cast<float>(scale);
  look.ui_text = Screen::ui_text();
  look.extra_text = screen.extra_text();
  gui.set_look(look);
  for (int i = 0; i < settling_frames; ++i) {
    gui.begin_frame(width, height, 1.0f / 60.0f);
    screen.draw(gui, /*shows_timing=*/false, 1.0f / 60.0f);
    gui.end_frame();
    screen.main_view().bottom_views().settle();
    gui.render();
  }
  const PixelBuffer pixels = target.read_pixels();
  write_png(output, pixels.width, pixels.height, 4, pixels.rgba);
  for (const Message& message : session.messages()) std::cerr << "maskscope: " << message.sentence << '\n';
  std::cerr << "maskscope: wrote " << output << " (" << width << " x " << height << ")\n";
  return exit_fine;
}

}  // namespace maskscope::commands
