#include "app/panels/status_bar.h"

#include <algorithm>

#include "app/panels/browser.h"
#include "app/panels/problems_panel.h"
#include "app/panels/widgets.h"
#include "app/problem_list.h"
#include "core/error.h"

namespace maskscope {
namespace {

// pattern: translated.
std::string use_of(const char* pattern, int used, int kept, int capacity) { return fill(pattern, std::min(used, kept), capacity); }

}  // namespace

void draw_status_bar(PanelContext& context, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(position, {position.x + size.x, position.y + size.y}, theme.panel);
  list.AddLine(position, {position.x + size.x, position.y}, theme.line, context.px(1));
  const float middle = position.y + size.y * 0.5f, gap = context.px(24);
  float x = position.x + context.px(14);
  const float right_edge = position.x + size.x - context.px(14);
  const auto add = [&](const std::string& label, ImU32 colour, const std::string& tip) {
    const float room = right_edge - x;
    if (room < context.px(40)) return;
    bool is_cut = false;
    const std::string shown = widgets::ellipsized(context.fonts.body, label, room, is_cut);
    const float width = widgets::text_width(context.fonts.body, shown);
    widgets::text(context, context.fonts.body, {x, middle}, colour, shown);
    if ((is_cut || !tip.empty()) && ImGui::IsMouseHoveringRect({x, position.y}, {x + width, position.y + size.y})) {
      widgets::tooltip(context, tip.empty() ? label : tip);
    }
    x += width + gap;
  };

  if (context.browser) {
    if (const auto progress = context.browser->progress(context.session)) {
      const float width = context.px(120), height = context.px(6);
      if (progress->can_be_cancelled) {
        ImGui::SetCursorScreenPos({x, middle - context.px(13)});
        if (widgets::icon_button(context, "cancel", widgets::Icon::close, tr("Stop this"))) context.browser->cancel(context.session);
        context.log_last_item("status.cancel");
        x += context.px(34);
      }
      list.AddRectFilled({x, middle - height * 0.5f}, {x + width, middle + height * 0.5f}, theme.track, height * 0.5f);
      if (progress->fraction >= 0) {
        const float filled = width * static_cast<float>(std::clamp(progress->fraction, 0.0, 1.0));
        list.AddRectFilled({x, middle - height * 0.5f}, {x + filled, middle + height * 0.5f}, theme.accent, height * 0.5f);
      }
      x += width + context.px(10);
      add(progress->sentence, theme.text, "");
    }
  }
  // A message is about the last thing done: it comes first and stays until the next thing is done.
  const Message* last = context.session.current_message();
  if (last && last->level == MessageLevel::error) {
    add(last->shown(), theme.error, last->shown());
    return;
  }
  if (last && last->level == MessageLevel::warning) {
    add(last->shown(), theme.warning, last->shown());
    last = nullptr;
  }
  const int modalities = frame.scheme.num_modalities();
  if (size.x > context.px(1180)) add(cat(frame.scheme.name, " · ", fill(tr_count(modalities, "{0} modality", "{0} modalities"), modalities)), theme.secondary_text, "");
  add(use_of(tr("encoder {0} of {1} slots"), frame.batch.encoder_valid[0], frame.batch.encoder_slots, frame.scheme.encoder_slots), theme.secondary_text, "");
  add(use_of(tr("decoder {0} of {1} slots"), frame.batch.decoder_valid[0], frame.batch.decoder_slots, frame.scheme.decoder_slots), theme.secondary_text, "");
  // Notes alone are no reason to warn: their tab counts them.
  if (const ProblemCounts counts = count_problems(frame); counts.errors + counts.warnings > 0) {
    const DataProblem worst = worst_problem(frame);
    const float left = x;
    draw_level_icon(context, worst.level, {x + context.px(6), middle});
    x += context.px(19);
    const int more = counts.errors + counts.warnings - 1;
    const std::string where = worst.modality.empty() ? "" : worst.modality + ": ";
    add(drawable(where + worst.sentence) + (more > 0 ? " · " + fill(tr("{0} more"), more) : std::string()), level_colour(theme, worst.level),
        drawable(to_text(worst)) + "\n" + (more > 0 ? fill(tr("{0} more: click for all."), more) : std::string(tr("Click for the list."))));
    const ImVec2 end{std::max(x - gap, left + 1), position.y + size.y};
    ImGui::SetCursorScreenPos({left, position.y});
    if (ImGui::InvisibleButton("problems", {end.x - left, size.y})) context.view.bottom_tab = BottomTab::problems;
    context.log_last_item("status.problems");
  }
  if (last) add(last->shown(), last->level == MessageLevel::warning ? theme.warning : theme.text, last->shown());
  // The longest hint that fits.
  for (const char* hints : {tr("drop a picture, a text or a data set here · click pins · R rolls · ? keys"), tr("click pins · R rolls · ? keys"), tr("? keys")}) {
    if (right_edge - widgets::text_width(context.fonts.body, hints) < x) continue;
    widgets::text_right(context, context.fonts.body, {right_edge, middle}, theme.secondary_text, hints);
    break;
  }
}

}  // namespace maskscope
