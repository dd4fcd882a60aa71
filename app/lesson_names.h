// Names that lesson texts use for what they show and offer; the panel says what each does (app/panels/lesson_show.cpp).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "app/view_names.h"

namespace maskscope {

// By value of PlaceKind and Fate; views are called by their names.
constexpr std::array<std::string_view, 7> lesson_places = {"card", "budget", "concatenation", "packed_slot", "attention_row", "embedding_row", "table"};
constexpr std::array<std::string_view, 6> lesson_fates = {"encoder", "decoder", "discarded", "ignored", "sentinel", "end_of_text"};

// roll: another seed. text: the text editor. scene: the bundled scene. direct, sampled: where budgets come from. play: the steps
// from the first one on. legend: what is called mask.
constexpr std::array<std::string_view, 7> lesson_actions = {"roll", "text", "scene", "direct", "sampled", "play", "legend"};

template <class Names>
constexpr int index_in(const Names& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}
constexpr bool is_lesson_tab(std::string_view name) { return tab_of(name).has_value(); }
constexpr bool is_lesson_place(std::string_view name) { return index_in(lesson_places, name) >= 0; }
constexpr bool is_lesson_fate(std::string_view name) { return name == "none" || index_in(lesson_fates, name) >= 0; }
constexpr bool is_lesson_action(std::string_view name) { return index_in(lesson_actions, name) >= 0; }

}  // namespace maskscope
