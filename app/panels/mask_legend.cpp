#include "app/panels/mask_legend.h"

namespace maskscope {

void MaskLegend::draw(PanelContext&) {}

}  // namespace maskscope
