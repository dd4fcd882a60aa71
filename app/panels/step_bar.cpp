#include "app/panels/step_bar.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "app/imgui_compat.h"
#include "app/panels/step_motion.h"
#include "app/panels/step_story.h"
#include "app/panels/widgets.h"

namespace maskscope {
namespace {

constexpr float jump_time = 0.25f;                        // s
constexpr float step_time = 1.8f, reading_time = 1.2f;    // s at speed 1: moving from step to step, standing at each
constexpr float frames_time = 0.1f;                       // s for which a frame that moves asks for more
constexpr float circle_radius = 9, name_gap = 6, least_line = 12;  // px at scale 1
constexpr std::array<float, 3> speeds = {0.5f, 1.0f, 2.0f};

float step_before(float position) { return std::max(std::ceil(position - 1e-3f) - 1.0f, 1.0f); }
float step_behind(float position) { return std::min(std::floor(position + 1e-3f) + 1.0f, static_cast<float>(num_steps)); }

void keep_moving(ViewState& view) { view.animate_seconds = std::max(view.animate_seconds, frames_time); }

float width_of_name(const PanelContext& context, int step) { return widgets::text_width(context.fonts.strong, step_name(step)); }

}  // namespace

void StepBar::advance(PanelContext& context) {
  StepView& steps = context.view.steps;
  steps.position = std::isfinite(steps.position) ? std::clamp(steps.position, 1.0f, static_cast<float>(num_steps)) : static_cast<float>(num_steps);
  steps.speed = std::isfinite(steps.speed) ? std::clamp(steps.speed, 0.25f, 4.0f) : 1.0f;
  if (steps.position != last_position_) target_.reset();  // somebody else went there
  handle_keys(context);
  fulfil_wish(context.view);
  if (steps.is_playing && !was_playing_) {
    target_.reset();
    if (steps.position >= num_steps) steps.position = 1;
    hold_seconds_ = context.view.is_motion_reduced || steps.position == 1.0f ? reading_time : 0;
  }
  if (target_) {
    jump_seconds_ += context.delta_seconds;
    const float share = std::min(jump_seconds_ / jump_time, 1.0f);
    steps.position = jump_from_ + (*target_ - jump_from_) * eased_out(share);
    if (share >= 1.0f) {
      steps.position = *target_;
      target_.reset();
    }
    keep_moving(context.view);
  } else if (steps.is_playing) {
    if (was_playing_) play(steps, context.view.is_motion_reduced, context.delta_seconds * steps.speed);
    keep_moving(context.view);
  }
  was_playing_ = steps.is_playing;
  last_position_ = steps.position;
  context.places = steps.position < num_steps ? &places_ : nullptr;
  if (context.places) places_.begin_frame(context.frame());
}

void StepBar::play(StepView& steps, bool is_motion_reduced, float seconds) {
  const float next = std::floor(steps.position) + 1.0f;
  if (hold_seconds_ > seconds) {
    hold_seconds_ -= seconds;
    return;
  }
  seconds -= hold_seconds_;
  hold_seconds_ = 0;
  steps.position = is_motion_reduced ? next : std::min(steps.position + seconds / step_time, next);
  if (steps.position < next) return;
  hold_seconds_ = is_motion_reduced ? reading_time + step_time : reading_time;
  if (steps.position >= num_steps) steps.is_playing = false;
}

void StepBar::jump_to(ViewState& view, float position) {
  view.steps.is_playing = was_playing_ = false;
  target_.reset();
  if (view.is_motion_reduced) {
    view.steps.position = position;
  } else if (position != view.steps.position) {
    target_ = position;
    jump_from_ = view.steps.position;
    jump_seconds_ = 0;
    keep_moving(view);
  }
  last_position_ = view.steps.position;
}

void StepBar::step_by(ViewState& view, int direction) {
  const float from = target_ ? *target_ : view.steps.position;
  jump_to(view, direction < 0 ? step_before(from) : step_behind(from));
}

void StepBar::handle_keys(PanelContext& context) {
  if (ImGui::IsPopupOpen("", ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel)) return;
  using imgui_compat::is_shortcut;
  // A control that shows the keyboard's focus is what Space presses.
  if (!ImGui::GetIO().NavVisible && is_shortcut(Key::space)) context.view.steps.wish = StepWish::play_or_pause;
  if (is_shortcut(Key::comma, {}, true)) context.view.steps.wish = StepWish::previous;
  if (is_shortcut(Key::period, {}, true)) context.view.steps.wish = StepWish::next;
}

void StepBar::fulfil_wish(ViewState& view) {
  StepView& steps = view.steps;
  switch (std::exchange(steps.wish, StepWish::nothing)) {
    case StepWish::nothing: return;
    case StepWish::play_or_pause: steps.is_playing = !steps.is_playing; break;
    case StepWish::play_from_first:
      steps.position = 1;
      steps.is_playing = true;
      was_playing_ = false;  // stands at the first step for a while, also if it played before
      break;
    case StepWish::previous: step_by(view, -1); break;
    case StepWish::next: step_by(view, 1); break;
    case StepWish::go_to: jump_to(view, static_cast<float>(std::clamp(steps.wanted_step, 1, num_steps))); break;
  }
  keep_moving(view);
}

StepBar::Scale StepBar::lay_out(const PanelContext& context, float left, float right) const {
  Scale scale;
  scale.right = right;
  const float radius = context.px(circle_radius), width = std::max(right - left, 1.0f);
  float names = 0, widest = 0;
  for (int step = 1; step <= num_steps; ++step) {
    const float name = width_of_name(context, step);
    names += 2 * radius + context.px(name_gap) + name;
    widest = std::max(widest, name);
  }
  const float line = (width - names) / static_cast<float>(num_steps - 1);
  scale.is_folded = line < context.px(least_line);
  if (scale.is_folded) {
    const float room = width - 2 * radius, with_name = room - widest - context.px(name_gap + 2);
    const bool has_name = with_name >= 5 * 2.2f * radius;
    const float spacing = std::min((has_name ? with_name : room) / static_cast<float>(num_steps - 1), context.px(96));
    for (int i = 0; i < num_steps; ++i) scale.centres[static_cast<std::size_t>(i)] = left + radius + spacing * static_cast<float>(i);
    scale.name_x = has_name ? scale.centres.back() + radius + context.px(name_gap + 2) : right;
    return scale;
  }
  float x = left;
  for (int step = 1; step <= num_steps; ++step) {
    scale.centres[static_cast<std::size_t>(step - 1)] = x + radius;
    x += 2 * radius + context.px(name_gap) + width_of_name(context, step) + line;
  }
  return scale;
}

void StepBar::scrub(PanelContext& context, const Scale& scale, ImVec2 min, ImVec2 max) {
  ImGui::SetCursorScreenPos(min);
  ImGui::InvisibleButton("scrub", {std::max(max.x - min.x, 1.0f), max.y - min.y});
  context.log_last_item("step.scrub");
  StepView& steps = context.view.steps;
  const float mouse = ImGui::GetIO().MousePos.x;
  if (ImGui::IsItemActivated() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    press_x_ = mouse;
    is_dragged_ = false;
  }
  if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    is_dragged_ = is_dragged_ || std::abs(mouse - press_x_) > context.px(3);
    if (is_dragged_) {
      const auto& x = scale.centres;
      const auto right = std::clamp<std::ptrdiff_t>(std::upper_bound(x.begin(), x.end(), mouse) - x.begin(), 1, num_steps - 1);
      const auto i = static_cast<std::size_t>(right);
      const float share = std::clamp((mouse - x[i - 1]) / std::max(x[i] - x[i - 1], 1.0f), 0.0f, 1.0f);
      const float position = static_cast<float>(right) + (context.view.is_motion_reduced ? std::round(share) : share);
      steps.is_playing = was_playing_ = false;
      target_.reset();
      steps.position = last_position_ = position;
      keep_moving(context.view);  // the cards are drawn with it in the next frame
    }
  }
  if (ImGui::IsItemDeactivated() && ImGui::IsMouseReleased(ImGuiMouseButton_Left) && !is_dragged_) {
    int step = 1;
    while (step < num_steps && mouse >= scale.centres[static_cast<std::size_t>(step)] - context.px(circle_radius + 4)) ++step;
    steps.go_to(step);
  }
  widgets::focus_ring(context, context.px(5));
  if (ImGui::IsItemFocused() && ImGui::GetIO().NavVisible) {
    if (imgui_compat::is_key_pressed(Key::left)) steps.wish = StepWish::previous;
    if (imgui_compat::is_key_pressed(Key::right)) steps.wish = StepWish::next;
  }
}

