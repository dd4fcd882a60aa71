#include "core/masked_batch.h"
#include "core/sample.h"
#include "tests/catch.h"

namespace maskscope {

using Ids = std::vector<std::int32_t>;

TEST_CASE("[EOS] is added, and goes first when a text is too long") {
  const Ids text = {500, 501, 502};
  CHECK(with_eos_truncated(text, 5, 3) == Ids({500, 501, 502, 3}));
  CHECK(with_eos_truncated(text, 4, 3) == Ids({500, 501, 502, 3}));
  CHECK(with_eos_truncated(text, 3, 3) == text);
  CHECK(with_eos_truncated(text, 2, 3) == Ids({500, 501}));
  CHECK(with_eos_truncated({}, 1, 3) == Ids({3}));
  CHECK(with_eos_truncated(text, 0, 3).empty());
}

TEST_CASE("the default vocabulary is that of 4M") {
  const SequenceVocabulary vocabulary = default_vocabulary();
  CHECK(vocabulary.pad_id == 0);
  CHECK(vocabulary.eos_id == 3);
  REQUIRE(vocabulary.sentinel_ids.size() == 200);
  CHECK(vocabulary.sentinel_ids.front() == 4);
  CHECK(vocabulary.sentinel_ids.back() == 203);
}

TEST_CASE("a batch is sized by its scheme") {
  MaskedBatch batch;
  batch.resize(default_scheme(), 3);
  CHECK(batch.num_slots == 2 * 514 + 6 * 196);
  CHECK(batch.slot_offset.size() == 9);
  CHECK(batch.encoder_slots == 128);
  CHECK(batch.tensor.size() == 3u * 2204u);
  CHECK(batch.decoder_valid.size() == 3);
  CHECK(batch.size_bytes() > batch.tensor.size() * 14);

  // Fewer slots than asked for: the result is shorter, and a sequence has lost one in the decoder.
  Scheme small = preset_scheme("t5");
  small.encoder_slots = small.decoder_slots = 1000;
  batch.resize(small, 1);
  CHECK(batch.encoder_slots == 514);
  CHECK(batch.decoder_slots == 513);
}

TEST_CASE("the origin of a sentinel can be told") {
  CHECK(origin::is_sentinel(origin::sentinel(7)));
  CHECK(origin::sentinel_number(origin::sentinel(7)) == 7);
  CHECK_FALSE(origin::is_sentinel(origin::padding));
  CHECK_FALSE(origin::is_sentinel(0));
}

}  // namespace maskscope
