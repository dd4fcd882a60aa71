// The way to the places of the window that sentences and lessons name.
#pragma once

#include "app/masked_frame.h"
#include "app/panels/view_state.h"

namespace maskscope {

// Shows the place: opens its view or goes to its step, and pins what stands there, so that every view lights it up. told: what the
// sentence is about, pinned where the place is no token's; invalid: the pin stays. A slot that there is not is the whole.
void go_to(ViewState& view, const MaskedFrame& frame, const ViewPlace& place, const Pointed& told = {});

}  // namespace maskscope
