// Short names of tokens, the same on chips, in tables and in the inspector.
#pragma once

#include <cstdint>
#include <string>

#include "app/masked_frame.h"

namespace maskscope {

// Of a token of a modality of any kind; origin as in TokenIdentity, or origin::padding.
// Images "(6, 9)", row and column; ids of a whole picture "token 5". Texts their piece, "##able", "[EOS]", "[S_2]", "[PAD]"; where
// the pieces are not known the vocabulary's, else the id. seq_token "4711", the id; seq_emb "row 3". Never empty. The piece of a
// user's text, so to be passed through drawable(). Words in the language of the window.
std::string token_label(const MaskedFrame& frame, int modality, std::int32_t origin);

// Of an id that stands somewhere without an origin: a target, a slot of a dump. "?" when it is unknown.
std::string id_label(const MaskedFrame& frame, int modality, std::int32_t id);

// The [EOS] behind a text; false for every other token and kind.
bool is_end_of_text(const MaskedFrame& frame, int modality, std::int32_t origin);

// Ids of a whole picture in an arrangement without places: tok_dinov2_global, tok_imagebind_global.
bool has_places(const Modality& modality);

// For a cell of a table: tabs and line breaks as backslash and letter.
std::string in_one_line(const std::string& cell);

}  // namespace maskscope
