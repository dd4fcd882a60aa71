#include "app/panels/embeddings_panel.h"

namespace maskscope {

void EmbeddingsPanel::follow(PanelContext&) {}
void EmbeddingsPanel::draw(PanelContext&, ImVec2, ImVec2) {}

}  // namespace maskscope
