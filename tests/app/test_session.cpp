// Session: edits, undo and redo, failures, messages, and that the same document gives the same masks.
#include <algorithm>
#include <limits>

#include "kernels/fallback_backend.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// The document and the frame must agree after whatever was done.
void check_in_step(const Session& session) {
  const Document& document = session.document();
  const MaskedFrame& frame = session.frame();
  CHECK(frame.seed == document.seed);
  CHECK(frame.sample_index == document.sample_index);
  CHECK(frame.inputs->spec == document.inputs);
  CHECK(frame.scheme == with_content(document.scheme, *frame.inputs, document.disabled));
  CHECK(frame.sample == make_sample(*frame.inputs, frame.scheme));
  CHECK(frame.batch == make_session(document).frame().batch);
}

// A GPU that fails whatever it is asked.
class BrokenGpu final : public Backend {
 public:
  BackendInfo info() const override { return {"cuda", "a GPU that is broken"}; }
  void run(const MaskingPlan&, const PackedSamples&, DrawRange, MaskedBatch&) override { throw Error("The GPU fell off the bus."); }
  void tally(const MaskingPlan&, const PackedSamples&, DrawRange, Tally&) override { throw Error("The GPU fell off the bus."); }
};

}  // namespace

TEST_CASE("a GPU that is lost is told of once, and the session goes on") {
  const Document document = text_document("two birds on a wire");
  Session session(make_fallback_backend([] { return std::make_unique<BrokenGpu>(); }, 1), document);
  CHECK(session.backend_info().name == "cpu");
  REQUIRE(session.messages().size() == 1);
  CHECK(session.messages()[0].level == MessageLevel::warning);
  CHECK_THAT(session.messages()[0].sentence, contains_text("the CPU computes the same masks. The GPU fell off the bus."));
  REQUIRE(session.current_message());
  REQUIRE(session.apply(edits::set_seed(9)));
  CHECK(session.messages().size() == 1);
  CHECK(session.current_message() == nullptr);
  check_in_step(session);
}

TEST_CASE("a session opens on the bundled scene with all its modalities masked") {
  const Session session = make_session();
  CHECK(session.frame().scheme.num_modalities() == 8);
  CHECK(session.frame().batch.batch_size == 1);
  CHECK(session.frame().inputs->title == "bundled scene 1");
  CHECK_FALSE(session.can_undo());
  CHECK_FALSE(session.can_redo());
  CHECK(session.messages().empty());
  check_in_step(session);
}

TEST_CASE("every edit acts at once, and undo and redo take it back and forth") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "photo.png");
  const auto text = write_text(folder, "text.txt", "two birds on a wire");
  Document other = text_document("another document");
  other.seed = 7;
  const std::vector<Edit> all = {
      edits::set_seed(9),
      edits::set_sample_index(12),
      edits::set_mode(BudgetMode::direct),
      edits::set_direct("caption", 3, 5),
      edits::set_direct_encoder("tok_depth@224", 50),
      edits::set_direct_decoder("tok_depth@224", 60),
      edits::set_encoder_slots(40),
      edits::set_decoder_slots(50),
      edits::set_mode(BudgetMode::sampled),
      edits::set_input_tokens({64, 96}),
      edits::set_target_tokens({32, 200}),
      edits::set_input_alpha("caption", 0, 0.25),
      edits::set_target_alpha("tok_rgb@224", 0, 20),
      edits::set_keep(0, KeepScheme::all),
      edits::set_modality_enabled("det", false),
      edits::set_grid(224, 14),
      edits::set_modality_enabled("det", true),
      edits::set_text("a red cube"),
      edits::use_scene_caption(),
      edits::open_scene(2),
      edits::open_photo(photo),
      edits::set_fit(FitMode::fit),
      edits::open_text_file(text),
      edits::set_preset("rgb-to-all"),
      edits::replace_document(other, "open other.json"),
  };
  Session session = make_session();
  std::vector<Document> states = {session.document()};
  for (const Edit& edit : all) {
    INFO(edit.name.english);
    const std::uint64_t revision = session.revision();
    REQUIRE(session.apply(edit));
    CHECK(session.revision() > revision);
    CHECK_FALSE(session.document() == states.back());
    CHECK(session.undo_name() == edit.name.text());
    CHECK_FALSE(session.can_redo());
    check_in_step(session);
    states.push_back(session.document());
  }
  for (std::size_t i = all.size(); i-- > 0;) {
    INFO(all[i].name.english);
    REQUIRE(session.can_undo());
    CHECK(session.undo_name() == all[i].name.text());
    session.undo();
    CHECK(session.document() == states[i]);
    CHECK(session.redo_name() == all[i].name.text());
    check_in_step(session);
  }
  CHECK_FALSE(session.can_undo());
  session.undo();  // nothing left: nothing happens
  for (std::size_t i = 0; i < all.size(); ++i) {
    session.redo();
    CHECK(session.document() == states[i + 1]);
  }
  check_in_step(session);
  CHECK_FALSE(session.can_redo());
  session.redo();
  CHECK(session.document() == states.back());
}

