// The texts of the window as they stand in the sources: found by reading C++, for the tests that ask every language for them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace maskscope::test {

// What is passed to tr, tr_later, later and tr_count as literals, in the order of the source: adjacent literals joined, escapes
// decoded, both branches of a ?:, both plurals. Comments and what stands inside other literals are not looked at.
std::vector<std::string> translated_literals(std::string_view source);

// Literals that are shown as they stand: with a letter in them, passed to a call that draws text or makes a widget
// ("widgets::tooltip", "ImGui::MenuItem" …), not through tr and its like.
std::vector<std::string> untranslated_literals(std::string_view source);

// The places {0} … of a text, sorted, each once: "02" of "{2} of {0}".
std::string places_of(std::string_view text);

// Every .h and .cpp below a folder, sorted.
std::vector<std::filesystem::path> sources_below(const std::filesystem::path& folder);

}  // namespace maskscope::test
