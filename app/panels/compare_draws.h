// The distributions of two states beside each other: each is drawn in the background by an engine of its own.
#pragma once

#include <memory>
#include <optional>

#include "app/masked_frame.h"
#include "app/panels/background_draws.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class ComparedDraws {
 public:
  static constexpr std::uint64_t num_draws = 32768;  // of each state

  // Draws both while is_shown, the same named draws for both; else rests.
  void follow(PanelContext& context, const MaskedFrame& a, const MaskedFrame& b, bool is_shown);
  // There is nothing to compare.
  void rest();
  bool is_drawing() const { return a_.draws.is_drawing() || b_.draws.is_drawing(); }
  // Waits until both are drawn: for pictures and tests.
  void settle() const;
  // Per modality the mean of the slots it has on each side, in A and B, and how far they are apart; then the fill and the samples
  // without input or targets. As wide as it is told; moves the cursor below.
  void draw(PanelContext& context, float width);

 private:
  struct Side {
    BackgroundDraws draws{num_draws, 2};
    bool has_draws = false;  // false: of generators that are streams, or from a file

    void follow(PanelContext& context, const MaskedFrame& frame, bool is_shown);
    // Of what was requested; null before the first draws.
    std::shared_ptr<const DrawingResult> result() const;
  };
  Side a_, b_;
};

}  // namespace maskscope