TEST_CASE("undo brings a photo back even when its file is gone") {
  const ScratchFolder folder;
  const auto photo = write_png(folder, "photo.png");
  Session session = make_session(text_document("a"));
  REQUIRE(session.apply(edits::open_photo(photo)));
  const auto inputs = session.frame().inputs;
  std::filesystem::remove(photo);
  session.undo();
  CHECK(session.frame().inputs->find("rgb@224") == nullptr);
  session.redo();
  CHECK(session.frame().inputs == inputs);
}

TEST_CASE("a drag is one undo step") {
  Session session = make_session(text_document("a red cube on a blue floor"));
  const Document start = session.document();
  for (int alpha = 1; alpha < 20; ++alpha) REQUIRE(session.apply(edits::set_input_alpha("caption", 0, 0.1 * alpha)));
  const Document dragged = session.document();
  session.end_merge();
  for (int alpha = 20; alpha < 30; ++alpha) REQUIRE(session.apply(edits::set_input_alpha("caption", 0, 0.1 * alpha)));
  session.undo();
  CHECK(session.document() == dragged);
  session.undo();
  CHECK(session.document() == start);
  CHECK_FALSE(session.can_undo());
  session.redo();
  CHECK(session.document() == dragged);
}

TEST_CASE("another edit, an undo or another modality ends a drag") {
  Session session = make_session();
  session.apply(edits::set_seed(1));
  session.apply(edits::set_input_alpha("caption", 0, 2));
  session.apply(edits::set_input_alpha("det", 0, 2));
  session.apply(edits::set_seed(2));
  session.undo();
  session.apply(edits::set_seed(3));
  std::vector<std::string> names;
  while (session.can_undo()) {
    names.push_back(session.undo_name());
    session.undo();
  }
  CHECK(names == std::vector<std::string>{"seed", "input alpha of det", "input alpha of caption", "seed"});
}

TEST_CASE("edits without a key never merge") {
  Session session = make_session(text_document("a"));
  session.apply(edits::set_keep(0, KeepScheme::all));
  session.apply(edits::set_keep(0, KeepScheme::binary));
  session.undo();
  CHECK(session.document().scheme.modalities.front().keep.front() == KeepScheme::all);
}

TEST_CASE("an edit that changes nothing is no undo step") {
  Session session = make_session(text_document("a"));
  const std::uint64_t revision = session.revision();
  CHECK(session.apply(edits::set_seed(session.document().seed)));
  CHECK_FALSE(session.can_undo());
  CHECK(session.revision() == revision);
}

TEST_CASE("a new edit forgets what could be redone") {
  Session session = make_session(text_document("a"));
  session.apply(edits::set_seed(1));
  session.undo();
  REQUIRE(session.can_redo());
  session.apply(edits::set_seed(2));
  CHECK_FALSE(session.can_redo());
}

TEST_CASE("undo keeps the last 200 states") {
  Session session = make_session(text_document("a"));
  for (std::uint64_t seed = 1000; seed < 1250; ++seed) {
    session.apply(edits::set_seed(seed));
    session.end_merge();
  }
  int steps = 0;
  for (; session.can_undo(); ++steps) session.undo();
  CHECK(steps == 200);
  CHECK(session.document().seed == 1049);
}