void StepBar::draw_scale(PanelContext& context, const Scale& scale, ImVec2 min, ImVec2 max) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float radius = context.px(circle_radius), middle = min.y + context.px(14), track = max.y - context.px(3);
  const float position = target_ ? *target_ : context.view.steps.position;
  const int chosen = step_at(position);
  for (int step = 1; step <= num_steps; ++step) {
    const float x = scale.centres[static_cast<std::size_t>(step - 1)];
    const bool is_chosen = step == chosen, is_done = step < chosen;
    list.AddCircleFilled({x, middle}, radius, is_chosen ? theme.accent : theme.control);
    if (!is_chosen) list.AddCircle({x, middle}, radius, is_done ? mix(theme.line, theme.accent, 0.6f) : theme.line, 0, context.px(1));
    const std::string number = cat(step);
    widgets::text(context, context.fonts.mono_small, {x - widgets::text_width(context.fonts.mono_small, number) * 0.5f, middle},
                  is_chosen ? theme.text_on_accent : is_done ? theme.text : theme.secondary_text, number);
    const float name_x = scale.is_folded ? scale.name_x : x + radius + context.px(name_gap);
    const float name_end = scale.is_folded ? x + radius : name_x + width_of_name(context, step);
    if (!scale.is_folded || (is_chosen && scale.name_x < scale.right)) {
      widgets::text(context, is_chosen ? context.fonts.strong : context.fonts.body, {name_x, middle}, is_chosen ? theme.text : theme.secondary_text, step_name(step));
    }
    context.log_widget(cat("step.", step), {x - radius, middle - radius}, {scale.is_folded ? x + radius : name_end, middle + radius});
    if (step == num_steps) continue;
    const float next = scale.centres[static_cast<std::size_t>(step)] - radius;
    if (next - name_end > context.px(14)) {
      list.AddLine({name_end + context.px(6), middle}, {next - context.px(6), middle}, is_done ? mix(theme.line, theme.accent, 0.6f) : theme.line, context.px(1));
    }
  }
  // How far it has got, and what to drag.
  const auto i = static_cast<std::size_t>(std::clamp(static_cast<int>(context.view.steps.position), 1, num_steps - 1));
  const float share = context.view.steps.position - static_cast<float>(i);
  const float knob = scale.centres[i - 1] + (scale.centres[i] - scale.centres[i - 1]) * share;
  const float half = context.px(1), first = scale.centres.front(), last = scale.centres.back();
  list.AddRectFilled({first, track - half}, {last, track + half}, theme.track, half);
  list.AddRectFilled({first, track - half}, {knob, track + half}, mix(theme.track, theme.accent, 0.7f), half);
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
  list.AddCircleFilled({knob, track}, context.px(is_hot ? 5 : 4), theme.accent);
}

