// What copying means: a token's story, and the numbers of a view as text for a spreadsheet.
#pragma once

#include <optional>
#include <string>

#include "app/panels/panel_context.h"

namespace maskscope {

// Of the token or ignored slot that all views light up; nothing where there is none.
std::optional<std::string> story_as_text(const PanelContext& context);

// Tab-separated, with headers. Of the cards: all modalities' tables, each under its name.
std::string tokens_as_text(const PanelContext& context);
std::string table_as_text(const PanelContext& context);
std::string problems_as_text(const PanelContext& context);

}  // namespace maskscope
