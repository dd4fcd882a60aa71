// Files of a sample that are wrong in one way each: what is said about them, and that the rest stays usable.
#include <algorithm>

#include "core/data/npy.h"
#include "core/data/sample_view.h"
#include "core/named_transform_draws.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"
#include "tests/data/memory_dataset.h"
#include "tests/data/tar_fixture.h"
#include "tests/data/tiny_tokenizer.h"

namespace maskscope::test {

namespace {

using Bytes = std::vector<std::uint8_t>;
using Values = std::vector<std::int32_t>;

const TextTokenizer& tokenizer() {
  static const TextTokenizer tiny = tokenizer_of(tiny_tokenizer_json({"a", "b", "bird", "##s"}));
  return tiny;
}

Bytes npy(const Values& values, std::vector<std::int64_t> shape) { return to_npy(npy_from(values, std::move(shape))); }
Bytes float_npy(std::size_t count, std::vector<std::int64_t> shape) {
  return to_npy(npy_from(std::vector<float>(count, 1.5f), std::move(shape)));
}
Bytes ids(std::int64_t crops, std::int64_t tokens, std::int32_t id = 7) {
  return npy(Values(static_cast<std::size_t>(crops * tokens), id), {crops, tokens});
}
Bytes raw_npy(const std::string& header) {
  std::string file = std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header;
  return {file.begin(), file.end()};
}
// A picture of 64 x 48, two crops, and everything right.
MemoryDataset good_sample(DatasetLayout layout = DatasetLayout::folders) {
  MemoryDataset dataset(layout);
  dataset.set("rgb@224", "png", png(64, 8, 2, std::vector<Data>(48, Data(3 * 64, 99))));
  dataset.set("crop_settings", "npy", npy({0, 0, 48, 48, 0, 0, 8, 40, 40, 1}, {2, 5}));
  dataset.set("tok_rgb@224", "npy", ids(2, 196));
  dataset.set("caption", "json", std::string(R"(["a bird", "birds"])"));
  dataset.set("det", "json", std::string(R"({"instances": [{"boxes": [0, 0, 1, 1], "class_name": "bird", "score": 0.9}]})"));
  dataset.set("metadata", "json", std::string(R"({"brightness": 100})"));
  dataset.set("color_palette", "json",
              std::string(R"([{"1": [[1, 2, 3]], "2": [1,2,3,4,5,6], "3": [1,2,3,1,2,3,1,2,3], "4": [1,2,3,1,2,3,1,2,3,1,2,3],
      "5": [1,2,3,1,2,3,1,2,3,1,2,3,1,2,3], "6": [1,2,3,1,2,3,1,2,3,1,2,3,1,2,3,1,2,3], "7": [1,2,3,1,2,3,1,2,3,1,2,3,1,2,3,1,2,3,1,2,3]}])"));
  dataset.set("human_poses", "json", std::string("{}"));
  dataset.set("t5_caption", "npz", to_npz({{"emb", npy_from(std::vector<float>(2 * 3 * 4, 0.5f), {2, 3, 4})},
                                           {"mask_valid", npy_from(std::vector<std::uint8_t>(6, 1), {2, 3}, NpyKind::boolean)}}));
  return dataset;
}

const std::vector<std::string> names = {"caption",  "color_palette", "det",        "human_poses",
                                        "metadata", "rgb@224",       "t5_caption", "tok_rgb@224"};

// is_training: crop 1 is taken, whatever the seed.
class SecondCrop final : public TransformDraws {
 public:
  int palette_length() override { return 2; }
  int crop_row(int num_crops) override { return num_crops - 1; }
  int caption_choice(int num_captions) override { return num_captions - 1; }
  std::vector<int> pose_order() override { return {0, 1, 2, 3}; }
  std::vector<int> metadata_order(int num_entries) override {
    std::vector<int> order;
    for (int i = 0; i < num_entries; ++i) order.push_back(i);
    return order;
  }
  std::uint32_t crop24() override { return 1 << 23; }
  int crop_offset(int) override { return 0; }
  double uniform() override { return 0.0; }
};

SampleView load(const MemoryDataset& dataset, std::vector<std::string> wanted = names) {
  std::vector<Modality> modalities;
  for (const std::string& name : wanted) modalities.push_back(builtin_modality(name).value());
  SecondCrop draws;
  return load_sample(dataset, dataset.only_sample(), modalities, {.is_training = true}, tokenizer(), draws);
}

struct BadFile {
  std::string modality, extension;
  Bytes bytes;
  ProblemLevel level;
  std::string sentence, reference;
};
Bytes as_bytes(const std::string& characters) { return {characters.begin(), characters.end()}; }

// The file leads to this one problem. error: its modality is absent, and all others are there.
void check_bad_file(const BadFile& bad) {
  INFO(bad.modality << ": " << bad.sentence);
  MemoryDataset dataset = good_sample();
  dataset.set(bad.modality, bad.extension, bad.bytes);
  const SampleView view = load(dataset);
  REQUIRE_FALSE(view.problems.empty());
  const DataProblem& problem = view.problems.front();
  CHECK(problem.level == bad.level);
  CHECK(problem.modality == bad.modality);
  CHECK(problem.key == "birds/a000");
  CHECK(problem.file == "a000." + bad.extension);
  CHECK(problem.sentence == bad.sentence);
  CHECK(problem.reference == bad.reference);
  if (bad.modality == "crop_settings") return;
  CHECK(view.problems.size() == 1);
  for (const ModalityView& modality : view.modalities) {
    INFO(modality.modality);
    CHECK(modality.is_present == (modality.modality != bad.modality || bad.level != ProblemLevel::error));
    CHECK(modality.tokens.is_present == modality.is_present);
  }
}

const std::string cannot_load = "raises an exception: the sample can't be loaded.";

}  // namespace

