// What the slots hold: against the tables, computed from their definition, and what is known of pixels and ids.
#include <algorithm>
#include <cmath>
#include <sstream>

#include "app/embedding_view.h"
#include "core/position_table.h"
#include "kernels/embedding.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

MaskedFrame default_frame() { return make_session(default_document()).frame(); }

const Modality& modality_of(const MaskedFrame& frame, int modality) { return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality; }

bool is_zero(const ValueMap& map, int row, int dim) {
  return std::all_of(map.row(row, dim), map.row(row, dim) + dim, [](float value) { return value == 0; });
}

EmbeddingTables tables_for(const MaskedFrame& frame, int dim) {
  return make_embedding_tables(make_plan(frame.scheme, frame.vocabulary), {.seed = embedding_seed, .dim = dim, .num_register_tokens = 0});
}

// A row of x of the tables.
std::vector<float> x_row(const EmbeddingTables& tables, std::int32_t row) {
  const std::vector<std::int32_t> rows = {row};
  std::vector<Lanes<float>> lanes(static_cast<std::size_t>(lanes_per_row<float>(tables.options.dim)));
  std::vector<std::uint8_t> is_known(1);
  write_x_rows(tables, {}, view_of(rows), view_of(lanes), view_of(is_known));
  REQUIRE(is_known[0]);
  std::vector<float> values;
  for (int d = 0; d < tables.options.dim; ++d) values.push_back(lanes[static_cast<std::size_t>(d / 4)].lane[d % 4]);
  return values;
}

}  // namespace

TEST_CASE("embedding view: zeroing takes exactly the ignored slots away") {
  const MaskedFrame frame = dataset_frame();
  for (const bool is_encoder : {true, false}) {
    const EmbeddingMaps maps = embedding_maps(frame, is_encoder, 32);
    const int slots = is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots;
    REQUIRE(maps.axis.num_slots() == slots);
    REQUIRE(maps.before.x.values.size() == static_cast<std::size_t>(slots) * 32);
    int ignored = 0;
    for (int slot = 0; slot < slots; ++slot) {
      const bool is_ignored = (is_encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask)[static_cast<std::size_t>(slot)] != 0;
      ignored += is_ignored;
      CHECK(is_zero(maps.after.emb, slot, 32) == is_ignored);
      CHECK(is_zero(maps.after.sum, slot, 32) == is_ignored);
      CHECK_FALSE(is_zero(maps.before.emb, slot, 32));
      if (is_ignored) CHECK(is_zero(maps.after.x, slot, 32));
      for (int d = 0; d < 32; ++d) {
        REQUIRE(maps.before.sum.row(slot, 32)[d] == maps.before.x.row(slot, 32)[d] + maps.before.emb.row(slot, 32)[d]);
        if (!is_ignored) REQUIRE(maps.after.sum.row(slot, 32)[d] == maps.before.sum.row(slot, 32)[d]);
        REQUIRE(std::abs(maps.before.sum.row(slot, 32)[d]) <= maps.largest);
      }
    }
    CHECK(ignored > 0);
  }
}

TEST_CASE("embedding view: emb is the position's row and the modality's vector") {
  const MaskedFrame frame = default_frame();
  constexpr int dim = 64;
  const EmbeddingMaps maps = embedding_maps(frame, true, dim);
  const EmbeddingTablesView tables = embedding_tables_view(frame, dim);
  const std::vector<float> text = build_1d_sincos_positions(256, dim), grid = build_2d_sincos_positions(14, 14, dim);
  CHECK(tables.grid_side == 14);
  CHECK(tables.grid_positions.values == grid);
  CHECK(tables.text_positions.values == text);
  REQUIRE(tables.modality_vectors.rows == frame.scheme.num_modalities());
  int texts = 0, images = 0;
  for (int slot = 0; slot < maps.axis.num_slots(); ++slot) {
    const AxisSlot& entry = maps.axis.slots[static_cast<std::size_t>(slot)];
    if (entry.is_ignored) continue;
    const bool is_image = modality_of(frame, entry.modality).kind == ModalityKind::img;
    (is_image ? images : texts)++;
    const std::int32_t position = maps.position[static_cast<std::size_t>(slot)];
    if (is_image) CHECK(position == entry.token.origin);
    REQUIRE(position >= 0);
    const float* const row = (is_image ? grid : text).data() + static_cast<std::ptrdiff_t>(position) * dim;
    for (int d = 0; d < dim; ++d) {
      CHECK(maps.positions.row(slot, dim)[d] == Approx(row[d]).margin(1e-6));
      CHECK(maps.before.emb.row(slot, dim)[d] == row[d] + tables.modality_vectors.row(entry.modality, dim)[d]);
    }
  }
  CHECK(texts > 0);
  CHECK(images > 0);
}

TEST_CASE("embedding view: image slots of the decoder hold the mask token, texts the token before") {
  const MaskedFrame frame = default_frame();
  constexpr int dim = 16;
  const EmbeddingMaps maps = embedding_maps(frame, false, dim);
  const EmbeddingTablesView view = embedding_tables_view(frame, dim);
  const EmbeddingTables tables = tables_for(frame, dim);
  CHECK(view.mask_token.values == x_row(tables, tables.view().mask_token_row));
  int images = 0, texts = 0;
  for (int slot = 0; slot < maps.axis.num_slots(); ++slot) {
    const AxisSlot& entry = maps.axis.slots[static_cast<std::size_t>(slot)];
    if (entry.is_ignored) continue;
    const float* const x = maps.after.x.row(slot, dim);
    CHECK_FALSE(maps.is_unknown[static_cast<std::size_t>(slot)]);
    if (modality_of(frame, entry.modality).kind == ModalityKind::img) {
      ++images;
      CHECK(std::equal(x, x + dim, view.mask_token.values.begin()));
    } else {
      ++texts;
      const std::int32_t id = frame.batch.tensor[static_cast<std::size_t>(frame.batch.decoder_source[static_cast<std::size_t>(slot)])];
      const std::vector<float> row = x_row(tables, tables.modalities[static_cast<std::size_t>(entry.modality)].decoder_row + id);
      CHECK(std::equal(x, x + dim, row.begin()));
    }
  }
  CHECK(images > 0);
  CHECK(texts > 0);
}

