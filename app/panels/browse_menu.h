// The place of the sample in the top bar, and the menu behind it: jump, search, random, filter, training or validation.
#pragma once

#include "app/panels/panel_context.h"

namespace maskscope {

// Within the top bar; for data sets and dumped batches.
void draw_sample_counter(PanelContext& context);

}  // namespace maskscope
