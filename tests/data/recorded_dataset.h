// The recorded data set (dataset/ of the golden folder), and what its views are loaded with.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/data/sample_view.h"
#include "core/data/text_tokenizer.h"
#include "tests/data/memory_dataset.h"

namespace maskscope::test {

std::string recorded_dataset_folder();
// nullopt and a line "SKIPPED: …" where dataset/NAME.json is not there.
std::optional<nlohmann::json> load_recorded(const std::string& name);
// 4M's tokenizer: MASKSCOPE_4M_TOKENIZER, else shared/golden beside the source tree. nullptr and "SKIPPED: …" without.
const TextTokenizer* recorded_tokenizer();

std::vector<std::uint8_t> read_recorded(const std::string& path);  // relative to the folder
// One of the samples of loaded.json, in memory.
MemoryDataset recorded_sample(const nlohmann::json& sample);
std::vector<Modality> modalities_of(const std::vector<std::string>& names);

}  // namespace maskscope::test
