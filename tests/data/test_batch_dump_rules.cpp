// What a dump breaks is named with sample, modality and slot.
#include <functional>

#include "core/data/batch_dump.h"
#include "core/data/dump_rules.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/dump_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::vector<std::string> problems(const std::vector<DumpedFields>& modalities) {
  std::vector<std::string> lines;
  for (const DataProblem& problem : parse_batch_dump(dump_file(modalities), "a.npz").problems) lines.push_back(to_text(problem));
  return lines;
}

// The one problem of a grid or a caption that was changed.
std::string problem(DumpedFields fields, const std::function<void(DumpedFields&)>& change) {
  change(fields);
  const std::vector<std::string> lines = problems({fields, fields.name == "caption" ? small_grid() : small_caption()});
  std::string all;
  for (const std::string& line : lines) all += (all.empty() ? "" : "\n") + line;
  return all;
}

std::string error_of(const std::vector<NpzMember>& members) {
  try {
    parse_batch_dump(to_npz(members), "a.npz");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("dump rules: a token on both sides") {
  CHECK(problem(small_grid(), [](DumpedFields& f) { f.input_mask[2] = 0; }) ==
        "a.npz, key sample 0, modality tok_rgb@32: slot 2: both input_mask and target_mask are 0, so the token is input and target at "
        "once. 1 means do not use; are the masks inverted? The reference: It shows the token to the encoder and has the decoder "
        "predict it, without a word.");
}

TEST_CASE("dump rules: compressed attention") {
  CHECK(problem(small_grid(), [](DumpedFields& f) { f.attention[2] = 2; }) ==
        "a.npz, key sample 0, modality tok_rgb@32: decoder_attention_mask, slot 2: 2 was found, 1 expected (a grid has the number of "
        "its targets, 1, at the first target slot and 0 elsewhere). The reference: It adds the numbers up, and its decoder sees too "
        "much or too little.");
  CHECK_THAT(problem(small_grid(), [](DumpedFields& f) { f.attention[4] = 0, f.attention[5] = 2; }),
             contains_text("key sample 1, modality tok_rgb@32: decoder_attention_mask, slot 0 and 1 more: 0 was found, 2 expected"));
  CHECK_THAT(problem(small_grid(), [](DumpedFields& f) { f.attention[3] = -1; }),
             contains_text("decoder_attention_mask, slot 3: -1 was found, 0 to 4 expected"));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.attention[0] = 1; }),
             contains_text("key sample 0, modality caption: decoder_attention_mask, slot 0: 1 was found, 0 expected (a sequence has 1 on its target slots"));
  CHECK_THAT(problem(small_pixels(), [](DumpedFields& f) { f.attention[1] = 1; }), contains_text("modality rgb@32: decoder_attention_mask, slot 1: 1 was found, 0 expected"));
}

TEST_CASE("dump rules: ids outside of the vocabulary") {
  CHECK(problem(small_grid(), [](DumpedFields& f) { f.ids[2] = 16384; }) ==
        "a.npz, key sample 0, modality tok_rgb@32: slot 2: the target id 16384, the vocabulary has the ids 0 to 16383. Check which "
        "tokenizer made the ids. The reference: Its loss fails: the index is out of range, on a GPU with an assert of the device.");
  CHECK_THAT(problem(small_grid(), [](DumpedFields& f) { f.ids[0] = -7; }), contains_text("slot 0: the id -7, the vocabulary has the ids 0 to 16383."));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.ids[6] = 30000; }), contains_text("slot 6: the target id 30000, the vocabulary has the ids 0 to 29999."));
  // Unknown altogether is no breach.
  CHECK(problem(small_grid(), [](DumpedFields& f) { f.ids.assign(8, -1); }).empty());
}

