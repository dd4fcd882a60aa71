// Counted draws as text: for spreadsheets and for programs.
#pragma once

#include <string>

#include "core/scheme.h"
#include "core/tally.h"

namespace maskscope {

// A table with tabs and one number a line, with a header line: what, side, modality, of, count, draws, value, standard_error.
//   frequency       encoder  tok_depth@224  93        16101  131072  0.12284  0.00091   token or cell 93 (from 0)
//   budget          encoder  caption        mean             131072  15.9981  0.0421    tokens; likewise used
//   budget          encoder  caption        6..10     20011  131072  0.15267  0.00099   a bin of the histogram, in tokens
//   fill            decoder                 mean             131072  127.1    0.01      of the slots; empty, full, cut; bins
//   together        encoder  caption        det       ...                               both have a token on the side
// scheme: that was drawn.
std::string distribution_as_text(const Scheme& scheme, const Tally& tally);

// The tokens of a histogram's bin: "0", "7", "6..10". most: the greatest number of tokens there is, which the last bin ends with.
std::string bin_label(int bin, int tokens_per_bin, int most);

}  // namespace maskscope
