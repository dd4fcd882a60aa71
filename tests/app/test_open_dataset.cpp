// A data set that is open: what is at hand, journeys in the background, and what a session makes of it.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>
#include <tuple>

#include "app/dataset_inputs.h"
#include "app/opening.h"
#include "app/session_file.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
namespace fs = std::filesystem;

namespace {

std::string golden(const std::string& name) { return MASKSCOPE_GOLDEN_DIR "/dataset/" + name; }

Document dataset_document(const std::string& layout) {
  Document document = default_document();
  edits::open_dataset(golden(layout)).apply(document);
  return document;
}

SampleRequest request_of(const Document& document, std::int64_t number) {
  Document other = document;
  other.inputs.dataset.sample = number;
  return sample_request(other, load_tokenizer(document.inputs));
}

// Polls: the journey is another thread's.
OpenDataset::Journey arrival_of(OpenDataset& dataset) {
  for (int i = 0; i < 3000; ++i) {
    if (const auto arrival = dataset.take_arrival()) return *arrival;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL("no arrival within 30 s");
  return {};
}

// The samples whose captions hold text, from one on, by going from hit to hit.
std::vector<std::int64_t> hits(OpenDataset& dataset, const SampleRequest& request, SampleFilter filter) {
  std::vector<std::int64_t> found;
  std::int64_t from = -1;
  while (true) {
    dataset.travel({.number = {}, .key = {}, .direction = 1, .from = from, .filter = filter}, request);
    const OpenDataset::Journey arrival = arrival_of(dataset);
    if (!arrival.arrived) {
      CHECK(arrival.has_failed);
      return found;
    }
    from = *arrival.arrived;
    found.push_back(from);
  }
}

}  // namespace

TEST_CASE("a data set without a configuration: a scheme of what is there, read as in training") {
  for (const char* layout : {"folder", "shards", "multi/shard-00000.tar"}) {
    const Document document = dataset_document(layout);
    CAPTURE(layout);
    CHECK(document.inputs.picture == PictureSource::dataset);
    CHECK(document.inputs.dataset.transforms.is_training);
    CHECK(document.scheme.find("rgb@224") >= 0);
    CHECK(document.scheme.find("tok_dinov2_global") >= 0);
    CHECK(document.scheme.find("crop_settings") < 0);
    CHECK_FALSE(document.scheme.modalities[static_cast<std::size_t>(document.scheme.find("rgb@224"))].is_out_domain);
    CHECK_NOTHROW(validate(document.scheme));
  }
}

TEST_CASE("samples at hand: the same object until something it depends on changes") {
  const Document document = dataset_document("folder");
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  const SampleRequest request = request_of(document, 1);
  CHECK(dataset->loaded(request) == nullptr);
  const auto sample = dataset->load(request);
  CHECK(sample->view.key == "birds/a001");
  CHECK(dataset->load(request) == sample);
  CHECK(dataset->loaded(request) == sample);
  SampleRequest reseeded = request;
  reseeded.seed += 1;
  CHECK(sample->has_drawn);  // three crops, a palette, metadata
  CHECK(dataset->loaded(reseeded) == nullptr);
  SampleRequest caption = request;
  std::erase_if(caption.modalities, [](const Modality& modality) { return modality.name != "caption"; });
  caption.transforms.is_training = false;
  const auto text = dataset->load(caption);
  CHECK_FALSE(text->has_drawn);
  caption.seed += 1;
  CHECK(dataset->loaded(caption) == text);  // nothing was drawn: any seed gives the same
}

TEST_CASE("only some samples are kept at hand") {
  const Document document = dataset_document("folder");
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  std::weak_ptr<const LoadedSample> first = dataset->load(request_of(document, 0));
  CHECK_FALSE(first.expired());
  for (int number = 1; number < 12; ++number) dataset->load(request_of(document, number));
  CHECK(first.expired());
}

TEST_CASE("a sample that is not there, a key that is not there") {
  const Document document = dataset_document("folder");
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  CHECK_THAT(sentence_of([&] { dataset->load(request_of(document, 12)); }), contains_text("there are 12 samples, numbered from 0"));
  CHECK_THAT(sentence_of([&] { dataset->number_of("birds/zzz"); }), contains_text("no sample has the key \"birds/zzz\""));
  CHECK(dataset->number_of("boats/b1") == 4);
  const SampleRequest request = request_of(document, 0);
  dataset->travel({.number = 99, .key = {}, .direction = 0, .from = 0, .filter = {}}, request);
  CHECK_THAT(arrival_of(*dataset).sentence.english_text(), contains_text("Sample 99 was asked for, but there are 12"));
  dataset->travel({.number = {}, .key = "nobody", .direction = 0, .from = 0, .filter = {}}, request);
  CHECK_THAT(arrival_of(*dataset).sentence.english_text(), contains_text("No sample has the key \"nobody\""));
  dataset->travel({.number = {}, .key = {}, .direction = -1, .from = 0, .filter = {}}, request);
  CHECK_THAT(arrival_of(*dataset).sentence.english_text(), contains_text("There is no sample before number 0"));
}

TEST_CASE("journeys: by number, by key, by words, whatever their case") {
  const Document document = dataset_document("shards");
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  const SampleRequest request = request_of(document, 0);
  dataset->travel({.number = 7, .key = {}, .direction = 0, .from = 0, .filter = {}}, request);
  CHECK(arrival_of(*dataset).arrived == 7);
  SampleRequest seventh = request;
  seventh.number = 7;
  seventh.draw += 7;
  CHECK(dataset->loaded(seventh) != nullptr);  // arrived: loaded
  dataset->travel({.number = {}, .key = "000000004", .direction = 0, .from = 0, .filter = {}}, request);
  CHECK(arrival_of(*dataset).arrived == 4);
  CHECK(hits(*dataset, request, {.text = "SMALL bird", .has_problem = false}) == std::vector<std::int64_t>{0, 9});
  CHECK(hits(*dataset, request, {.text = "no such words", .has_problem = false}).empty());
  CHECK(hits(*dataset, request, {}).size() == 12);
}

TEST_CASE("a journey that is stopped, or displaced by another, does not arrive") {
  const Document document = dataset_document("folder");
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  const SampleRequest request = request_of(document, 0);
  dataset->travel({.number = {}, .key = {}, .direction = 1, .from = -1, .filter = {.text = "nowhere", .has_problem = false}}, request);
  dataset->stop_travelling();
  CHECK_FALSE(dataset->journey().is_under_way);
  dataset->travel({.number = {}, .key = {}, .direction = 1, .from = -1, .filter = {.text = "nowhere", .has_problem = false}}, request);
  dataset->travel({.number = 3, .key = {}, .direction = 0, .from = 0, .filter = {}}, request);
  CHECK(arrival_of(*dataset).arrived == 3);
  CHECK_FALSE(dataset->take_arrival().has_value());
}

TEST_CASE("the filter for problems finds the broken sample, and only it") {
  const ScratchFolder scratch;
  for (const char* name : {"a", "b", "c"}) {
    fs::create_directories(scratch.path() / "root" / "caption" / "x");
    fs::create_directories(scratch.path() / "root" / "det" / "x");
    std::ofstream(scratch.path() / "root" / "caption" / "x" / (std::string(name) + ".txt")) << "words";
    std::ofstream(scratch.path() / "root" / "det" / "x" / (std::string(name) + ".json")) << (name[0] == 'b' ? "{\"instances\": [" : "{\"instances\": []}");
  }
  Document document = default_document();
  edits::open_dataset((scratch.path() / "root").string()).apply(document);
  document.inputs.dataset.transforms.main_augment_domain = "";
  const auto dataset = OpenDataset::open(document.inputs.dataset);
  const auto found = hits(*dataset, request_of(document, 0), {.text = "", .has_problem = true});
  CHECK(std::find(found.begin(), found.end(), 1) != found.end());
  const auto sample = dataset->load(request_of(document, 1));
  CHECK(std::any_of(sample->view.problems.begin(), sample->view.problems.end(), [](const DataProblem& problem) { return problem.modality == "det"; }));
}

TEST_CASE("a session shows a sample: budgets for all modalities, the missing ones all masked") {
  Document document = dataset_document("folder");
  Session session = make_session(document);
  const MaskedFrame& frame = session.frame();
  CHECK(frame.scheme.num_modalities() == document.scheme.num_modalities());
  CHECK(frame.sample.key == "birds/a000");
  CHECK(session.apply(edits::set_preset("4m-21")));
  const int sam = session.frame().scheme.find("sam_instance");
  REQUIRE(sam >= 0);  // kept, though the data set has none
  CHECK_FALSE(session.frame().is_present(sam));
  const auto& problems = session.frame().inputs->problems;
  CHECK(std::any_of(problems.begin(), problems.end(), [](const DataProblem& p) { return p.modality == "sam_instance" && !p.reference.empty(); }));
  const int slots = session.frame().scheme.modalities[static_cast<std::size_t>(sam)].modality.num_slots();
  for (int slot = 0; slot < slots; ++slot) {
    REQUIRE(session.frame().masks().slot_value(session.frame().batch.input_mask, sam, slot) == 1);
    REQUIRE(session.frame().masks().slot_value(session.frame().batch.target_mask, sam, slot) == 1);
  }
}

TEST_CASE("going from sample to sample is undone, and does not keep them all") {
  Session session = make_session(dataset_document("folder"));
  const std::weak_ptr<const Inputs> first = session.frame().inputs;
  const std::vector<std::int32_t> budgets = session.frame().batch.input_budget;
  for (int number = 1; number < 12; ++number) {
    session.end_merge();
    REQUIRE(session.apply(edits::show_sample(number)));
  }
  CHECK(first.expired());
  CHECK(session.frame().sample.key == "cities/c-4");
  CHECK(session.frame().batch.input_budget != budgets);  // another sample, other draws
  for (int i = 0; i < 11; ++i) session.undo();
  CHECK(session.frame().sample.key == "birds/a000");
  CHECK(session.frame().batch.input_budget == budgets);
  CHECK_FALSE(session.apply(edits::show_sample(12)));
  CHECK_THAT(last_sentence(session), contains_text("there are 12 samples"));
  CHECK(session.frame().sample.key == "birds/a000");
}

TEST_CASE("a session file with a data set opens at the same sample with the same masks") {
  const ScratchFolder folder;
  Document document = dataset_document("shards");
  document.inputs.dataset.sample = 5;
  Session session = make_session(document);
  save_session(session.document(), folder.path() / "s.json");
  const Document loaded = load_session(folder.path() / "s.json").document;
  CHECK(loaded == session.document());
  Session again = make_session(loaded);
  CHECK(again.frame().batch == session.frame().batch);
  CHECK(again.frame().sample == session.frame().sample);
}

TEST_CASE("PyTorch's generators go on from the loader to the masks; a draw before them is refused") {
  Document document = dataset_document("folder");
  document.random = RandomSource::torch;
  Session session = make_session(document);
  REQUIRE(session.frame().torch.has_value());
  CHECK(session.frame().inputs->loaded->generators.has_value());
  CHECK_FALSE(session.apply(edits::set_sample_index(1)));
  CHECK_THAT(last_sentence(session), contains_text("loaded and masked right after seeding"));
}

TEST_CASE("training and validation") {
  Session session = make_session(dataset_document("folder"));
  REQUIRE(session.apply(edits::show_sample(1)));
  REQUIRE(session.apply(edits::set_training(false)));
  REQUIRE(session.frame().inputs->loaded->view.crop.has_value());
  CHECK(session.frame().inputs->loaded->view.crop->row == 0);
  REQUIRE(session.apply(edits::set_training(true)));
  std::set<int> rows;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    REQUIRE(session.apply(edits::set_seed(seed)));
    rows.insert(session.frame().inputs->loaded->view.crop->row);
  }
  CHECK(rows == std::set<int>{0, 1, 2});
}

