// core/data/shard_reference: the samples the reference yields, case by case as recorded.
#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

#include "core/data/shard_notation.h"
#include "core/data/shard_reference.h"
#include "tests/catch.h"
#include "tests/data/golden_file.h"

using namespace maskscope;
using nlohmann::json;

namespace {

ParallelTars open_shard(const std::string& url, const std::map<std::string, std::string>& name_map, SuffixTable& suffixes) {
  ParallelTars shard;
  const auto brackets = parse_brackets(url);
  for (std::size_t t = 0; t < (brackets ? brackets->names.size() : 1); ++t) {
    shard.tars.emplace_back(brackets ? brackets->path(t) : url, static_cast<std::uint8_t>(t), suffixes, TarIndex::Limits{});
    if (!brackets) break;
    const auto mapped = name_map.find(brackets->names[t]);
    shard.names.push_back(mapped == name_map.end() ? brackets->names[t] : mapped->second);
  }
  for (TarIndex& tar : shard.tars) {
    while (tar.index_more(2)) {
    }
  }
  return shard;
}

std::string from_latin1(const std::string& utf8_text) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8_text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8_text[i]);
    bytes += static_cast<char>(byte < 0x80 ? byte : ((byte & 3) << 6) | (static_cast<unsigned char>(utf8_text[++i]) & 0x3f));
  }
  return bytes;
}

std::string content(const ParallelTars& shard, const SuffixTable& suffixes, const std::string& key, const IndexedFile& file) {
  const TarIndex& tar = shard.tars[file.tar];
  const auto bytes = read_tar_member(*tar.file(), file.header_offset(), key + "." + suffixes[file.suffix], tar.path(), 1 << 20);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("reference shards: every recorded case") {
  const std::string root = test::golden_folder() + "/dataset/";
  const auto cases = json::parse(test::read_golden("dataset/shard_cases.json")).at("cases");
  REQUIRE(cases.size() >= 50);
  for (const json& recorded : cases) {
    INFO(recorded.at("name").get<std::string>());
    std::map<std::string, std::string> name_map;
    if (!recorded.at("modality_name_map").is_null()) recorded.at("modality_name_map").get_to(name_map);
    std::size_t number = 0;
    std::vector<std::string> errors;
    for (const json& url_json : recorded.at("urls")) {
      const auto url = url_json.get<std::string>();
      SuffixTable suffixes;
      const ParallelTars shard = open_shard(root + url, name_map, suffixes);
      const ReferenceShard reference = reference_shard(shard);
      for (std::size_t i = 0; i < reference.num_samples; ++i) {
        REQUIRE(number < recorded.at("samples").size());
        const json& sample = recorded.at("samples")[number++];
        const auto key = sample.at("key").get<std::string>();
        CHECK(shard.tars[0].key(i) == key);
        CHECK(sample.at("url") == url);
        const auto fields = reference_fields(shard, suffixes, i);
        REQUIRE(fields.size() == sample.at("fields").size());
        for (std::size_t f = 0; f < fields.size(); ++f) {
          CHECK(fields[f].name == sample.at("fields")[f].at("name"));
          CHECK(content(shard, suffixes, key, fields[f].file) == from_latin1(sample.at("fields")[f].at("bytes").get<std::string>()));
        }
        CHECK(reference_modalities(fields) == sample.at("modalities").get<std::vector<std::string>>());
      }
      if (*reference.exception != '\0') errors.emplace_back(reference.exception);
    }
    CHECK(number == recorded.at("samples").size());
    CHECK(errors == recorded.at("errors").get<std::vector<std::string>>());
  }
}

TEST_CASE("reference shards: the layouts of the recorded data set") {
  const std::string root = test::golden_folder() + "/dataset/";
  const auto layouts = json::parse(test::read_golden("dataset/loaded.json")).at("layouts");
  REQUIRE(layouts.size() == 3);
  for (const auto& [name, layout] : layouts.items()) {
    INFO(name);
    std::size_t number = 0;
    for (const json& url_json : layout.at("urls")) {
      const auto url = url_json.get<std::string>();
      SuffixTable suffixes;
      const ParallelTars shard = open_shard(root + url, {}, suffixes);
      const ReferenceShard reference = reference_shard(shard);
      CHECK(reference.stop == ReferenceShard::Stop::at_the_end);
      for (std::size_t i = 0; i < reference.num_samples; ++i) {
        REQUIRE(number < layout.at("samples").size());
        const json& sample = layout.at("samples")[number++];
        CHECK(shard.tars[0].key(i) == sample.at("key"));
        CHECK(sample.at("url") == url);
        std::vector<std::string> fields;
        for (const auto& field : reference_fields(shard, suffixes, i)) fields.push_back(field.name);
        CHECK(fields == sample.at("fields").get<std::vector<std::string>>());
      }
    }
    CHECK(number == layout.at("samples").size());
  }
}
