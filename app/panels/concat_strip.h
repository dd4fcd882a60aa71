// The concatenated row of one side in the place of its strip: from step 3 on, until selection has emptied it at step 5.
#pragma once

#include "app/panels/panel_context.h"
#include "app/panels/token_places.h"

namespace maskscope {

// At steps 3 .. 5; context.places must be set and hold the side's strip. Only what stands in the row: what is on its way to it or
// from it is drawn by TokenTravel. Reports the token under the cursor where is_hovered.
void draw_concat_strip(PanelContext& context, PackedSide side, bool is_hovered);

// How much of its colour an unused token has.
constexpr float unused_share = 0.30f;

}  // namespace maskscope
