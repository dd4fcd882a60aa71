// The views under the tabs and their names: in session files, lesson texts, names of pictures and on the command line.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace maskscope {

// The views below the strips; where there is no room below, beside the cards. tokens: the cards themselves, in that case.
enum class BottomTab : std::uint8_t { tokens, waterfall, attention, embeddings, distribution, compare, table, problems };

// By value of BottomTab.
constexpr auto tab_names = std::to_array<const char*>({"tokens", "budgets", "attention", "embeddings", "distribution", "compare", "table", "problems"});
static_assert(tab_names.size() == static_cast<std::size_t>(BottomTab::problems) + 1, "every view has a name");

constexpr const char* name_of(BottomTab tab) { return tab_names[static_cast<std::size_t>(tab)]; }
constexpr std::optional<BottomTab> tab_of(std::string_view name) {
  const auto found = std::find(tab_names.begin(), tab_names.end(), name);
  if (found == tab_names.end()) return std::nullopt;
  return static_cast<BottomTab>(found - tab_names.begin());
}

}  // namespace maskscope
