// A pinned state beside the present one, and their difference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/comparison.h"
#include "app/panels/compare_draws.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class ComparePanel {
 public:
  // Every frame, also while the view is not shown: fulfils view.compare_wish.
  void follow(PanelContext& context);
  void draw(PanelContext& context, ImVec2 position, ImVec2 size);

  // The numbers that are shown, as text for a spreadsheet; nothing while there are none.
  std::optional<std::string> text() const;

  // Waits for the draws of both: for pictures and tests.
  void settle() const { draws_.settle(); }

  bool is_drawing() const { return draws_.is_drawing(); }

 private:
  // What the comparison was made of: made anew when it changes.
  struct Key {
    std::uint64_t revision = 0, pin_number = 0;
    const MaskedFrame* frame = nullptr;
    const Inputs* inputs = nullptr;
    std::uint64_t seed = 0, sample_index = 0;
    Language language = Language::english;
    bool operator==(const Key&) const = default;
  };
  void update(PanelContext& context);
  void swap(PanelContext& context);
  void draw_chips(PanelContext& context, float width);
  void draw_sections(PanelContext& context);

  std::optional<PinnedState> pinned_;
  std::uint64_t pin_number_ = 0;
  std::optional<Key> key_;
  Comparison comparison_;
  ComparedDraws draws_;
};

}  // namespace maskscope
