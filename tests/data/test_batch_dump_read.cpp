#include <limits>
#include <random>

#include "core/data/batch_dump.h"
#include "core/data/dump_scheme.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/dump_fixtures.h"
#include "tests/data/zip_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

BatchDump parse(const std::vector<DumpedFields>& modalities, const DumpReading& reading = {}) {
  return parse_batch_dump(dump_file(modalities), "a.npz", reading);
}

NpyArray with_dtype(const NpyArray& array, NpyKind kind, int item_bytes) {
  NpyArray out = array;
  out.kind = kind;
  out.item_bytes = item_bytes;
  out.data.clear();
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const auto value = static_cast<std::uint64_t>(array.integer(i));
    for (int b = 0; b < item_bytes; ++b) out.data.push_back(static_cast<std::uint8_t>(value >> (8 * b)));
  }
  return out;
}

// A modality of one sample, without its batch dimension.
DumpedFields alone(DumpedFields fields) {
  const auto halve = [](auto& values) { values.resize(values.size() / 2); };
  fields.tensor_shape.erase(fields.tensor_shape.begin());
  fields.mask_shape.erase(fields.mask_shape.begin());
  halve(fields.ids);
  halve(fields.floats);
  halve(fields.input_mask);
  halve(fields.target_mask);
  halve(fields.attention);
  return fields;
}

}  // namespace

TEST_CASE("dump: a batch as a loader gives it") {
  const BatchDump dump = parse({small_pixels(), small_grid(), small_caption()});
  CHECK(dump.problems.empty());
  CHECK(dump.batch_size == 2);
  CHECK(dump.has_batch_dimension);
  REQUIRE(dump.modalities.size() == 3);
  const DumpedModality& caption = dump.modalities[0];
  CHECK(caption.name == "caption");
  CHECK(caption.kind == ModalityKind::seq);
  CHECK(caption.num_slots == 18);
  CHECK(caption.ids == small_caption().ids);
  CHECK(caption.input_mask == small_caption().input_mask);
  CHECK(caption.decoder_attention_mask == small_caption().attention);
  CHECK(caption.row(caption.ids, 1)[1] == 1031);
  const DumpedModality& pixels = dump.modalities[1];
  CHECK(pixels.ids.empty());
  CHECK(pixels.tensor_dtype == "float32");
  CHECK(pixels.tensor_shape == std::vector<std::int64_t>{3, 32, 32});
  CHECK(pixels.num_slots == 4);
}

TEST_CASE("dump: one sample without batch dimension") {
  const BatchDump dump = parse({alone(small_grid()), alone(small_caption()), alone(small_pixels())});
  CHECK(dump.problems.empty());
  CHECK(dump.batch_size == 1);
  CHECK_FALSE(dump.has_batch_dimension);
  CHECK(dump.modalities[0].num_slots == 18);
  CHECK(dump.modalities[1].tensor_shape == std::vector<std::int64_t>{3, 32, 32});
  CHECK(dump.modalities[2].ids == Ids{11, 12, 13, 14});
}

TEST_CASE("dump: every width of integers, grids in two dimensions, types") {
  std::vector<NpzMember> members;
  DumpedFields grid = small_grid();
  grid.tensor_shape = {2, 2, 2};
  grid.type = "img";
  grid.append_to(members);
  for (std::size_t i = 0; i < 4; ++i) members[i].array = with_dtype(members[i].array, NpyKind::signed_integer, 8);
  BatchDump dump = parse_batch_dump(to_npz(members), "a.npz");
  CHECK(dump.problems.empty());
  CHECK(dump.modalities.at(0).ids == grid.ids);
  CHECK(dump.modalities.at(0).target_mask == grid.target_mask);
  for (std::size_t i = 0; i < 4; ++i) members[i].array = with_dtype(members[i].array, NpyKind::unsigned_integer, 1);
  dump = parse_batch_dump(to_npz(members), "a.npz");
  CHECK(dump.problems.empty());
  CHECK(dump.modalities.at(0).ids == grid.ids);
}

TEST_CASE("dump: names that are a dump's") {
  CHECK(is_batch_dump({"caption/tensor.npy", "caption/input_mask.npy"}));
  CHECK(is_batch_dump({"caption/decoder_attention_mask"}));
  CHECK_FALSE(is_batch_dump({"emb.npy", "mask_valid.npy"}));
  CHECK_FALSE(is_batch_dump({"input_mask.npy"}));
  CHECK_FALSE(is_batch_dump({}));
}

TEST_CASE("dump: own modalities by their type, or by the form of their masks") {
  DumpedFields grid = small_grid("mine"), text = small_caption();
  text.name = "words";
  BatchDump dump = parse({grid, text});
  REQUIRE(dump.modalities.size() == 2);
  CHECK(dump.modalities[0].kind == ModalityKind::img);
  CHECK(dump.modalities[1].kind == ModalityKind::seq);
  REQUIRE(dump.problems.size() == 2);
  CHECK(to_text(dump.problems[0]) ==
        "a.npz, modality mine: 4M has no modality of this name, and the file has no type of it: by the form of its masks it is "
        "taken for img. Save mine/type to be sure.");
  grid.type = "img";
  text.type = "seq_token";
  dump = parse({grid, text});
  CHECK(dump.problems.empty());
  CHECK(dump.modalities[1].kind == ModalityKind::seq_token);
}