TEST_CASE("a good sample has no problems and every modality") {
  const SampleView view = load(good_sample());
  CHECK(view.problems.empty());
  for (const ModalityView& modality : view.modalities) CHECK(modality.is_present);
  CHECK(*view.modalities[0].text == "birds");
  CHECK(view.modalities[5].summary == "PNG, 64 x 48, crop 1 of 2");
  CHECK(view.modalities[7].summary == "int32 (2, 196), row 1");
  CHECK(view.modalities[6].summary == "float32, 3 rows of 4");
  CHECK(view.modalities[1].summary == "text of 21 tokens");
}

TEST_CASE("bad token ids") {
  const std::string m = "tok_rgb@224";
  const ProblemLevel error = ProblemLevel::error;
  const std::string in_model = "goes on until the embedding of the id fails in the model, on a GPU with a device-side assert.";
  Values one_negative(2 * 196, 7), one_too_large(2 * 196, 7);
  one_negative[196 + 3] = -32768;
  one_too_large[196 + 195] = 16384;
  for (
      const BadFile& bad : {
          BadFile{
              m, "npy", npy(one_negative, {2, 196}), error,
              "Token 3 of crop 1 is the id -32768; ids go from 0 to 16383. Check that the file belongs to this modality, and its dtype (an "
              "id above 32767 does not fit int16).",
              in_model},
          BadFile{
              m, "npy", npy(one_too_large, {2, 196}), error,
              "Token 195 of crop 1 is the id 16384; ids go from 0 to 16383. Check that the file belongs to this modality, and its dtype (an "
              "id above 32767 does not fit int16).",
              in_model},
          BadFile{
              m, "npy", ids(2, 195), error,
              "A crop has 195 ids (shape (2, 195)); 196 were expected. Tokenize at the scheme's size, or correct input_size and patch_size.",
              "masks 196 slots all the same, and fails when they meet the ids in the model."},
          BadFile{
              m, "npy", ids(1, 196), error,
              "The ids have the shape (1, 196), and crop 1 of crop_settings needs row 1. Tokenize the picture again, with the same crops.",
              cannot_load},
          BadFile{m, "npy", float_npy(2 * 196, {2, 196}), error,
                  "The ids are of dtype float32; whole numbers were expected (int16). Save them as integers.",
                  "cuts them to integers and goes on."},
          BadFile{m, "npy", npy({7}, {}), error,
                  "The ids have the shape (); (crops, tokens) or (crops, height, width) was expected.",
                  "fails when the sample is loaded or masked."},
          BadFile{
              m, "npy", npy(Values(196, 7), {196}), ProblemLevel::warning,
              "The ids have the shape (196,), (crops, tokens) was expected; taken as the tokens of one crop. Save them as (1, tokens).",
              "takes the single id at the crop's index, and fails when the sample is masked."},
          BadFile{m, "json", as_bytes("[]"), error, "The file is a .json, a .npy was expected. Convert it, or correct the folder.",
                  cannot_load},
      }) {
    check_bad_file(bad);
  }
}

