// Many draws of the present scheme, live: frequency maps, budgets, the use of the slots, which modalities go together. The draws
// are made in the background; the window never waits for them, and shows those of the settings before until new ones come.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/panels/background_draws.h"
#include "app/panels/distribution_parts.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class DistributionPanel {
 public:
  static constexpr std::uint64_t usual_draws = 131072, many_draws = 1048576;

  // Every frame, also while the view is not shown: draws when it is, and when the settings have changed; else rests.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The numbers that are shown, as text for a spreadsheet; nothing while there are none.
  std::optional<std::string> text(const PanelContext& context) const;

  // Waits until everything is drawn: for pictures and tests.
  void settle() const { draws_.settle(); }
  // Waits for so many draws of the present settings: for tests.
  void wait_for(std::uint64_t draws) const { draws_.wait_for(draws); }
  bool is_drawing() const { return draws_.is_drawing(); }
  // The newest result, null before the first, and whether it is of what the window shows.
  std::shared_ptr<const DrawingResult> result() const { return draws_.result(); }
  bool is_current(const DrawingResult& result) const { return draws_.is_current(result); }
  // Of the present settings, in the frame before this one; 0 while those of the settings before were shown.
  std::uint64_t shown_draws() const { return shown_draws_; }

 private:
  bool has_draws(const MaskedFrame& frame) const;
  void draw_reason(PanelContext& context, const MaskedFrame& frame);
  void draw_header(PanelContext& context, const ShownDistribution& shown);
  void draw_parts(PanelContext& context, const ShownDistribution& shown);

  BackgroundDraws draws_{usual_draws};
  bool draws_named_too_ = false;  // where the window's own masks come from PyTorch's generators
  std::uint64_t shown_draws_ = 0;
  MapFate fate_ = MapFate::encoder;
  FrequencyMaps maps_;
};

}  // namespace maskscope
