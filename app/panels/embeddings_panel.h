// What the slots hold: x, emb and their sum as heat maps, before and after zeroing, and the tables they come from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/embedding_view.h"
#include "app/panels/matrix_view.h"
#include "app/panels/panel_context.h"
#include "core/data/picture.h"

namespace maskscope {

class EmbeddingsPanel {
 public:
  // Every frame, also while the view is not shown.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);
  // The numbers that are shown, as text for a spreadsheet; nothing while there are none.
  std::optional<std::string> text(const PanelContext& context) const;

 private:
  enum class Shown : std::uint8_t { encoder, decoder, tables };
  enum class Zeroed : std::uint8_t { before, after, both };
  struct Source {
    FrameKey frame;
    Shown shown = Shown::encoder;
    int dim = 0;
    ThemeKind theme = ThemeKind::dark;
    Language language = Language::english;  // of failure
    bool operator==(const Source&) const = default;
  };
  // One heat map on the screen.
  struct Pane {
    std::string title;
    const ValueMap* map = nullptr;
    std::shared_ptr<const Picture> picture;
    std::function<std::string(int row)> row_name;  // of tables
    bool is_after_zeroing = false;
    float x = 0, width = 0;                // px
    float y = 0, row_height = 0;           // px: where row 0 begins
  };
  struct Cell {
    std::size_t pane = 0;
    int row = 0, component = 0;
  };

  void update(PanelContext& context);
  void add_slot_panes(PanelContext& context, const SlotMaps& maps, bool is_after_zeroing);
  void add_table_panes(PanelContext& context);
  void go_to_wanted(PanelContext& context);
  void draw_maps(PanelContext& context, ImVec2 min, ImVec2 max);
  void draw_titles(PanelContext& context, float top);
  void draw_pane(PanelContext& context, const Pane& pane, float top, float bottom);
  void draw_marks(PanelContext& context, float top, float bottom);
  int table_row_of(const PanelContext& context, const Pane& pane, int slot) const;
  void draw_words(PanelContext& context, ImVec2 min, ImVec2 max);
  void draw_controls(PanelContext& context, float width);
  void draw_story(PanelContext& context, float width);
  void draw_slot_story(PanelContext& context, float width, int slot, int component);
  void draw_table_story(PanelContext& context, float width);

  Shown shown_ = Shown::encoder;
  Zeroed zeroed_ = Zeroed::both;
  MatrixView view_;
  std::optional<Source> source_;
  EmbeddingMaps maps_;           // of the side shown; of the tables: of the encoder
  EmbeddingTablesView tables_;
  std::vector<Pane> panes_;      // of all that is shown, in order; before zeroing first
  std::string failure_;
  std::optional<Cell> hovered_;
  std::optional<ViewPlace> wanted_;
};

}  // namespace maskscope
