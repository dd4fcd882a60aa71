// All commands in a list to type into: actions, and the files that were opened last.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope {

class CommandPalette {
 public:
  // Once a frame, after everything else; opens when view.is_palette_wanted.
  void draw(PanelContext& context);

 private:
  struct Entry;
  std::vector<Entry> matching(const PanelContext& context) const;
  void draw_rows(PanelContext& context, const std::vector<Entry>& entries);
  void run(PanelContext& context, const Entry& entry);

  std::string text_;
  int chosen_ = 0;              // of those that match
  bool is_chosen_by_key_ = false;  // then it is scrolled to
};

// How well a text matches what was typed: all its characters in their order, case aside; better in a row and at the beginnings of
// words. nullopt: not at all. Empty queries match everything alike.
std::optional<int> fuzzy_score(std::string_view query, std::string_view text);

}  // namespace maskscope
