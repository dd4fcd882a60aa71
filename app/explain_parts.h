// The parts a story is told in; for app/explain*.cpp only.
#pragma once

#include <string>

#include "app/explain.h"
#include "app/i18n/translate.h"

namespace maskscope::explain {

// Adds a line whose marked links were made by links.
inline void add_line(TokenStory& story, int step, const char* name, const std::string& marked, const LinkMaker& links) {
  LinkedSentence sentence = links.finish(marked);
  story.lines.push_back({step, name, std::move(sentence.text), std::move(sentence.links)});
}

inline const SchemeModality& entry_of(const MaskedFrame& frame, int modality) { return frame.scheme.modalities[static_cast<std::size_t>(modality)]; }

// Step 2, for every kind of modality.
void tell_budget(const MaskedFrame& frame, int modality, TokenStory& story);
// Steps 1 to 3, and the title.
void tell_image(const MaskedFrame& frame, const TokenPassport& passport, TokenStory& story);
void tell_text(const MaskedFrame& frame, const TokenPassport& passport, TokenStory& story);
// Masks from a file, which say where a token goes and not why.
std::string given_mask_sentence(bool is_input, bool is_target);
// Steps 4 to 6, both sides.
void tell_way(const MaskedFrame& frame, const TokenPassport& passport, AttentionRule attention, TokenStory& story);
// What a decoder row sees, as line of step 6.
void tell_decoder_row(const MaskedFrame& frame, int slot, AttentionRule attention, TokenStory& story);

}  // namespace maskscope::explain