float StepBar::draw_controls(PanelContext& context, float left, float right, float middle) {
  const Theme& theme = context.theme;
  StepView& steps = context.view.steps;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = context.px(24), room = right - left;
  const char* label = steps.is_playing ? tr("pause") : tr("play");
  const float label_width = std::max(widgets::text_width(context.fonts.body, tr("play")), widgets::text_width(context.fonts.body, tr("pause")));
  const bool has_steps = room >= context.px(330), has_speed = room >= context.px(420), has_label = room >= context.px(260);
  float x = right;
  // From the right to the left. True when pressed; the button's rectangle is that of the last item.
  const auto button = [&](const char* id, const char* log_id, float width, const char* tip) {
    x -= width;
    ImGui::SetCursorScreenPos({x, middle - height * 0.5f});
    const bool is_pressed = ImGui::InvisibleButton(id, {width, height});
    context.log_last_item(log_id);
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemActive();
    if (is_hot) list.AddRectFilled(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(), mix(theme.panel, theme.text, 0.07f), context.px(5));
    widgets::focus_ring(context, context.px(5));
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tip);
    return is_pressed;
  };
  // A triangle, with a bar at its tip where it goes to a step.
  const auto arrow = [&](float centre, float direction, bool has_bar, ImU32 colour) {
    const float r = context.px(4.5f), tip = centre + direction * r * 0.9f;
    list.AddTriangleFilled({centre - direction * r * 0.8f, middle - r}, {centre - direction * r * 0.8f, middle + r}, {tip, middle}, colour);
    if (has_bar) list.AddRectFilled({tip - context.px(0.8f), middle - r}, {tip + context.px(0.8f), middle + r}, colour);
  };
  if (has_speed) {
    const std::string speed = steps.speed == 0.5f ? "0.5×" : cat(steps.speed, "×");
    if (button("speed", "step.speed", context.px(40), tr("How fast it plays"))) {
      const auto now = std::find(speeds.begin(), speeds.end(), steps.speed);
      steps.speed = now == speeds.end() || now + 1 == speeds.end() ? speeds.front() : *(now + 1);
    }
    widgets::text(context, context.fonts.mono_small, {x + (context.px(40) - widgets::text_width(context.fonts.mono_small, speed)) * 0.5f, middle}, theme.secondary_text, speed);
  }
  if (has_steps) {
    if (button("next", "step.next", context.px(24), tr("Next step (.)"))) steps.wish = StepWish::next;
    arrow(x + context.px(12), 1, true, steps.position < num_steps ? theme.secondary_text : theme.disabled_text);
  }
  const float play_width = context.px(28) + (has_label ? label_width + context.px(6) : 0.0f);
  if (button("play", "step.play", play_width, steps.is_playing ? tr("Pause (Space)") : tr("Play the steps from here, or from the first one (Space)"))) steps.wish = StepWish::play_or_pause;
  if (steps.is_playing) {
    for (const float at : {10.0f, 15.0f}) list.AddRectFilled({x + context.px(at), middle - context.px(4.5f)}, {x + context.px(at + 3), middle + context.px(4.5f)}, theme.accent);
  } else {
    arrow(x + context.px(13), 1, false, theme.accent);
  }
  if (has_label) widgets::text(context, context.fonts.body, {x + context.px(24), middle}, theme.accent, label);
  if (has_steps) {
    if (button("previous", "step.previous", context.px(24), tr("Previous step (,)"))) steps.wish = StepWish::previous;
    arrow(x + context.px(12), -1, true, steps.position > 1.0f ? theme.secondary_text : theme.disabled_text);
  }
  return x;
}

