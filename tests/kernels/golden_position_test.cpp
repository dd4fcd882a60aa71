// posemb.json: position tables, the position numbers of the embedding modules, and modality ids.
#include <cmath>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/modality.h"
#include "core/position_table.h"
#include "kernels/embedding.h"
#include "kernels/serial_group.h"
#include "kernels/stages/position.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {
namespace {

using nlohmann::json;

constexpr double tolerance = 2e-6;  // what golden/README.md asks for

void require_close(const std::vector<float>& found, const json& expected) {
  const auto dim = expected.empty() ? 0 : expected[0].size();
  REQUIRE(found.size() == expected.size() * dim);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = static_cast<double>(found[i]) - expected[i / dim][i % dim].get<double>();
    if (!(std::fabs(difference) <= tolerance)) FAIL("row " << i / dim << ", component " << i % dim << ": " << difference);
  }
}

// A scheme of one modality of the recorded module's kind.
EmbeddingTables tables_for(const std::string& module, int num_slots, int max_length, int dim) {
  SchemeModality entry;
  entry.modality.name = "text";
  entry.modality.id = modality_id("text");
  entry.modality.kind = module == "emb_encoder" ? ModalityKind::seq_emb : ModalityKind::seq;
  entry.modality.has_decoder_embedding = module == "decoder";
  entry.modality.vocab_size = 1000;
  entry.modality.max_tokens = num_slots;
  entry.modality.max_positions = max_length;
  entry.input_alphas = entry.target_alphas = {1.0};
  entry.keep = {KeepScheme::random};
  Scheme scheme;
  scheme.modalities = {entry};
  return make_embedding_tables(make_plan(scheme, default_vocabulary()), {.seed = 0, .dim = dim});
}

// The positions of the recorded mask, through the production code for whole samples.
std::vector<std::int32_t> positions_of(const json& entry, const std::string& recorded_mask) {
  const auto module = entry["module"].get<std::string>();
  const auto num_slots = static_cast<int>(recorded_mask.size());
  const EmbeddingTables tables = tables_for(module, num_slots, entry["max_length"].get<int>(), entry["dim"].get<int>());
  MaskedBatch masks;
  masks.batch_size = masks.num_modalities = 1;
  masks.num_slots = tables.modalities[0].num_slots;
  auto& mask = module == "decoder" ? masks.target_mask : masks.input_mask;
  mask = digits<std::uint8_t>(recorded_mask);
  mask.resize(static_cast<std::size_t>(masks.num_slots), 1);
  std::vector<std::int32_t> positions =
      module == "decoder" ? decoder_positions(tables, masks, 0) : encoder_positions(tables, masks, 0);
  for (auto rest = positions.begin() + num_slots; rest != positions.end(); ++rest) REQUIRE(*rest == no_position);
  positions.resize(recorded_mask.size());
  return positions;
}

}  // namespace

TEST_CASE("golden: position tables") {
  const auto golden = load_golden("posemb");
  if (!golden) return;
  for (const json& entry : golden->at("posemb_1d")) {
    require_close(build_1d_sincos_positions(entry["max_len"].get<int>(), entry["dim"].get<int>()), entry["values"]);
  }
  for (const json& entry : golden->at("posemb_2d")) {
    require_close(build_2d_sincos_positions(entry["h"].get<int>(), entry["w"].get<int>(), entry["dim"].get<int>()),
                  entry["values"]);
  }
  REQUIRE_FALSE(golden->at("posemb_1d").empty());
  REQUIRE_FALSE(golden->at("posemb_2d").empty());
  std::cout << "posemb.json: " << golden->at("posemb_1d").size() << " 1-D and " << golden->at("posemb_2d").size()
            << " 2-D tables\n";
}

