// What reading a data set costs, for `maskscope bench --data`.
#pragma once

#include <nlohmann/json.hpp>

#include "app/document.h"

namespace maskscope::commands {

// Of the data set that the document names: how soon the first sample is there, how fast the index grows, and what a sample
// costs beside the bare decoding of its files, read from where they are in both cases. Throws Error as opening it does.
nlohmann::ordered_json measure_data(const Document& document);

}  // namespace maskscope::commands