TEST_CASE("dump rules: sequences") {
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.ids[5] = 999; }),
             contains_text("key sample 0, modality caption: the target begins at slot 5 with the id 999, a sentinel [S_k] was expected"));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.ids[8] = 5; }), contains_text("the target has [S_1] in slot 8 behind [S_1]: the numbers of sentinels ascend"));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.ids[2] = 2000; }), contains_text("slot 5: the target has a run of [S_1], which the input has no place for."));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) { f.input_mask[1] = 1; }),
             contains_text("the used slots are not in order: a sequence has its input in one piece from slot 0 on, and its target in one piece behind it. "
                           "Found: input 4 slots, first 0, last 4, target 4 slots, first 5, last 8."));
  CHECK_THAT(problem(small_caption(), [](DumpedFields& f) {
               for (std::size_t slot = 0; slot < 9; ++slot) f.input_mask[slot] = 0, f.target_mask[slot] = 1, f.attention[slot] = 0;
             }),
             contains_text("9 input and 0 target slots are used, but the modality holds 8 tokens."));
}

TEST_CASE("dump rules: nothing to see, nothing to predict") {
  DumpedFields grid = small_grid();
  grid.input_mask.assign(8, 1);
  grid.target_mask.assign(8, 1);
  grid.attention.assign(8, 0);
  const auto lines = problems({grid});
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "a.npz, key sample 0: nothing is input: the encoder sees ignored slots alone. The reference: It trains on the sample all the same.");
  CHECK(lines[1] == "a.npz, key sample 0: nothing is a target that can be predicted: the sample adds nothing to the loss. The reference: It says nothing.");
  // Targets that no decoder has do not count.
  DumpedFields pixels = small_pixels();
  pixels.target_mask[1] = 0;
  pixels.attention[1] = 1;
  const auto pixel_lines = problems({pixels});
  CHECK_THAT(pixel_lines.at(0), contains_text("modality rgb@32: slot 1: target_mask is 0, but nothing of this modality can be predicted."));
  CHECK_THAT(pixel_lines.at(1), contains_text("key sample 0: nothing is a target"));
}

TEST_CASE("dump rules: many samples, few sentences; each sample by itself is told all") {
  DumpedFields grid{"tok_rgb@32", {50, 4}, Ids(200, 1), {}, {50, 4}, Flags(200, 0), Flags(200, 0), Ids(200), ""};
  for (std::size_t sample = 0; sample < 50; ++sample) grid.attention[4 * sample] = 4;
  const BatchDump dump = parse_batch_dump(dump_file({grid}), "a.npz");
  REQUIRE(dump.problems.size() == 4);
  CHECK(dump.problems[2].key == "sample 2");
  CHECK_THAT(dump.problems[3].sentence, contains_text("47 more samples have a problem of this kind, the last is sample 49: slot 0 and 3 more: both"));
  const auto last = problems_of_sample(dump, 49, default_vocabulary());
  REQUIRE(last.size() == 1);
  CHECK(last[0].key == dump_sample_key(49));
}

