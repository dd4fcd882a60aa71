// PROBLEMS: what is wrong with this sample and its files, what the reference makes of it, and where to look.
#pragma once

#include <cstdint>
#include <vector>

#include <imgui.h>

#include "app/panels/panel_context.h"
#include "app/problem_list.h"

namespace maskscope {

class ProblemsPanel {
 public:
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);

 private:
  void refresh(const PanelContext& context, float width);
  void draw_list(PanelContext& context);

  // What the list was made from: it is made again only when one of these changes.
  struct Origin {
    std::uint64_t revision = ~std::uint64_t{0};
    const MaskedFrame* frame = nullptr;
    const Inputs* inputs = nullptr;
    ProblemCounts counts;
    float width = 0, scale = 0;
    Language language = Language::english;
    bool operator==(const Origin&) const = default;
  };
  Origin origin_;
  std::vector<DataProblem> problems_;
  std::vector<float> heights_;  // px of every entry once drawn; 0: not yet. What is out of sight is only skipped
};

// A filled circle with a cross, a triangle, a ring: levels can be told apart without their colours.
void draw_level_icon(PanelContext& context, ProblemLevel level, ImVec2 centre);
ImU32 level_colour(const Theme& theme, ProblemLevel level);

}  // namespace maskscope
