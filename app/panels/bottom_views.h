// The views under tabs: waterfall, attention and so on. Below the strips where there is room, else beside the token cards.
#pragma once

#include <optional>
#include <string>

#include <imgui.h>

#include "app/panels/attention_panel.h"
#include "app/panels/compare_panel.h"
#include "app/panels/distribution_panel.h"
#include "app/panels/embeddings_panel.h"
#include "app/panels/panel_context.h"
#include "app/panels/problems_panel.h"
#include "app/panels/table_panel.h"
#include "app/panels/view_export.h"
#include "app/panels/waterfall_panel.h"

namespace maskscope {

class BottomViews {
 public:
  // A row of tabs and the chosen view under it. has_tokens: the token cards are one of the tabs, and the first.
  // exporter: its button stands at the end of the row.
  void draw(PanelContext& context, ImVec2 position, ImVec2 size, bool has_tokens, ViewExport& exporter);
  // The numbers of the view in view, as text for a spreadsheet; nothing while it has none.
  std::optional<std::string> text(const PanelContext& context) const;
  // Waits for what views work on in the background: for pictures and tests.
  void settle() const {
    distribution_.settle();
    compare_.settle();
  }
  const DistributionPanel& distribution() const { return distribution_; }
  const ComparePanel& compare() const { return compare_; }

 private:
  void draw_tabs(PanelContext& context, ImVec2 position, float width, bool has_tokens);

  WaterfallPanel waterfall_;
  AttentionPanel attention_;
  EmbeddingsPanel embeddings_;
  DistributionPanel distribution_;
  ComparePanel compare_;
  TablePanel table_;
  ProblemsPanel problems_;
};

constexpr float tabs_height = 32;  // px at scale 1

// The handle on the upper edge of the views, in the gap above them: dragged, or moved by the arrow keys, it changes
// view.bottom_share; a double click lets the program choose again. column_top, column_height: what the share is of.
void draw_bottom_handle(PanelContext& context, ImVec2 position, ImVec2 size, float column_top, float column_height);

}  // namespace maskscope