TEST_CASE("token ids become pictures, over the crop too") {
  Session session = make_session(dataset_document("folder"));
  const ModalityContent* content = session.frame().inputs->find("tok_depth@224");
  REQUIRE(content);
  CHECK(content->ids.size() == 196);
  REQUIRE(content->picture);
  CHECK(content->picture->width == 224);
  REQUIRE(content->overlay);
  CHECK(content->overlay->width == 224);
}

TEST_CASE("opening in the background: a result once, a failure as a sentence, nothing after a cancel") {
  const Document document = default_document();
  const auto present = load_inputs(document, nullptr);
  Opening opening;
  const auto result_of = [&]() -> std::optional<Opening::Result> {
    for (int i = 0; i < 3000; ++i) {
      if (auto result = opening.take()) return result;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return std::nullopt;
  };
  opening.start("folder", document, edits::open_dataset(golden("folder")), present, {});
  CHECK(opening.what() == "folder");
  const auto opened = result_of();
  REQUIRE(opened.has_value());
  CHECK(opened->failure.empty());
  REQUIRE(opened->inputs);
  REQUIRE(opened->inputs->dataset);
  CHECK(opened->document.inputs.picture == PictureSource::dataset);
  CHECK(opening.what().empty());
  CHECK_FALSE(opening.take().has_value());
  Session session = make_session();
  REQUIRE(session.apply(edits::replace_document(opened->document, opened->edit.name), opened->inputs));
  CHECK(session.frame().inputs->dataset == opened->inputs->dataset);  // not opened a second time

  opening.start("nothing", document, edits::open_dataset(golden("nothing_here")), present, {});
  const auto failed = result_of();
  REQUIRE(failed.has_value());
  CHECK_THAT(failed->failure, contains_text("nothing_here"));

  opening.start("folder", document, edits::open_dataset(golden("folder")), present, {});
  opening.cancel();
  CHECK(opening.what().empty());
  CHECK_FALSE(opening.take().has_value());
}

TEST_CASE("what is opened again is read again") {
  const ScratchFolder scratch;
  const fs::path root = scratch.path() / "root" / "caption" / "x";
  fs::create_directories(root);
  std::ofstream(root / "a.txt") << "first words";
  Session session = make_session();
  REQUIRE(session.apply(edits::open_dataset((scratch.path() / "root").string())));
  const auto caption = [&] { return *session.frame().inputs->find("caption")->text; };
  CHECK(caption() == "first words");
  std::ofstream(root / "a.txt") << "other words";
  CHECK(session.apply(edits::set_seed(43)));
  CHECK(caption() == "first words");  // at hand, and nothing was drawn for it
  REQUIRE(session.apply(edits::open_dataset((scratch.path() / "root").string())));
  CHECK(caption() == "other words");
}

TEST_CASE("a configuration: its data sets and splits by name, data named by hand stay, edits by hand stay") {
  const ScratchFolder scratch;
  const std::string yaml = R"(train:
  datasets:
    a:
      type: multimodal
      in_domains: caption-det
      out_domains: caption-det
      input_alphas: "0.5"
      target_alphas: "0.5"
      use_wds: False
      main_augment_domain: rgb@224
      hflip: 0.5
      crop_scale: [0.2, 1.0]
      crop_ratio: [0.75, 1.3333]
      data_path: ')" + golden("folder") + R"('
    b:
      type: multimodal
      in_domains: caption
      out_domains: caption
      input_alphas: "2.0"
      target_alphas: "2.0"
      use_wds: False
      main_augment_domain: rgb@224
      hflip: 0.5
      crop_scale: [0.2, 1.0]
      crop_ratio: [0.75, 1.3333]
      data_path: ')" + golden("folder") + R"('
val:
  datasets:
    a: {}
)";
  const fs::path path = write_text(scratch, "c.yaml", yaml);
  Session session = make_session();
  REQUIRE(session.apply(edits::use_config(path)));
  CHECK(session.document().inputs.dataset.config_dataset == "a");
  CHECK(session.document().inputs.dataset.path == golden("folder"));
  REQUIRE(session.apply(edits::set_config_dataset("b")));
  CHECK(session.document().scheme.name == "b");
  REQUIRE(session.apply(edits::set_training(false)));
  CHECK(session.document().inputs.dataset.config_dataset == "b");  // val has only a: read b as validation does
  CHECK(session.document().scheme.name == "b");
  CHECK_FALSE(session.document().inputs.dataset.transforms.is_training);
  REQUIRE(session.apply(edits::set_config_dataset("a")));
  CHECK(session.document().inputs.dataset.is_validation);
  CHECK_FALSE(session.apply(edits::set_config_dataset("c")));

  // Data of the user's own stay, whatever is switched.
  REQUIRE(session.apply(edits::open_dataset(golden("shards"))));
  CHECK_FALSE(session.document().inputs.dataset.config.empty());
  REQUIRE(session.apply(edits::set_training(true)));
  REQUIRE(session.apply(edits::set_config_dataset("b")));
  CHECK(session.document().inputs.dataset.path == golden("shards"));
  // A scheme changed by hand is not thrown away by the switch.
  REQUIRE(session.apply(edits::set_config_dataset("a")));
  REQUIRE(session.apply(edits::set_input_alpha("caption", 0, 7.0)));
  REQUIRE(session.apply(edits::set_training(false)));
  const Scheme& scheme = session.document().scheme;
  CHECK(scheme.modalities[static_cast<std::size_t>(scheme.find("caption"))].input_alphas[0] == 7.0);
  // Another folder that has nothing of it: the configuration is let go of.
  fs::create_directories(scratch.path() / "other" / "tok_rgb@224" / "x");
  fs::copy_file(golden("folder/tok_rgb@224/birds/a000.npy"), scratch.path() / "other" / "tok_rgb@224" / "x" / "a.npy");
  REQUIRE(session.apply(edits::open_dataset((scratch.path() / "other").string())));
  CHECK(session.document().inputs.dataset.config.empty());
  CHECK(session.document().scheme.find("caption") < 0);
}