TEST_CASE("dump: pixels are neither unpacked nor counted, unless they are compared") {
  const DumpReading little{4096, false};
  CHECK(parse({small_pixels(), small_grid()}, little).modalities.size() == 2);
  const BatchDump compared = parse({small_pixels(), small_grid()}, {4096, true});
  REQUIRE(compared.modalities.at(0).tensor_digests.size() == 2);
  CHECK(compared.modalities[0].tensor_digests[0] == compared.modalities[0].tensor_digests[1]);
  // Ids are counted.
  const BatchDump cut = parse({small_grid(), small_caption()}, {600, false});
  CHECK(cut.modalities.size() < 2);
  CHECK_FALSE(cut.problems.empty());
}

TEST_CASE("dump: differences") {
  const auto sentences = [](const std::vector<DumpedFields>& a, const std::vector<DumpedFields>& b) {
    const DumpReading reading{1 << 20, true};
    std::vector<std::string> lines;
    for (const DumpDifference& d : diff_dumps(parse(a, reading), parse(b, reading))) lines.push_back(cat(d.modality, ' ', d.field, ": ", d.sentence));
    return lines;
  };
  using Lines = std::vector<std::string>;
  const auto all = {small_grid(), small_caption(), small_pixels()};
  CHECK(sentences(all, all).empty());
  DumpedFields grid = small_grid();
  grid.input_mask[5] = 0;
  grid.ids[0] = 99;
  grid.ids[7] = 98;
  CHECK(sentences({small_grid()}, {grid}) == Lines{"tok_rgb@32 tensor: sample 0, slot 0: 11 in A, 99 in B; 2 of 8 values differ.",
                                                   "tok_rgb@32 input_mask: sample 1, slot 1: 1 in A, 0 in B; 1 of 8 values differs."});
  DumpedFields pixels = small_pixels();
  pixels.floats.back() = 0.25f;
  CHECK(sentences({small_pixels()}, {pixels}) == Lines{"rgb@32 tensor: sample 1: other values in A than in B; 1 of 2 samples differs."});
  CHECK(sentences({small_grid(), small_caption()}, {small_caption(), small_pixels()}) == Lines{"rgb@32 : only in B.", "tok_rgb@32 : only in A."});
  CHECK(sentences({small_grid()}, {alone(small_grid())}) == Lines{" : a batch of 2 in A, one sample without batch dimension in B."});
}

TEST_CASE("dump: the scheme it is looked at with") {
  const Scheme scheme = scheme_of_dump(parse({small_pixels(), small_grid(), small_caption()}));
  validate(scheme);
  REQUIRE(scheme.num_modalities() == 3);
  CHECK(scheme.mode == BudgetMode::direct);
  CHECK(scheme.modalities[0].modality.max_tokens == 8);
  CHECK(scheme.modalities[0].modality.vocab_size == 30000);
  CHECK(scheme.modalities[1].modality == *builtin_modality("rgb@32"));
  CHECK(scheme.modalities[2].modality == *builtin_modality("tok_rgb@32"));
  CHECK(scheme.encoder_slots == 5 + 2 + 1);
  CHECK(scheme.decoder_slots == 4 + 2);
  const Scheme wide = scheme_of_dump(parse({small_grid()}), {128, 64});
  CHECK(wide.encoder_slots == 128);
  CHECK(wide.decoder_slots == 64);

  DumpedFields odd = small_pixels();
  odd.name = "größe";
  odd.type = "img";
  const Scheme own = scheme_of_dump(parse({odd}));
  validate(own);
  CHECK(own.modalities[0].modality.patch_size == 16);
  CHECK(own.modalities[0].modality.grid_side() == 2);
  CHECK_FALSE(own.modalities[0].modality.has_decoder_embedding);
}

TEST_CASE("dump fuzz: thousands of bent members and archives") {
  const std::vector<DumpedFields> fields{small_grid(), small_caption(), small_pixels(), small_grid("mine")};
  std::mt19937 random(4);
  int num_read = 0, num_refused = 0;
  for (int i = 0; i < 3000; ++i) {
    std::vector<NpzMember> members;
    for (DumpedFields modality : fields) {
      if (modality.name == "mine" && i % 2) modality.type = random() % 2 ? "seq" : "seq_emb";
      modality.append_to(members);
    }
    for (int change = 0; change < 3; ++change) {
      NpyArray& array = members[random() % members.size()].array;
      switch (random() % 5) {
        case 0: array.data[random() % array.data.size()] = static_cast<std::uint8_t>(random()); break;
        case 1: members.erase(members.begin() + static_cast<std::ptrdiff_t>(random() % members.size())); break;
        case 2: array.shape = {static_cast<std::int64_t>(array.size())}; break;
        case 3: if (array.shape.size() > 1) std::swap(array.shape[0], array.shape[1]); break;
        default: members[random() % members.size()].name += "x"; break;
      }
    }
    try {
      const BatchDump dump = parse_batch_dump(to_npz(members), "a.npz", {1 << 20, i % 3 == 0});
      for (const DumpedModality& m : dump.modalities) {
        const auto count = static_cast<std::size_t>(dump.batch_size) * static_cast<std::size_t>(m.num_slots);
        REQUIRE(m.input_mask.size() == count);
        REQUIRE(m.target_mask.size() == count);
        REQUIRE(m.decoder_attention_mask.size() == count);
        REQUIRE((m.ids.empty() || m.ids.size() == count));
      }
      REQUIRE(dump.problems.size() < 200);
      validate(scheme_of_dump(dump));
      ++num_read;
    } catch (const Error& error) {
      REQUIRE(std::string(error.what()).back() == '.');
      ++num_refused;
    }
  }
  CHECK(num_read > 1500);
  CHECK(num_read + num_refused == 3000);
}
