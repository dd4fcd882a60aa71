// "Which mask?": everything that is called a mask, and what a 1 in it means.
#pragma once

#include <optional>
#include <vector>

#include "app/mask_kinds.h"
#include "app/panels/panel_context.h"
#include "app/slot_axis.h"

namespace maskscope {

class MaskLegend {
 public:
  // A window of its own while view.is_mask_legend_open.
  void draw(PanelContext& context);

 private:
  struct Source {
    FrameKey frame;
    bool is_causal = false, is_separate = false;
    Language language = Language::english;
    bool operator==(const Source&) const = default;
  };
  void draw_kind(PanelContext& context, const MaskKind& kind, float width);

  std::optional<Source> source_;
  std::vector<MaskKind> kinds_;
  bool was_open_ = false;
};

}  // namespace maskscope
