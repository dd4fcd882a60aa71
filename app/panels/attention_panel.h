// Who may attend to whom: the self-attention of the decoder slots and the attention to the encoder slots.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/attention_view.h"
#include "app/panels/matrix_view.h"
#include "app/panels/panel_context.h"
#include "core/data/picture.h"

namespace maskscope {

class AttentionPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The numbers that are shown, as text for a spreadsheet; nothing while there are none.
  std::optional<std::string> text(const PanelContext& context) const;

 private:
  // What the matrix and its picture were made from.
  struct Source {
    FrameKey frame;
    AttentionSettings settings;
    ThemeKind theme = ThemeKind::dark;
    Language language = Language::english;  // of failure
    bool operator==(const Source&) const = default;
  };
  void update(PanelContext& context);
  void go_to_wanted(PanelContext& context);
  void draw_matrix(PanelContext& context, ImVec2 min, ImVec2 max);
  void draw_words(PanelContext& context, ImVec2 min, ImVec2 max);
  void draw_controls(PanelContext& context, float width);
  void draw_story(PanelContext& context, float width);
  void draw_blind_rows(PanelContext& context, float width);
  void draw_legend(PanelContext& context, float width);

  AttentionKind kind_ = AttentionKind::decoder;
  MatrixView view_;
  std::optional<Source> source_;
  AttentionMatrix matrix_;
  std::shared_ptr<const Picture> picture_;
  std::string failure_;  // why there is no matrix
  std::optional<MatrixCell> hovered_;  // in the frame before
  std::optional<MatrixCell> kept_;     // explained while none is hovered: the last that was clicked or gone to
  std::optional<ViewPlace> wanted_;
};

}  // namespace maskscope