TEST_CASE("a preset on a data set looks for the files of all it has") {
  Document document = default_document();
  edits::open_dataset(golden("folder")).apply(document);
  document.inputs.dataset.modalities = {"caption"};
  Session session = make_session(document);
  REQUIRE(session.apply(edits::set_preset("4m-7")));
  const int rgb = session.frame().scheme.find("rgb@224");
  REQUIRE(rgb >= 0);
  CHECK(session.frame().is_present(rgb));
}

TEST_CASE("sampling weights count where the reference uses them: shards, in training") {
  for (const auto& [layout, is_training, is_used] : {std::tuple{"shards", true, true}, {"shards", false, false}, {"folder", true, false}}) {
    Session session = make_session(dataset_document(layout));
    REQUIRE(session.apply(edits::set_preset("4m-21")));
    REQUIRE(session.apply(edits::set_training(is_training)));
    CHECK_FALSE(session.document().scheme.sampling_weights.empty());
    CHECK(session.frame().scheme.sampling_weights.empty() == !is_used);
  }
}

TEST_CASE("detections and captions of drawn crops are found as they are shown") {
  Document document = dataset_document("folder");
  for (const std::uint64_t seed : {7u, 42u}) {
    document.seed = seed;
    const auto dataset = OpenDataset::open(document.inputs.dataset);
    const SampleRequest request = request_of(document, 0);
    for (std::int64_t number = 0; number < 12; ++number) {
      SampleRequest own = request;
      own.number = number;
      own.draw += static_cast<std::uint64_t>(number);
      for (const ModalityView& view : dataset->load(own)->view.modalities) {
        if (!view.text || view.text->empty() || view.modality == "color_palette") continue;
        CAPTURE(seed, number, view.modality);
        dataset->travel({.number = {}, .key = {}, .direction = 1, .from = number - 1, .filter = {.text = *view.text, .has_problem = false}}, request);
        REQUIRE(arrival_of(*dataset).arrived == number);
      }
    }
  }
}

