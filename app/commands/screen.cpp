#include "app/commands/screen.h"

namespace maskscope::commands {

void Screen::set_wake(std::function<void()> wake) {
  main_view_.browser().set_wake(wake);
  wake_ = std::move(wake);
}

void Screen::draw(const DrawTools& tools, bool shows_timing, float delta_seconds) {
  widgets_.clear();
  view_.animate_seconds = 0;
  PanelContext context{session_, view_, tools.canvas, *pictures_, tools.theme, tools.fonts, tools.scale, widgets_, shows_timing, shown_frame_};
  context.delta_seconds = delta_seconds;
  context.wake = wake_;
  language_switch_.follow(context);
  main_view_.draw(context);
  pictures_->end_frame();
}

std::string Screen::extra_text() const {
  std::string text;
  if (!session_.frame().inputs) return text;
  for (const ModalityContent& content : session_.frame().inputs->contents) {
    if (!content.tokens) continue;
    for (const std::string& piece : content.tokens->pieces) {
      if (text.size() > 65536) return text;
      text += piece;
    }
  }
  const Inputs& inputs = *session_.frame().inputs;
  text += inputs.title;
  for (const DataProblem& problem : inputs.problems) {
    if (text.size() > 65536) break;
    text += to_text(problem);
  }
  return text;
}

}  // namespace maskscope::commands