TEST_CASE("a failing edit changes nothing and leaves its sentence") {
  const ScratchFolder folder;
  const auto rubbish = write_text(folder, "tokenizer.json", "{\"model\": 3}");
  const auto no_picture = write_text(folder, "photo.png", "these are words");
  Session session = make_session();
  session.apply(edits::set_seed(5));
  session.undo();
  Document nothing_left = session.document();
  for (const SchemeModality& entry : nothing_left.scheme.modalities) nothing_left.disabled.push_back(entry.modality.name);

  struct Case {
    Edit edit;
    const char* says;
  };
  const std::vector<Case> cases = {
      {edits::open_photo(folder.path() / "absent.png"), "absent.png"},
      {edits::open_photo(no_picture), "photo.png"},
      {edits::open_photo(""), "no file is named"},
      {edits::open_tokenizer(rubbish), "tokenizer.json"},
      {edits::open_tokenizer(folder.path() / "absent.json"), "absent.json"},
      {edits::open_text_file(folder.path()), folder.path().c_str()},
      {edits::set_preset("no such preset"), "no such preset"},
      {edits::set_grid(300, 16), "input size: found 300"},
      {edits::set_grid(224, 15), "patch size: found 15"},
      {edits::set_input_tokens({9, 3}), "9..3"},
      {edits::set_target_tokens({-1, 3}), "-1..3"},
      {edits::set_input_alpha("caption", 0, -1), "caption"},
      {edits::set_target_alpha("caption", 0, std::numeric_limits<double>::quiet_NaN()), "caption"},
      {edits::set_input_alpha("metadata", 0, 1), "modality metadata"},
      {edits::set_encoder_slots(0), "encoder slots"},
      {edits::set_decoder_slots(-5), "decoder slots"},
      {edits::set_sample_index(std::uint64_t{1} << 40), "draw number"},
      {edits::replace_document(nothing_left, "all off"), "No modality is left"},
  };
  for (const Case& item : cases) {
    INFO(item.edit.name.english);
    const Document before = session.document();
    const MaskedBatch masks = session.frame().batch;
    const auto inputs = session.frame().inputs;
    CHECK_FALSE(session.apply(item.edit));
    CHECK(session.document() == before);
    CHECK(session.frame().batch == masks);
    CHECK(session.frame().inputs == inputs);
    CHECK(session.can_redo());
    CHECK_FALSE(session.can_undo());
    REQUIRE_FALSE(session.messages().empty());
    CHECK(session.messages().back().level == MessageLevel::error);
    CHECK_THAT(last_sentence(session), contains_text(item.says));
    CHECK(last_sentence(session).back() == '.');
  }
  CHECK(session.messages().size() == cases.size());
}

TEST_CASE("the last modality can't be switched off") {
  Session session = make_session(text_document("a"));
  REQUIRE(session.frame().scheme.num_modalities() == 1);
  CHECK_FALSE(session.apply(edits::set_modality_enabled("caption", false)));
  CHECK(session.document().disabled.empty());
  CHECK_THAT(last_sentence(session), contains_text("switch a modality on"));
}

TEST_CASE("a session that can't be computed throws") {
  Document document = text_document("a");
  document.inputs.tokenizer = "/no/such/tokenizer.json";
  CHECK_THAT(sentence_of([&] { make_session(document); }), contains_text("/no/such/tokenizer.json"));
  document = text_document("a");
  document.disabled = {"caption"};
  CHECK_THAT(sentence_of([&] { make_session(document); }), contains_text("No modality is left"));
}

TEST_CASE("what was converted while loading is told once") {
  const ScratchFolder folder;
  const Data row = {255, 0, 0, 128, 0, 255, 0, 255};  // two RGBA pixels
  const auto photo = folder.write("half.png", png(2, 8, 6, {row}));
  Session session = make_session();
  REQUIRE(session.apply(edits::open_photo(photo)));
  REQUIRE(session.messages().size() == 1);
  CHECK_THAT(last_sentence(session), contains_text("Transparent"));
  session.apply(edits::set_seed(3));
  session.apply(edits::set_text("other words"));
  session.apply(edits::set_fit(FitMode::fit));
  session.apply(edits::set_modality_enabled("caption", false));
  CHECK(session.messages().size() == 1);

  Document opened = default_document();
  opened.inputs.picture = PictureSource::photo;
  opened.inputs.photo = photo;
  CHECK(make_session(opened).messages().size() == 1);
}