void StepBar::draw_story(PanelContext& context, float left, float right, float middle) {
  const StepStory story = step_story(context.frame(), step_at(target_ ? *target_ : context.view.steps.position));
  const std::string source = fill(tr("{0} in {1}"), story.function, story.file);
  // As large and as complete as there is room for; what is left out stands in the tooltip.
  struct Version {
    ImFont* font;
    std::string source;
  };
  ImFont *body = context.fonts.body, *small = context.fonts.small, *mono = context.fonts.mono_small;
  const Version versions[] = {{body, source}, {small, source}, {body, story.function}, {small, story.function}, {small, ""}};
  const float width = right - left, gap = context.px(16);
  const auto fits = [&](const Version& version) {
    return widgets::text_width(version.font, story.sentence) + gap + widgets::text_width(mono, version.source) <= width;
  };
  const Version* found = std::find_if(std::begin(versions), std::end(versions), fits);
  const auto& [font, shown] = found == std::end(versions) ? versions[4] : *found;
  const bool is_short = shown != source;
  const float room = shown.empty() ? width : width - gap - widgets::text_width(mono, shown);
  bool is_cut = false;
  widgets::text(context, font, {left, middle}, context.theme.text, widgets::ellipsized(font, story.sentence, room, is_cut));
  if (!shown.empty()) widgets::text_right(context, mono, {right, middle}, context.theme.secondary_text, shown);
  const ImVec2 min{left, middle - context.px(9)}, max{right, middle + context.px(9)};
  context.log_widget("step.story", min, max);
  if ((is_cut || is_short) && ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(min, max)) widgets::tooltip(context, story.sentence + "\n" + source);
}

void StepBar::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "steps", position, size, false)) {
    const float left = position.x + context.px(12), right = position.x + size.x - context.px(12);
    const float controls = draw_controls(context, left, right + context.px(6), position.y + context.px(18));
    const ImVec2 min{left, position.y + context.px(4)}, max{std::max(controls - context.px(16), left + context.px(20)), position.y + context.px(36)};
    const Scale scale = lay_out(context, left, max.x);
    scrub(context, scale, min, max);
    fulfil_wish(context.view);  // of its own buttons, in the frame in which they are pressed
    draw_scale(context, scale, min, max);
    draw_story(context, left, right, position.y + context.px(45));
  }
  widgets::end_panel();
}

void StepBar::draw_travel(PanelContext& context) {
  if (!context.places) return travel_.draw(context);  // nothing is on its way
  // A window of its own, above cards and strips, that the mouse does not see.
  ImGui::SetCursorScreenPos({0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("travel", ImGui::GetIO().DisplaySize, false, ImGuiWindowFlags_NoInputs | ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoScrollbar);
  travel_.draw(context);
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
}

}  // namespace maskscope
