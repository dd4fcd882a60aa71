// A sample of a dumped batch as panels and commands see it.
#include <nlohmann/json.hpp>

#include "app/commands/mask_json.h"
#include "app/commands/mask_npz.h"
#include "app/dumped_frame.h"
#include "app/explain.h"
#include "core/data/npz.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"
#include "tests/data/dump_fixtures.h"
#include "tests/kernels/masking_case.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

BatchDump small_dump() {
  return parse_batch_dump(dump_file({small_pixels(), small_grid(), small_caption()}), "folder/a.npz");
}

std::string all_of(const TokenStory& story) {
  std::string text = story.title + "\n" + story.verdict + "\n";
  for (const HistoryLine& line : story.lines) text += cat(line.step, " ", line.name, ": ", line.sentence, "\n");
  return text;
}

}  // namespace

TEST_CASE("dumped frame: the masks of the file and what follows from them") {
  const DumpedFrame dumped = make_dumped_frame(small_dump(), 0);
  const MaskedFrame& frame = dumped.frame;
  CHECK(dumped.problems.empty());
  CHECK(frame.sample.key == "a.npz, sample 0");
  CHECK_FALSE(frame.are_draws_known);
  CHECK(frame.scheme.find("caption") == 0);
  CHECK(frame.sample.modalities[0].ids == Ids{1010, 1011, 1012, 1013, 1014});
  CHECK(frame.batch.encoder_valid[0] == 5 + 1 + 2);
  CHECK(frame.batch.decoder_valid[0] == 3 + 1);
  CHECK(frame.batch.input_budget == Ids{5, 1, 2});
  CHECK(source_fates(frame.masks(), 2) == std::vector<Fate>{Fate::encoder, Fate::encoder, Fate::decoder, Fate::discarded});
  CHECK(source_fates(frame.masks(), 0) ==
        std::vector<Fate>{Fate::encoder, Fate::encoder, Fate::decoder, Fate::decoder, Fate::encoder, Fate::encoder});
  const DumpedFrame other = make_dumped_frame(small_dump(), 1);
  CHECK(other.frame.sample.modalities[0].ids == Ids{1031, 1032});
  CHECK_FALSE(other.frame.sample.modalities[1].is_present);  // no pixel of it is used, and no id says that it was there
}

TEST_CASE("dumped frame: no story tells of draws that nobody knows") {
  for (int sample = 0; sample < 2; ++sample) {
    const DumpedFrame dumped = make_dumped_frame(small_dump(), sample);
    const SampleMasks masks = dumped.frame.masks();
    for (int m = 0; m < dumped.frame.scheme.num_modalities(); ++m) {
      const std::vector<Fate> fates = source_fates(masks, m);
      for (std::size_t i = 0; i < fates.size(); ++i) {
        const std::string story = all_of(tell_token(dumped.frame, {m, static_cast<std::int32_t>(i)}));
        CAPTURE(story);
        CHECK_THAT(story, contains_text("which draw decided is not in it"));
        CHECK_THAT(story, contains_text("which budgets were drawn is not in it"));
        for (const char* invented : {"smallest of", "keep 0", "draw 0", "attempt", "set by hand", "of -1", "slot -1"}) CHECK_THAT(story, !contains_text(invented));
      }
    }
    for (int slot = 0; slot < dumped.frame.batch.encoder_slots; ++slot) {
      if (const TokenIdentity token = token_in_encoder_slot(masks, slot); token.is_valid()) CHECK_FALSE(tell_token(dumped.frame, token).title.empty());
      else CHECK_THAT(all_of(tell_ignored_slot(dumped.frame, true, slot)), contains_text("the file uses"));
    }
  }
  const DumpedFrame dumped = make_dumped_frame(small_dump(), 0);
  const std::string masked = all_of(tell_token(dumped.frame, {0, 2}));
  CHECK_THAT(masked, contains_text("the file's content masks say a target"));
  CHECK_THAT(masked, contains_text("in the run of [S_1]"));
  CHECK_THAT(all_of(tell_token(dumped.frame, {0, 5})), contains_text("caption [EOS]"));
  CHECK_THAT(all_of(tell_token(dumped.frame, {0, origin::sentinel(2)})), contains_text("it closes the target"));
  CHECK(nlohmann::json::parse(masks_to_json(dumped.frame))["rng"].is_null());
}

