// The scrubber of the six steps: play, step, drag, speed, and what happens at this step.
#pragma once

#include <array>
#include <optional>

#include "app/panels/panel_context.h"
#include "app/panels/token_places.h"
#include "app/panels/token_travel.h"

namespace maskscope {

constexpr float step_bar_height = 56;  // px at scale 1

// Keys, where no text field, menu or focused control takes them: Space plays and pauses, "," and "." go to the step before and
// behind. These, the buttons, menus, links and lessons all move the steps by view.steps.wish.
class StepBar {
 public:
  // Moves view.steps on while it plays; before anything that depends on it is drawn. Sets context.places while the steps are not
  // at their end.
  void advance(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The tokens on their way, above everything else; after cards and strips.
  void draw_travel(PanelContext& context);
  int num_travelling() const { return travel_.num_moving(); }

 private:
  // Where the steps are on the bar: px of the window.
  struct Scale {
    std::array<float, num_steps> centres{};  // of the circles
    float name_x = 0;                        // folded: of the chosen step's name
    float right = 0;
    bool is_folded = false;
  };

  void handle_keys(PanelContext& context);
  void fulfil_wish(ViewState& view);
  void jump_to(ViewState& view, float position);
  void step_by(ViewState& view, int direction);
  void play(StepView& steps, bool is_motion_reduced, float seconds);
  Scale lay_out(const PanelContext& context, float left, float right) const;
  void scrub(PanelContext& context, const Scale& scale, ImVec2 min, ImVec2 max);
  void draw_scale(PanelContext& context, const Scale& scale, ImVec2 min, ImVec2 max);
  // Returns the left end of the controls, px.
  float draw_controls(PanelContext& context, float left, float right, float middle);
  void draw_story(PanelContext& context, float left, float right, float middle);

  TokenPlaces places_;
  TokenTravel travel_;
  std::optional<float> target_;  // of a jump that is under way
  float jump_from_ = 0, jump_seconds_ = 0;
  float last_position_ = num_steps;  // as advance left it
  float hold_seconds_ = 0;           // before the next step is played
  bool was_playing_ = false;
  float press_x_ = 0;
  bool is_dragged_ = false;
};

}  // namespace maskscope
