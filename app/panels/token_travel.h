// The tokens between card, concatenated row and strip. Each is one quad, drawn by the GPU; twenty thousand of them are a few
// hundred thousand multiplications for the CPU.
#pragma once

#include <vector>

#include "app/panels/panel_context.h"
#include "app/panels/token_places.h"

namespace maskscope {

class TokenTravel {
 public:
  // Into the present window's draw list, from what context.places holds; nothing at a whole step. Cards and strips must have been
  // drawn in this frame.
  void draw(PanelContext& context);
  // Tokens that were on their way in the last draw.
  int num_moving() const { return num_moving_; }

 private:
  void draw_to_row(PanelContext& context, PackedSide side, bool is_used, float share);
  void draw_to_strip(PanelContext& context, PackedSide side, float share);
  void flush(PanelContext& context, PictureHandle picture);

  std::vector<TokenQuad> tiles_, marked_;  // of one batch; memory that is used again
  int num_moving_ = 0;
};

}  // namespace maskscope