TEST_CASE("dumped frame: problems of the file and of this sample, and of no other") {
  DumpedFields grid = small_grid();
  grid.input_mask[6] = 0;
  grid.target_mask[6] = 0;
  grid.attention[4] = 3;
  std::vector<NpzMember> members;
  grid.append_to(members);
  small_caption().append_to(members);
  members.push_back({"epoch", npy_from(Ids{1}, {})});
  const BatchDump dump = parse_batch_dump(to_npz(members), "a.npz");
  CHECK(make_dumped_frame(dump, 0).problems.size() == 1);
  const auto problems = make_dumped_frame(dump, 1).problems;
  REQUIRE(problems.size() == 2);
  CHECK_THAT(problems[0].sentence, contains_text("1 member is not part of a masked batch"));
  CHECK_THAT(problems[1].sentence, contains_text("slot 2: both input_mask and target_mask are 0"));
  CHECK(sentence_of([&] { make_dumped_frame(dump, 2); }) == "a.npz: sample 2 was asked for, but the batch has the samples 0 to 1. Choose one of them.");
  CHECK_THAT(sentence_of([&] { make_dumped_frame(dump, -1); }), contains_text("sample -1 was asked for"));
  CHECK_THAT(sentence_of([&] { make_dumped_frame(dump, 0, {.slots = {0, 5}}); }), contains_text("a.npz: Scheme, encoder slots: found 0."));
}

TEST_CASE("dumped frame: N, M and the order of the decoder") {
  const BatchDump dump = small_dump();
  const DumpedFrame narrow = make_dumped_frame(dump, 0, {.slots = {4, 2}, .order = DecoderOrder::scheme});
  CHECK(narrow.frame.batch.encoder_slots == 4);
  CHECK(narrow.frame.batch.decoder_order == Ids{0, 2, -1});
  REQUIRE(narrow.frame.problems.size() == 2);
  CHECK(narrow.frame.problems[0].kind == ProblemKind::encoder_overflow);
  bool is_any_other = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    is_any_other |= make_dumped_frame(dump, 0, {.seed = seed}).frame.batch.decoder_order == Ids{2, 0, -1};
  }
  CHECK(is_any_other);
}

TEST_CASE("dumped frame: masks written, read and selected again are the same, for random samples") {
  const auto backend = make_backend(BackendChoice::cpu, 1);
  int num_compared = 0;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    Case input = random_case(seed);
    for (SchemeModality& entry : input.scheme.modalities) entry.is_in_domain = entry.is_out_domain = entry.modality.has_encoder_embedding = true;
    for (SchemeModality& entry : input.scheme.modalities) entry.modality.has_decoder_embedding = entry.modality.kind != ModalityKind::seq_emb;
    MaskedFrame frame;
    frame.scheme = input.scheme;
    const MaskingPlan plan = make_plan(input.scheme, input.vocabulary);
    backend->run(plan, pack_samples(plan, {input.samples.data(), 1}), {input.draws.seed, 0, 1}, frame.batch);

    const BatchDump dump = parse_batch_dump(to_npz(npz_members(frame)), "a.npz");
    REQUIRE(dump.num_member_problems == 0);
    for (const DataProblem& problem : dump.problems) {
      // Sentinels in the text itself look like misplaced ones; a sample may have no input or no target. Nothing else.
      const bool is_of_sample = problem.modality.empty();
      REQUIRE((problem.level == ProblemLevel::warning || is_of_sample));
    }
    const DumpView view{.slots = {input.scheme.encoder_slots, input.scheme.decoder_slots}, .seed = input.draws.seed};
    const MaskedFrame again = make_dumped_frame(dump, 0, view).frame;
    REQUIRE(again.scheme.num_modalities() == input.scheme.num_modalities());
    REQUIRE(again.batch.input_mask == frame.batch.input_mask);
    REQUIRE(again.batch.target_mask == frame.batch.target_mask);
    REQUIRE(again.batch.encoder_source == frame.batch.encoder_source);
    REQUIRE(again.batch.encoder_mask == frame.batch.encoder_mask);
    REQUIRE(again.batch.encoder_modality == frame.batch.encoder_modality);
    REQUIRE(again.batch.decoder_order == frame.batch.decoder_order);
    REQUIRE(again.batch.decoder_source == frame.batch.decoder_source);
    REQUIRE(again.batch.decoder_mask == frame.batch.decoder_mask);
    REQUIRE(again.batch.target_ids == frame.batch.target_ids);
    REQUIRE(again.batch.decoder_attention == frame.batch.decoder_attention);
    ++num_compared;
  }
  CHECK(num_compared == 300);
}