TEST_CASE("embedding view: pixels come from the picture, ids of a neural tokenizer stay unknown") {
  const MaskedFrame frame = default_frame();
  constexpr int dim = 16;
  const EmbeddingMaps maps = embedding_maps(frame, true, dim);
  const int rgb = frame.scheme.find("rgb@224");
  const Picture& picture = *frame.content(rgb)->picture;
  const EmbeddingTables tables = tables_for(frame, dim);
  // The same picture, patch by patch, by the formula of the reference: (value / 255 - mean) / deviation.
  constexpr double mean[] = {0.485, 0.456, 0.406}, deviation[] = {0.229, 0.224, 0.225};
  std::vector<float> patches(std::size_t{196} * 768);
  for (int y = 0; y < 224; ++y) {
    for (int x = 0; x < 224; ++x) {
      for (int c = 0; c < 3; ++c) {
        const int patch = y / 16 * 14 + x / 16, inside = (y % 16 * 16 + x % 16) * 3 + c;
        patches[static_cast<std::size_t>(patch * 768 + inside)] = static_cast<float>((picture.rgb[static_cast<std::size_t>((y * 224 + x) * 3 + c)] / 255.0 - mean[c]) / deviation[c]);
      }
    }
  }
  SampleVectors vectors;
  vectors.of_modality.resize(static_cast<std::size_t>(frame.scheme.num_modalities()));
  vectors.of_modality[static_cast<std::size_t>(rgb)] = view_of(std::as_const(patches));
  const SlotEmbeddings expected = embed_encoder(tables, frame.batch, 0, vectors);
  CHECK(maps.before.x.values == expected.before.x);
  int pixels = 0, unknown = 0;
  for (int slot = 0; slot < maps.axis.num_slots(); ++slot) {
    const AxisSlot& entry = maps.axis.slots[static_cast<std::size_t>(slot)];
    if (entry.is_ignored) continue;
    const Modality& info = modality_of(frame, entry.modality);
    const bool is_unknown = maps.is_unknown[static_cast<std::size_t>(slot)] != 0;
    const std::string reason = unknown_reason(frame, maps, slot);
    CHECK(reason.empty() != is_unknown);
    if (info.name == "rgb@224") {
      ++pixels;
      CHECK_FALSE(is_unknown);
      CHECK_FALSE(is_zero(maps.after.x, slot, dim));
    } else if (info.kind == ModalityKind::img) {
      ++unknown;
      CHECK(is_unknown);
      CHECK_THAT(reason, contains_text("only a neural tokenizer"));
      CHECK(is_zero(maps.after.x, slot, dim));
    }
  }
  CHECK(pixels > 0);
  CHECK(unknown > 0);
}

TEST_CASE("embedding view: without a picture pixels are unknown") {
  MaskedFrame frame = default_frame();
  frame.inputs = nullptr;
  const EmbeddingMaps maps = embedding_maps(frame, true, 16);
  const int rgb = frame.scheme.find("rgb@224");
  int pixels = 0;
  for (int slot = 0; slot < maps.axis.num_slots(); ++slot) {
    if (maps.axis.slots[static_cast<std::size_t>(slot)].modality != rgb || maps.axis.slots[static_cast<std::size_t>(slot)].is_ignored) continue;
    ++pixels;
    CHECK(maps.is_unknown[static_cast<std::size_t>(slot)]);
    CHECK_THAT(unknown_reason(frame, maps, slot), contains_text("no picture of rgb@224"));
  }
  CHECK(pixels > 0);
}

TEST_CASE("embedding view: every D on offer works, others are refused") {
  const MaskedFrame frame = dataset_frame();
  for (const int dim : embedding_dims) {
    CHECK(embedding_maps(frame, false, dim).after.sum.values.size() == static_cast<std::size_t>(frame.batch.decoder_slots * dim));
    CHECK(embedding_tables_view(frame, dim).largest >= 1);
  }
  for (const int dim : {0, -64, 63, 8192, 1 << 30}) CHECK_THAT(sentence_of([&] { embedding_maps(frame, true, dim); }), contains_text(cat("found ", dim)));
}

TEST_CASE("embedding view: as text every number stands in its column") {
  const MaskedFrame frame = dataset_frame();
  const EmbeddingMaps maps = embedding_maps(frame, true, 16);
  for (const bool is_after : {false, true}) {
    std::istringstream lines(embeddings_as_text(frame, maps, is_after));
    std::string line;
    REQUIRE(std::getline(lines, line));
    CHECK_THAT(line, contains_text("slot\ttoken\tis_ignored\tis_unknown\tx[0]") && contains_text("\temb[15]\t") && contains_text("x+emb[15]"));
    int slot = 0;
    for (; std::getline(lines, line); ++slot) {
      REQUIRE(std::count(line.begin(), line.end(), '\t') == 3 + 3 * 16);
      // The last number is the sum's last component, exactly.
      CHECK(std::stof(line.substr(line.rfind('\t') + 1)) == (is_after ? maps.after : maps.before).sum.row(slot, 16)[15]);
    }
    CHECK(slot == frame.batch.encoder_slots);
  }
}