TEST_CASE("token ids of a grid, in another order and of three dimensions, are fine") {
  for (const Bytes& file : {npy(Values(2 * 196, 7), {2, 14, 14}), ids(3, 196)}) {
    MemoryDataset dataset = good_sample();
    dataset.set("tok_rgb@224", "npy", file);
    const SampleView view = load(dataset);
    CHECK(view.problems.empty());
    CHECK(view.modalities[7].tokens.ids == Values(196, 7));
  }
}

TEST_CASE("arrays that are no arrays of numbers") {
  const std::string m = "tok_rgb@224";
  const auto sentence_of = [&](const Bytes& file) {
    MemoryDataset dataset = good_sample();
    dataset.set(m, "npy", file);
    const SampleView view = load(dataset);
    REQUIRE(view.problems.size() == 1);
    CHECK_FALSE(view.modalities[7].is_present);
    CHECK(view.modalities[0].is_present);
    CHECK(view.problems[0].reference == cannot_load);
    return view.problems[0].sentence;
  };
  // The sentences are those of parse_npy; the file's name stands in its own field.
  CHECK(sentence_of(raw_npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n")).find("pickle") != std::string::npos);
  CHECK(sentence_of(raw_npy("{'descr': '<i2', 'fortran_order': False, 'shape': (99999999, 99999999), }\n")) ==
        "Its header states an array of more than 67108864 bytes, which is the most that is read. Save a part of it.");
  CHECK(sentence_of(as_bytes("no array")) ==
        "This is no .npy file (it doesn't begin with \\x93NUMPY). Save the array with numpy.save.");
  CHECK(sentence_of({}) == "The file is empty, an array in NumPy's .npy format was expected. Save it again with numpy.save.");
  Bytes cut = ids(2, 196);
  cut.resize(cut.size() - 1);
  CHECK(sentence_of(cut) ==
        "1567 bytes of data, its shape (2, 196) and dtype int32 need 1568. The file is cut short: copy or save it again.");
}

TEST_CASE("shards: pickles are refused where the reference runs them, and line ends stay") {
  MemoryDataset dataset = good_sample(DatasetLayout::shards);
  dataset.set("tok_rgb@224", "npy", raw_npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"));
  dataset.set("caption", "txt", std::string("a\r\nb"));
  const SampleView view = load(dataset);
  REQUIRE(view.problems.size() == 1);
  CHECK(view.problems[0].reference == "unpickles it, and so runs whatever code it holds.");
  CHECK(*view.modalities[0].text == "a\r\nb");
}

TEST_CASE("bad crop settings") {
  const std::string m = "crop_settings";
  const ProblemLevel error = ProblemLevel::error;
  const std::string expected = "expected whole numbers of shape (crops, 5): top, left, height, width and flip of every crop.";
  for (
      const BadFile& bad : {
          BadFile{m, "npy", npy({0, 0, 48, 48, 0}, {5}), error, "crop_settings has the shape (5,); " + expected, cannot_load},
          BadFile{m, "npy", npy({}, {0, 5}), error, "crop_settings has the shape (0, 5); " + expected, cannot_load},
          BadFile{m, "npy", float_npy(10, {2, 5}), error, "crop_settings is of dtype float32; " + expected, cannot_load},
          BadFile{m, "npy", npy({0, 0, 48, 48, 0, 0, 0, 0, 5, 0}, {2, 5}), error,
                  "Crop 1 of crop_settings is top 0, left 0, height 0, width 5; at least 1 x 1 pixel was expected.", cannot_load},
          BadFile{
              m, "npy", npy({0, 0, 48, 48, 0, 0, 0, 2'000'000'000, 2'000'000'000, 0}, {2, 5}), error,
              "Crop 1 of crop_settings is top 0, left 0, height 2000000000, width 2000000000; at most 65535 pixels a side, 64 megapixels in "
              "all, at the picture were expected.",
              "takes as much memory as such a crop needs, or fails."},
          BadFile{
              m, "npy", npy({0, 0, 48, 48, 0, 30, 40, 48, 48, 0}, {2, 5}), ProblemLevel::warning,
              "Crop 1 of crop_settings (top 30, left 40, height 48, width 48) reaches beyond the picture of 64 x 48 pixels; what is beyond is "
              "black. Check that crop_settings belongs to this picture.",
              ""},
          BadFile{
              m, "npy", npy({0, 0, 48, 48, 0, 100, 0, 48, 48, 0}, {2, 5}), ProblemLevel::warning,
              "Crop 1 of crop_settings (top 100, left 0, height 48, width 48) lies outside the picture of 64 x 48 pixels; what is beyond is "
              "black. Check that crop_settings belongs to this picture.",
              ""},
      }) {
    check_bad_file(bad);
  }

  // Without a crop ids and texts are still there; what is cropped is not.
  MemoryDataset dataset = good_sample();
  dataset.set(m, "npy", npy({0, 0, 0, 0, 0}, {1, 5}));
  const SampleView view = load(dataset);
  const std::vector<bool> present = {true, true, false, true, true, false, true, true};  // human_poses: nobody
  for (std::size_t i = 0; i < present.size(); ++i) CHECK(view.modalities[i].is_present == present[i]);
  CHECK_FALSE(view.crop);

  dataset.remove(m);
  const SampleView without = load(dataset);
  REQUIRE(without.problems.size() == 1);
  CHECK(
      to_text(without.problems[0]) ==
      "key birds/a000, modality crop_settings: There is no crop_settings file, and ids that were made beforehand need one. The first row of "
      "the ids and the centre of the picture were taken. The reference: Raises an exception, or pairs the samples wrongly.");
  CHECK(std::all_of(without.modalities.begin(), without.modalities.end(),
                    [](const ModalityView& modality) { return modality.is_present; }));
}

TEST_CASE("bad captions") {
  const std::string m = "caption";
  const ProblemLevel error = ProblemLevel::error;
  for (
      const BadFile& bad : {
          BadFile{
              m, "json", as_bytes(R"(["only one"])"), error,
              "The list holds 1 caption, and crop 1 needs caption 1 (captions are aligned to the crops). Add captions, or say that they are "
              "not aligned (aligned_captions: False).",
              cannot_load},
          BadFile{m, "json", as_bytes("[]"), error, "The list of captions is empty, at least one was expected. Add one.",
                  cannot_load},
          BadFile{m, "json", as_bytes("[1, 2]"), error, "The caption is the number 2, a text was expected. Write the file again.",
                  cannot_load},
          BadFile{m, "json", as_bytes(R"({"text": "a"})"), error,
                  "The caption is an object of 1 without a \"caption\". Write the file again.", cannot_load},
          BadFile{m, "json", as_bytes("[\"a\","), error,
                  "The JSON can't be read: it ends too early at byte 5. Write the file again.", cannot_load},
          BadFile{m, "json", as_bytes("['a']"), error,
                  "The JSON can't be read: the character ''' does not belong there at byte 1. Write the file again.", cannot_load},
          BadFile{m, "json", as_bytes(std::string(1000, '[')), error,
                  "The JSON can't be read: lists and objects are nested more than 64 deep at byte 64. Write the file again.",
                  cannot_load},
          BadFile{m, "json", as_bytes("\"a\xff\""), error, "The JSON is not UTF-8: the byte 255 at offset 2. Save it as UTF-8.",
                  cannot_load},
          BadFile{m, "json", as_bytes("\"\\ud800\""), error,
                  "The JSON can't be used: half a surrogate pair before byte 7, which is no character. Write the file again.",
                  "reads it; its tokenizer fails on it."},
          BadFile{m, "txt", as_bytes("a\xc3"), error, "The text is not UTF-8: the byte 195 at offset 1. Save it as UTF-8.",
                  cannot_load},
          BadFile{m, "json", as_bytes("\xEF\xBB\xBF\"a\""), ProblemLevel::warning,
                  "The JSON begins with a byte order mark, which was skipped. Save it without.",
                  "raises an exception where it is a .json file of a folder; in shards and .json.gz it skips the mark too."},
          BadFile{m, "npy", ids(1, 1), error, "The file is a .npy, a .json was expected. Convert it, or correct the folder.",
                  cannot_load},
      }) {
    check_bad_file(bad);
  }
  CHECK(*load([] {
           MemoryDataset d = good_sample();
           d.set("caption", "txt", std::string("a\r\nb\rc\n\r"));
           return d;
         }())
             .modalities[0]
             .text == "a\nb\nc\n\n");
}

TEST_CASE("a gzip bomb is stopped at the limit") {
  MemoryDataset dataset = good_sample();
  dataset.set("caption", "json.gz", as_bytes(gzipped(std::string(std::size_t{64} << 20, ' '))));
  REQUIRE(dataset.bytes("caption").size() < 100'000);
  const SampleView view = load(dataset);
  REQUIRE(view.problems.size() == 1);
  CHECK(view.problems[0].sentence.starts_with("Unpacks to more than 16777216 bytes"));
  CHECK_FALSE(view.modalities[0].is_present);
  CHECK(view.modalities[2].is_present);
}

TEST_CASE("bad detections, metadata, palettes and poses") {
  const ProblemLevel error = ProblemLevel::error, warning = ProblemLevel::warning;
  const std::string palette = "raises an exception when it draws this length: the sample can't be loaded.";
  for (
      const BadFile& bad : {
          BadFile{
              "det", "json", as_bytes("[]"), error,
              "The detections are a list of 0 without \"instances\"; {\"instances\": [...]} was expected. Write the file again.",
              cannot_load},
          BadFile{
              "det", "json", as_bytes(R"({"instances": [{"score": 1}]})"), error,
              "Instance 0 of the detections has no \"boxes\"; an object with boxes, class_name and score was expected. Write the file again.",
              cannot_load},
          BadFile{"det", "json", as_bytes(R"({"instances": [{"score": 1, "boxes": [0, 0, 1], "class_name": "a"}]})"), error,
                  "Instance 0 of the detections has as boxes a list of 3; a list of 4 numbers was expected. Write the file again.",
                  cannot_load},
          BadFile{"det", "json", as_bytes(R"({"instances": [{"score": 1, "boxes": [0, 0, 1, 1], "class_name": 3}]})"), error,
                  "Instance 0 of the detections has the class_name the number 3; a text was expected. Write the file again.",
                  cannot_load},
          BadFile{"det", "json", as_bytes(R"({"instances": [{"score": "high"}]})"), error,
                  "Instance 0 of the detections has the score the text \"high\"; a number was expected. Write the file again.",
                  cannot_load},
          BadFile{
              "metadata", "json", as_bytes(R"({"bright": 1})"), error,
              "The metadata entry \"bright\" is none of the 21 that 4M knows (original_width, …, aesthetic_score). Remove or rename it.",
              cannot_load},
          BadFile{"metadata", "json", as_bytes(R"({"brightness": "1"})"), error,
                  "The metadata entry \"brightness\" is the text \"1\", a number was expected. Correct it.", cannot_load},
          BadFile{"metadata", "json", as_bytes("[1]"), error,
                  "The metadata is a list of 1, an object of names and numbers was expected. Write the file again.", cannot_load},
          BadFile{
              "metadata", "json", as_bytes(R"({"n_humans": 3.0})"), warning,
              "The metadata entry \"n_humans\" is 3.0 where a whole number was expected; it becomes v0=3.0, which is no single token. Write it "
              "without a point.",
              ""},
          BadFile{"metadata", "json", as_bytes(R"({"n_humans": 3, "n_humans": 4})"), warning,
                  "The JSON holds the key \"n_humans\" twice in one object; the last value counts, in the first one's place.", ""},
          BadFile{"metadata", "json", as_bytes(R"({"contrast": NaN})"), ProblemLevel::note,
                  "The JSON holds NaN, which Python reads and JSON does not know.", ""},
          BadFile{
              "color_palette", "json", as_bytes(R"([{"1": [1, 2, 3]}])"), error,
              "There is no palette of 2 colours in an object of 1; [{\"1\": [[r, g, b]], ..., \"7\": [...]}] was expected. Write the file again.",
              palette},
          BadFile{
              "color_palette", "json", as_bytes("{}"), error,
              "There is no palette of 2 colours in an object of 0; [{\"1\": [[r, g, b]], ..., \"7\": [...]}] was expected. Write the file again.",
              palette},
          BadFile{"color_palette", "json", as_bytes(R"([{"2": [[1, 2, 3], [1, 2]]}])"), error,
                  "The palette of 2 is not evenly nested: lists of different lengths stand side by side. Write the file again.",
                  "raises an exception: NumPy makes no array of it."},
          BadFile{
              "color_palette", "json", as_bytes(R"([{"2": [1, 2, 3]}])"), warning,
              "The palette of 2 holds 3 numbers, 6 were expected (red, green and blue of each). The length written is the numbers' count by 3.",
              ""},
          BadFile{"color_palette", "json", as_bytes(R"([{"2": [1, 2, 3, 4, 5, "red"]}])"), error,
                  "The palette of 2 holds the text \"red\", numbers were expected. Write the file again.", cannot_load},
          BadFile{
              "human_poses", "json", as_bytes(R"({"bbox_xyxy": [[0, 0, 1, 1]]})"), error,
              "The poses are an object of 1 without an object \"pred_smpl_params\"; {} or [] for nobody, or the fields of all persons were "
              "expected. Write the file again.",
              cannot_load},
          BadFile{"human_poses", "json", as_bytes(R"({"bbox_xyxy": [[0, 0, 1]], "pred_smpl_params": {}})"), error,
                  "\"bbox_xyxy\" of the poses holds 3 numbers for 1 person; 4 a person were expected. Write the file again.",
                  "takes other numbers for these, or raises an exception."},
      }) {
    check_bad_file(bad);
  }
}

TEST_CASE("bad embeddings and pictures") {
  const NpyArray emb = npy_from(std::vector<float>(24, 0.5f), {2, 3, 4});
  const NpyArray valid = npy_from(std::vector<std::uint8_t>(6, 1), {2, 3}, NpyKind::boolean);
  const ProblemLevel error = ProblemLevel::error;
  for (const BadFile& bad : {
           BadFile{"t5_caption", "npz", to_npz({{"emb", emb}}), error,
                   "The embeddings have no \"mask_valid\" (found: emb); \"emb\" and \"mask_valid\" were expected. Save both.",
                   cannot_load},
           BadFile{"t5_caption", "npz", to_npz({{"emb", valid}, {"mask_valid", valid}}), error,
                   "\"emb\" is of dtype bool and shape (2, 3); floats of shape (sequences, rows, components) were expected.",
                   "fails when the sample is loaded or masked."},
           BadFile{
               "t5_caption", "npz",
               to_npz({{"emb", emb}, {"mask_valid", npy_from(std::vector<std::uint8_t>(6, 1), {6}, NpyKind::boolean)}}), error,
               "\"mask_valid\" has the shape (6,), \"emb\" (2, 3, 4); the same sequences and rows were expected. Save both again.",
               "raises an exception, or takes other rows."},
           BadFile{"t5_caption", "npz",
                   to_npz({{"emb", npy_from(std::vector<float>{}, {0, 3, 4})},
                           {"mask_valid", npy_from(std::vector<std::uint8_t>{}, {0, 3}, NpyKind::boolean)}}),
                   error, "\"emb\" holds 0 sequences, and crop 1 needs sequence 0. Make embeddings for all crops.", cannot_load},
       }) {
    check_bad_file(bad);
  }

  // A picture that can't be decoded takes what is cropped by its size with it.
  MemoryDataset dataset = good_sample();
  dataset.set("rgb@224", "png", std::string("a text"));
  dataset.set("human_poses", "json", std::string(R"({"bbox_xyxy": [], "pred_smpl_params": {}})"));
  const SampleView view = load(dataset);
  REQUIRE(view.problems.size() == 3);
  CHECK(view.problems[0].modality == "rgb@224");
  CHECK(view.problems[0].sentence.starts_with("The file holds text, expected a PNG, JPEG, WebP, TIFF, JPEG 2000,"));
  CHECK(view.problems[1].modality == "det");
  CHECK(
      view.problems[1].sentence ==
      "Boxes are cropped with their picture, and its size is not known: no rgb modality (the main augmentation modality) was loaded. Add the "
      "picture to the modalities.");
  CHECK(view.problems[2].modality == "human_poses");
  CHECK(view.modalities[7].is_present);
}

}  // namespace maskscope::test