TEST_CASE("golden: positions of sequences") {
  const auto golden = load_golden("posemb");
  if (!golden) return;
  int num_raising = 0;
  for (const json& entry : golden->at("sequence")) {
    const auto module = entry["module"].get<std::string>();
    const auto dim = entry["dim"].get<int>();
    INFO(module << ", max_length " << entry["max_length"]);
    REQUIRE(entry["table_length"].get<int>() == sequence_position_rows);
    const auto masks = entry["mask"].get<std::vector<std::string>>();
    if (entry.contains("raises") && !entry["raises"].is_null()) {
      try {
        positions_of(entry, masks[0]);
        FAIL("no error");
      } catch (const Error& error) {
        const std::string message = error.what();
        CHECK(message.find("Modality text: " + std::to_string(masks[0].size())) != std::string::npos);
        CHECK(message.find("512") != std::string::npos);
      }
      ++num_raising;
      continue;
    }
    for (std::size_t b = 0; b < masks.size(); ++b) {
      const std::vector<std::int32_t> positions = positions_of(entry, masks[b]);
      if (entry.contains("position_of_last")) {
        REQUIRE(positions.back() == entry["position_of_last"].get<std::int32_t>());
        continue;
      }
      REQUIRE(positions == entry["position"][b].get<std::vector<std::int32_t>>());
      if (!entry.contains("emb")) continue;
      const std::vector<float> table = build_1d_sincos_positions(sequence_position_rows, dim);
      std::vector<float> emb(positions.size() * static_cast<std::size_t>(dim));
      for (std::size_t i = 0; i < positions.size(); ++i) {
        if (positions[i] < 0) continue;
        const auto row = table.begin() + std::ptrdiff_t{positions[i]} * dim;
        std::copy(row, row + dim, emb.begin() + static_cast<std::ptrdiff_t>(i) * dim);
      }
      require_close(emb, entry["emb"][b]);
    }
  }
  CHECK(num_raising == 2);
  std::cout << "posemb.json: " << golden->at("sequence").size() << " sequence cases\n";
}

TEST_CASE("golden: positions of images") {
  const auto golden = load_golden("posemb");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("image").empty());
  for (const json& entry : golden->at("image")) {
    const auto side = entry["image_size"].get<int>() / entry["patch_size"].get<int>();
    const bool is_decoder = entry["module"].get<std::string>().find("Decoder") != std::string::npos;
    SchemeModality grid;
    grid.modality.name = "grid";
    grid.modality.id = modality_id("grid");
    grid.modality.max_tokens = side * side;
    grid.modality.vocab_size = 16;
    grid.modality.input_size = entry["image_size"].get<int>();
    grid.modality.patch_size = entry["patch_size"].get<int>();
    grid.input_alphas = grid.target_alphas = {1.0};
    Scheme scheme;
    scheme.modalities = {grid};
    constexpr int dim = 8;
    const EmbeddingTables tables = make_embedding_tables(make_plan(scheme, default_vocabulary()), {.seed = 0, .dim = dim});
    const auto num_positions = entry["num_positions"].get<std::size_t>();
    REQUIRE(tables.positions.size() == num_positions * static_cast<std::size_t>(lanes_per_row<float>(dim)));

    // Every slot has a position, used or not: its own cell.
    MaskedBatch masks;
    masks.batch_size = masks.num_modalities = 1;
    masks.num_slots = side * side;
    masks.input_mask.assign(num_positions, 1);
    masks.target_mask.assign(num_positions, 1);
    const std::vector<std::int32_t> positions =
        is_decoder ? decoder_positions(tables, masks, 0) : encoder_positions(tables, masks, 0);
    REQUIRE(entry["equals_posemb_2d"].get<bool>());
    const std::vector<float> expected = build_2d_sincos_positions(side, side, dim);
    const EmbeddingModality& modality = tables.modalities[0];
    const std::int32_t first_row = is_decoder ? modality.decoder_position_row : modality.encoder_position_row;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      REQUIRE(positions.at(i / dim) == static_cast<std::int32_t>(i / dim));
      const std::size_t row = static_cast<std::size_t>(first_row) + i / dim;
      REQUIRE(tables.positions.at(row * 2 + i % dim / 4).lane[i % 4] == expected[i]);
    }
  }
  std::cout << "posemb.json: " << golden->at("image").size() << " image modules\n";
}

TEST_CASE("golden: modality ids") {
  const auto golden = load_golden("posemb");
  if (!golden) return;
  for (const char* const list : {"modality_ids", "other_ids"}) {
    REQUIRE_FALSE(golden->at(list).empty());
    for (const auto& [name, id] : golden->at(list).items()) REQUIRE(modality_id(name) == id.get<int>());
    std::cout << "posemb.json: " << golden->at(list).size() << " " << list << "\n";
  }
}

}  // namespace maskscope