TEST_CASE("a configuration whose data are elsewhere gives its scheme, and says that they are not here") {
  const ScratchFolder scratch;
  const auto config_with = [&](const std::string& data_path) {
    return write_text(scratch, "c.yaml", "train:\n  datasets:\n    one:\n      type: multimodal\n      in_domains: caption\n      out_domains: caption\n"
                                         "      input_alphas: \"1.0\"\n      target_alphas: \"1.0\"\n      use_wds: True\n      main_augment_domain: rgb@224\n"
                                         "      hflip: 0.5\n      crop_scale: [0.2, 1.0]\n      crop_ratio: [0.75, 1.3333]\n      data_path: '" + data_path + "'\n");
  };
  const auto says_not_here = [](const Session& session) {
    const auto& problems = session.frame().inputs->problems;
    return std::any_of(problems.begin(), problems.end(), [](const DataProblem& p) { return p.sentence.find("data_path") != std::string::npos; });
  };
  for (const std::string away : {"/nowhere/[caption,rgb]/shard-{00000..00009}.tar", "/nowhere/train"}) {
    CAPTURE(away);
    Session session = make_session();
    REQUIRE(session.apply(edits::use_config(config_with(away))));
    CHECK(session.document().scheme.name == "one");
    CHECK(session.document().inputs.picture == PictureSource::scene);
    CHECK(says_not_here(session));
  }
  Session session = make_session();
  REQUIRE(session.apply(edits::use_config(config_with(golden("shards/[caption,rgb]/shard-{00000..00001}.tar")))));
  CHECK(session.document().inputs.picture == PictureSource::dataset);
  REQUIRE(session.apply(edits::open_scene(0)));
  CHECK_FALSE(says_not_here(session));  // they are here, and the user looks at something else
}