TEST_CASE("messages are bounded, the newest stay") {
  Session session = make_session(text_document("a"));
  for (int i = 0; i < 250; ++i) session.say(MessageLevel::info, cat("number ", i));
  CHECK(session.messages().size() == 100);
  CHECK(session.messages().front().sentence == "number 150");
  CHECK(last_sentence(session) == "number 249");
}

TEST_CASE("the same document gives the same masks") {
  const Session first = make_session(), second = make_session();
  CHECK(first.frame().batch == second.frame().batch);
  Session roundabout = make_session();
  roundabout.apply(edits::set_seed(77));
  roundabout.apply(edits::set_modality_enabled("det", false));
  roundabout.apply(edits::set_modality_enabled("det", true));
  roundabout.apply(edits::set_seed(first.document().seed));
  CHECK(roundabout.frame().batch == first.frame().batch);
  roundabout.apply(edits::set_sample_index(1));
  CHECK_FALSE(roundabout.frame().batch == first.frame().batch);
}

TEST_CASE("direct mode: one modality's budget leaves the masks of the others alone") {
  Session session = make_session();
  session.apply(edits::set_mode(BudgetMode::direct));
  session.apply(edits::set_encoder_slots(4000));  // room for all: nothing is cut by selection
  session.apply(edits::set_decoder_slots(4000));
  for (const SchemeModality& entry : default_scheme().modalities) session.apply(edits::set_direct(entry.modality.name, 20, 10));
  const MaskedFrame before = session.frame();
  REQUIRE(session.apply(edits::set_direct("tok_depth@224", 90, 40)));
  const MaskedFrame& after = session.frame();
  const int changed = after.scheme.find("tok_depth@224");
  for (int m = 0; m < after.scheme.num_modalities(); ++m) {
    INFO(after.scheme.modalities[static_cast<std::size_t>(m)].modality.name);
    CHECK((source_fates(before.masks(), m) == source_fates(after.masks(), m)) == (m != changed));
  }
}

TEST_CASE("direct mode: switching a modality off leaves the masks of the others alone") {
  Session session = make_session();
  session.apply(edits::set_mode(BudgetMode::direct));
  for (const SchemeModality& entry : default_scheme().modalities) session.apply(edits::set_direct(entry.modality.name, 6, 6));
  const MaskedFrame before = session.frame();
  REQUIRE(session.apply(edits::set_modality_enabled("det", false)));
  const MaskedFrame& after = session.frame();
  CHECK(after.scheme.find("det") == -1);
  for (int m = 0; m < after.scheme.num_modalities(); ++m) {
    const std::string& name = after.scheme.modalities[static_cast<std::size_t>(m)].modality.name;
    CHECK(source_fates(before.masks(), before.scheme.find(name)) == source_fates(after.masks(), m));
  }
}

TEST_CASE("a growing budget adds input cells and takes none away") {
  Session session = make_session();
  session.apply(edits::set_mode(BudgetMode::direct));
  session.apply(edits::set_encoder_slots(4000));  // room for all: nothing is cut by selection
  session.apply(edits::set_decoder_slots(4000));
  session.apply(edits::set_direct("tok_rgb@224", 0, 0));
  const int m = session.frame().scheme.find("tok_rgb@224");
  std::vector<Fate> before = source_fates(session.frame().masks(), m);
  for (int tokens = 0; tokens <= 196; tokens += 28) {
    session.apply(edits::set_direct_encoder("tok_rgb@224", tokens));
    const std::vector<Fate> after = source_fates(session.frame().masks(), m);
    CHECK(std::count(after.begin(), after.end(), Fate::encoder) == tokens);
    for (std::size_t slot = 0; slot < after.size(); ++slot) {
      if (before[slot] == Fate::encoder) CHECK(after[slot] == Fate::encoder);
    }
    before = after;
  }
}

TEST_CASE("a session counts what it has said, also what it no longer keeps") {
  Session session = make_session();
  const std::uint64_t before = session.num_said();
  for (int i = 0; i < 150; ++i) session.say(MessageLevel::info, cat("number ", i));
  CHECK(session.num_said() == before + 150);
  CHECK(session.messages().size() == 100);
  CHECK(session.messages().back().sentence == "number 149");
}
