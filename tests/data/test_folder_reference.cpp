// core/data/folder_dataset: which files the reference pairs, case by case as recorded.
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

#include "core/data/folder_dataset.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"

using namespace maskscope;
using nlohmann::json;

TEST_CASE("reference folders: every recorded case") {
  const auto cases = json::parse(test::read_golden("dataset/folder_cases.json")).at("cases");
  REQUIRE(cases.size() >= 20);
  for (const json& recorded : cases) {
    INFO(recorded.at("name").get<std::string>());
    DatasetOptions options;
    recorded.at("modalities").get_to(options.modalities);
    recorded.at("modality_paths").get_to(options.modality_paths);
    FolderReferenceOptions reference_options;
    if (recorded.contains("max_samples")) reference_options.max_samples = recorded.at("max_samples").get<std::size_t>();
    reference_options.pre_shuffle = recorded.value("pre_shuffle", false);
    FolderDataset dataset(test::golden_folder() + "/dataset/" + recorded.at("root").get<std::string>(), {}, options, {});
    while (dataset.index_more(2)) {
    }
    const FolderReference reference = dataset.reference(reference_options);
    CHECK(reference.exception() == (recorded.at("raises").is_null() ? "" : recorded.at("raises").get<std::string>()));
    if (!recorded.at("raises").is_null()) continue;

    CHECK(reference.classes() == recorded.at("classes").get<std::vector<std::string>>());
    REQUIRE(reference.size() == recorded.at("length"));
    for (std::size_t i = 0; i < reference.size(); ++i) {
      INFO(i);
      const json& pair = recorded.at("pairs")[i];
      bool is_right = true;
      for (std::size_t s = 0; s < dataset.num_sources(); ++s) {
        const auto entry = reference.at(s, i);
        CHECK((entry ? json(dataset.file_path(*entry)) : json(nullptr)) == pair.at("files")[s]);
        is_right = is_right && entry && entry->sample == reference.at(0, i)->sample;
      }
      CHECK(reference.raises(i) == !pair.at("raises").is_null());
      if (!reference.raises(i)) CHECK(reference.class_index(i) == pair.at("class_idx"));
      // What the data set says of the sample agrees with what was recorded.
      if (!is_right) CHECK(dataset.has_problem(reference.at(0, i)->sample));
    }
  }
}