TEST_CASE("dump errors: modalities that are left out") {
  const auto left_out = [](const std::function<void(std::vector<NpzMember>&)>& change) {
    std::vector<NpzMember> members;
    small_grid().append_to(members);
    change(members);
    small_caption().append_to(members);
    small_pixels().append_to(members);
    const BatchDump dump = parse_batch_dump(to_npz(members), "a.npz");
    CHECK(dump.modalities.size() == 2);
    for (const DataProblem& problem : dump.problems) {
      if (problem.sentence.starts_with("left out")) return to_text(problem);
    }
    return std::string("none is left out");
  };
  const std::string start = "a.npz, modality tok_rgb@32: left out, because ";
  CHECK(left_out([](auto& m) { m.erase(m.begin() + 1, m.begin() + 3); }) ==
        start + "the file has no input_mask, target_mask of it. Save all four members of the modality.");
  CHECK(left_out([](auto& m) { m[0].array.kind = NpyKind::boolean, m[0].array.item_bytes = 1, m[0].array.data.resize(8); }) ==
        start + "its tensor can't be read.");
  CHECK(left_out([](auto& m) { m[1].array.shape = {1, 2, 4}; }) ==
        start + "its input_mask has the shape (1, 2, 4); (slots,) or (batch, slots) was expected.");
  CHECK(left_out([](auto& m) { m[2].array.shape = {4, 2}; }) ==
        start + "its target_mask has the shape (4, 2), but the other masks of the file are of a batch of 2. Save all modalities of the same batch.");
  CHECK(left_out([](auto& m) { m[3].array = npy_from(Ids(6), {2, 3}); }) ==
        start + "its decoder_attention_mask has 3 slots, but its input_mask has 4. Masks of one modality have the same length.");
  CHECK(left_out([](auto& m) { m[0].array = npy_from(Ids(4), {1, 4}); }) == start + "its tensor has the shape (1, 4), but its masks are of a batch of 2.");
  CHECK(left_out([](auto& m) { m[0].array = npy_from(Ids(6), {2, 3}); }) ==
        start + "its tensor has the shape (2, 3), which is not one id for each of the 4 slots of its masks.");
  CHECK(left_out([](auto& m) { m.push_back({"tok_rgb@32/type", npy_from("picture")}); }) ==
        start + "its type is \"picture\"; img, seq, seq_token or seq_emb was expected.");
  CHECK(left_out([](auto& m) { m.push_back({"tok_rgb@32/type", npy_from(Ids{1}, {})}); m.erase(m.begin()); }) == start + "its tensor can't be read.");
  DumpedFields odd = small_grid("caption");
  odd.mask_shape = odd.tensor_shape = {2, 3};
  odd.ids.resize(6), odd.input_mask.resize(6), odd.target_mask.resize(6), odd.attention.resize(6);
  CHECK(problems({odd, small_grid()}).at(0) == "a.npz, modality caption: left out, because it has 3 slots; a sequence has 2 * (max_tokens + 1), an even number from 4 on.");
  DumpedFields float_caption = small_caption();
  float_caption.floats.assign(36, 1.0f);
  CHECK(problems({float_caption, small_grid()}).at(0) == "a.npz, modality caption: left out, because its tensor is float32; a sequence holds ids (integers).");
  DumpedFields unknown = small_grid("mine");
  unknown.target_mask.assign(8, 1);
  CHECK(problems({unknown, small_caption()}).at(0) ==
        "a.npz, modality mine: left out, because 4M has no modality of this name, and its masks don't tell what it is. Save mine/type: img, seq, seq_token or seq_emb.");
}

TEST_CASE("dump errors: what is said of members and types, and nothing to use at all") {
  DumpedFields grid = small_grid();
  grid.type = "seq_emb";
  CHECK(problems({grid, small_caption()}).at(0) ==
        "a.npz, modality tok_rgb@32: its type is seq_emb, but 4M's modality of this name is img. The file's type is used.");
  std::vector<NpzMember> members;
  small_grid().append_to(members);
  members[1].array = npy_from(Flags{0, 7, 1, 1, 1, 1, 1, 0}, {2, 4}, NpyKind::unsigned_integer);
  members.push_back({"epoch", npy_from(Ids{3}, {})});
  const BatchDump dump = parse_batch_dump(to_npz(members), "a.npz");
  REQUIRE(dump.problems.size() == 2);
  CHECK(to_text(dump.problems[0]) ==
        "a.npz: 1 member is not part of a masked batch and not looked at, first epoch.npy. Expected are MODALITY/tensor, /input_mask, "
        "/target_mask, /decoder_attention_mask and /type.");
  CHECK(to_text(dump.problems[1]) ==
        "a.npz, modality tok_rgb@32: its input_mask holds values other than 0 and 1 (1 of 8, first 7 in sample 0, slot 1); they count as 1, do not use.");
  CHECK(error_of({}) == "a.npz: no modality of a masked batch can be read from it. First problem: it has no members. docs/dumps.md shows how to save one.");
  CHECK_THAT(error_of({{"emb", npy_from(Ids{1}, {1})}}), contains_text("no modality of a masked batch can be read from it. First problem: a.npz: 1 member is not part"));
  CHECK_THAT(error_of({{"a/input_mask", npy_from(Flags{}, {0, 4}, NpyKind::boolean)}}), contains_text("a batch of 0 samples"));
}
