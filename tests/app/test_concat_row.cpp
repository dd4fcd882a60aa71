// The concatenated row that the steps show is the one that selection chose from.
#include <algorithm>

#include "app/number_text.h"
#include "app/panels/concat_row.h"
#include "app/panels/step_story.h"
#include "app/panels/token_places.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

void check_against_batch(const MaskedFrame& frame) {
  const MaskedBatch& batch = frame.batch;
  for (const PackedSide side : {PackedSide::encoder, PackedSide::decoder}) {
    const bool is_encoder = side == PackedSide::encoder;
    ConcatRow row;
    make_concat_row(frame.masks(), side, row);
    const std::vector<std::int32_t>& sources = is_encoder ? batch.encoder_source : batch.decoder_source;
    const std::vector<std::uint8_t>& ignore_mask = is_encoder ? batch.encoder_mask : batch.decoder_mask;
    CHECK(row.num_used == (is_encoder ? batch.encoder_valid[0] : batch.decoder_valid[0]));
    const int kept = is_encoder ? batch.encoder_slots : batch.decoder_slots;
    CHECK(row.num_cut == std::max(row.num_used - kept, 0));
    const std::vector<int> by_packed = slots_by_packed(row, kept);
    REQUIRE(by_packed.size() == sources.size());
    for (std::size_t packed = 0; packed < by_packed.size(); ++packed) {
      REQUIRE(by_packed[packed] >= 0);
      const int slot = by_packed[packed];
      const ConcatBand& band = band_of(row, slot);
      CHECK((band.begin <= slot && slot < band.end));
      CHECK(sources[packed] == batch.slot_offset[static_cast<std::size_t>(band.modality)] + slot - band.begin);
      const ConcatSlot& entry = row.slots[static_cast<std::size_t>(slot)];
      CHECK(entry.is_used == !ignore_mask[packed]);
      if (!entry.is_used) continue;
      const SampleMasks masks = frame.masks();
      CHECK(entry.token == (is_encoder ? token_in_encoder_slot(masks, static_cast<int>(packed)) : token_in_decoder_slot(masks, static_cast<int>(packed))));
    }
  }
}

}  // namespace

TEST_CASE("the concatenated rows lead to the slots that selection chose") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    Document document = default_document();
    document.seed = seed;
    const Session session = make_session(document);
    check_against_batch(session.frame());
    check_against_batch(dataset_frame({.seed = seed}));
  }
  Document short_of_room = default_document();
  short_of_room.scheme.encoder_slots = 17;
  short_of_room.scheme.decoder_slots = 5;
  check_against_batch(make_session(short_of_room).frame());
}

TEST_CASE("places are clamped to what of a card can be seen, and texts have a place on either side") {
  const MaskedFrame frame = dataset_frame();
  TokenPlaces places;
  places.begin_frame(frame);
  CHECK(places.is_of(frame));
  const int grid = frame.scheme.find("tok_rgb@224"), text = frame.scheme.find("caption");
  CHECK_FALSE(places.card({grid, 3}, PackedSide::encoder));
  places.put_grid(grid, {.corner = {100, 50}, .cell = 10, .columns = 14, .picture = {}, .picture_inset = 0, .clip = {90, 40, 260, 120}});
  CHECK(places.card({grid, 15}, PackedSide::encoder) == PlaceRect{110, 60, 10, 10});
  CHECK(places.card({grid, 14 * 13}, PackedSide::decoder) == PlaceRect{100, 110, 10, 10});  // scrolled below the edge
  const ImVec4 all{0, 0, 1000, 1000};
  places.put_chip({text, 2}, {}, {1, 1, 30, 20}, all);
  CHECK(places.card({text, 2}, PackedSide::decoder) == PlaceRect{1, 1, 30, 20});
  places.put_chip({text, 2}, PackedSide::encoder, {5, 50, 30, 20}, all);
  CHECK(places.card({text, 2}, PackedSide::decoder) == PlaceRect{5, 50, 30, 20});
  places.put_chip({text, 2}, PackedSide::decoder, {9, 90, 30, 20}, all);
  CHECK(places.card({text, 2}, PackedSide::encoder) == PlaceRect{5, 50, 30, 20});
  CHECK(places.card({text, 2}, PackedSide::decoder) == PlaceRect{9, 90, 30, 20});
  CHECK_FALSE(places.card({text, origin::sentinel(1)}, PackedSide::encoder));
  places.put_strip(PackedSide::encoder, {{10, 20, 256, 30}, 128});
  CHECK(places.packed(PackedSide::encoder, 3) == PlaceRect{16, 20, 2, 30});
  CHECK(places.concatenated(PackedSide::encoder, 0).width == Approx(256.0f / static_cast<float>(places.row(PackedSide::encoder).num_slots())));
  CHECK_FALSE(places.is_of(dataset_frame({.preset = "4m-7"})));
}

TEST_CASE("each step is told with this sample's numbers and the function that does it") {
  const Session session = make_session();
  const MaskedFrame& frame = session.frame();
  ConcatRow row;
  make_concat_row(frame.masks(), PackedSide::encoder, row);
  const StepStory fourth = step_story(frame, 4);
  CHECK_THAT(fourth.sentence, contains_text(grouped(row.num_slots())));
  CHECK_THAT(fourth.sentence, contains_text(cat(row.num_used)));
  CHECK(std::string(fourth.function) == "cat_encoder_tensors, cat_decoder_tensors");
  for (int step = 1; step <= num_steps; ++step) {
    const StepStory story = step_story(frame, step);
    CHECK(story.sentence.find('{') == std::string::npos);
    CHECK(std::string(story.file).starts_with("fourm/"));
    CHECK(story.sentence.back() == '.');
  }
  Document direct = default_document();
  direct.scheme.mode = BudgetMode::direct;
  CHECK(step_story(make_session(direct).frame(), 2).sentence != step_story(frame, 2).sentence);
  CHECK(step_at(3.0f) == 3);
  CHECK(step_at(3.01f) == 4);
  CHECK(step_at(6.0f) == 6);
  CHECK(grouped(2204) == "2 204");
  CHECK(grouped(7) == "7");
}
