#include "app/panels/view_export.h"

namespace maskscope {

void ViewExport::draw(PanelContext&) {}

}  // namespace maskscope
