#include "app/panels/command_palette.h"

namespace maskscope {

void CommandPalette::draw(PanelContext&) {}

}  // namespace maskscope
