// Alphas, keep schemes and weights as a scheme can hold them, from what a file says.
#pragma once

#include <cstddef>

#include "core/data/config_problems.h"
#include "core/data/config_reading.h"
#include "core/scheme.h"

namespace maskscope {

// Fills alphas and keep of entry for num_components, and their places. What is missing becomes 0 or random, what a scheme
// can't hold is limited. Returns false when the reference fails on it (problems say so).
bool fill_mixture(SchemeModality& entry, ModalityPlaces& places, const HandedModality& handed, std::size_t num_components,
                  const std::filesystem::path& file, ConfigProblems& problems);

// How many components a data set's lists have at most, 1 if none; limited to what is read.
std::size_t count_components(const HandedDataset& dataset, const std::filesystem::path& file, ConfigProblems& problems);

// sampling_weights of the alphas file, or nothing where they can't be used.
bool fill_weights(Scheme& scheme, SchemePlaces& places, const HandedDataset& dataset, std::size_t num_components,
                  ConfigProblems& problems);

}  // namespace maskscope
