// What single edits do to the document.
#include <algorithm>

#include "core/data/text_file.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

Document after(const Edit& edit, Document document = default_document()) {
  edit.apply(document);
  return document;
}

const SchemeModality& modality(const Document& document, const std::string& name) {
  return document.scheme.modalities.at(static_cast<std::size_t>(document.scheme.find(name)));
}

}  // namespace

TEST_CASE("the moved budget of an image wins over the other") {
  Document document = after(edits::set_direct("tok_rgb@224", 100, 90));
  CHECK(modality(document, "tok_rgb@224").direct_decoder_tokens == 90);
  document = after(edits::set_direct_encoder("tok_rgb@224", 150), document);
  CHECK(modality(document, "tok_rgb@224").direct_encoder_tokens == 150);
  CHECK(modality(document, "tok_rgb@224").direct_decoder_tokens == 46);
  document = after(edits::set_direct_decoder("tok_rgb@224", 196), document);
  CHECK(modality(document, "tok_rgb@224").direct_encoder_tokens == 0);
  CHECK(modality(document, "tok_rgb@224").direct_decoder_tokens == 196);
}

TEST_CASE("budgets set by hand stay within the modality") {
  for (const int encoder : {-5, 0, 3, 196, 4000}) {
    for (const int decoder : {-5, 0, 3, 196, 4000}) {
      const Document image = after(edits::set_direct("tok_rgb@224", encoder, decoder));
      const SchemeModality& grid = modality(image, "tok_rgb@224");
      CHECK(grid.direct_encoder_tokens >= 0);
      CHECK(grid.direct_decoder_tokens >= 0);
      CHECK(grid.direct_encoder_tokens + grid.direct_decoder_tokens <= 196);
      CHECK(grid.direct_encoder_tokens == std::clamp(encoder, 0, 196));

      const Document text = after(edits::set_direct("caption", encoder, decoder));
      const SchemeModality& caption = modality(text, "caption");
      CHECK(caption.direct_encoder_tokens == std::clamp(encoder, 0, caption.modality.max_tokens));
      CHECK(caption.direct_decoder_tokens == std::clamp(decoder, 0, caption.modality.max_tokens));
    }
  }
}

TEST_CASE("the slots follow the token ranges as in the reference") {
  const Document document = after(edits::set_target_tokens({0, 0}), after(edits::set_input_tokens({10, 70})));
  CHECK(document.scheme.input_tokens == TokenRange{10, 70});
  CHECK(document.scheme.encoder_slots == 70);
  CHECK(document.scheme.target_tokens == TokenRange{0, 0});
  CHECK(document.scheme.decoder_slots == 1);  // a tensor needs a slot
}

TEST_CASE("all other tokens are targets: the decoder has room for them, after other modes too") {
  const Document all = after(edits::set_all_targets(true));
  CHECK_FALSE(all.scheme.target_tokens.has_value());
  const int room = all.scheme.decoder_slots;
  CHECK(room == 5 * 196 + 2 * (256 + 2));
  Document document = after(edits::set_transfer_mode(), all);
  CHECK(document.scheme.decoder_slots < room);
  document = after(edits::set_mode(BudgetMode::sampled), document);
  CHECK(document.scheme.decoder_slots == room);
  document = after(edits::set_decoder_slots(7), after(edits::set_mode(BudgetMode::direct), document));
  CHECK(after(edits::set_mode(BudgetMode::sampled), document).scheme.decoder_slots == room);
  document = after(edits::set_all_targets(false), all);
  CHECK(document.scheme.target_tokens == TokenRange{128, 128});
  CHECK(document.scheme.decoder_slots == 128);
}

TEST_CASE("another grid renames the modalities, keeps what is off and the shares of the budgets") {
  Document document = after(edits::set_direct("tok_depth@224", 98, 49));
  document = after(edits::set_modality_enabled("tok_normal@224", false), document);
  document = after(edits::set_grid(448, 14), document);
  CHECK(document.inputs.input_size == 448);
  CHECK(document.inputs.patch_size == 14);
  CHECK(document.disabled == std::vector<std::string>{"tok_normal@448"});
  CHECK(document.scheme.find("tok_depth@224") == -1);
  CHECK(modality(document, "tok_depth@448").modality.max_tokens == 1024);
  CHECK(modality(document, "tok_depth@448").direct_encoder_tokens == 512);
  CHECK(modality(document, "tok_depth@448").direct_decoder_tokens == 256);
  const Session session = make_session(document);
  CHECK(session.frame().scheme.num_modalities() == 7);
  Document back = after(edits::set_grid(224, 16), document);
  CHECK(modality(back, "tok_depth@224").direct_encoder_tokens == 98);
}

TEST_CASE("a preset takes the grid that is set and clears what was off") {
  Document document = after(edits::set_grid(448, 16));
  document.disabled = {"det"};
  document = after(edits::set_preset("rgb-to-all"), document);
  CHECK(document.disabled.empty());
  CHECK(document.scheme.find("rgb@448") >= 0);
  CHECK(make_session(document).frame().scheme.find("tok_semseg@448") >= 0);
}

TEST_CASE("every preset can be shown with the bundled scene") {
  Session session = make_session();
  for (const std::string& name : preset_names()) {
    INFO(name);
    if (name == session.document().scheme.name) continue;
    CHECK(session.apply(edits::set_preset(name)));
    CHECK(session.document().scheme.name == name);
  }
}

TEST_CASE("texts: typed, from a file, the scene's own") {
  const ScratchFolder folder;
  const auto file = write_text(folder, "words.txt", "\xef\xbb\xbf" "from a file\n");
  Document document = after(edits::open_text_file(file));
  CHECK(document.inputs.text == "from a file");
  CHECK(document.inputs.text_file == file);
  document = after(edits::set_text("typed"), document);
  CHECK(document.inputs.text == "typed");
  CHECK(document.inputs.text_file.empty());
  document = after(edits::use_scene_caption(), document);
  CHECK_FALSE(document.inputs.text.has_value());
}

TEST_CASE("an empty text is a text of one end-of-text token") {
  const Session session = make_session(text_document(""));
  REQUIRE(session.frame().scheme.find("caption") == 0);
  CHECK(source_fates(session.frame().masks(), 0).size() == 1);
}

TEST_CASE("a text longer than the program reads is refused in a sentence") {
  Session session = make_session(text_document("a"));
  CHECK_FALSE(session.apply(edits::set_text(std::string(max_text_bytes + 1, 'a'))));
  CHECK_THAT(last_sentence(session), contains_text(cat(max_text_bytes)));
  CHECK_FALSE(session.apply(edits::set_text("caf\xe9")));
  CHECK_THAT(last_sentence(session), contains_text("3"));  // the byte's offset
}

TEST_CASE("a photo feeds pixels and their tokens, and leaves the text alone") {
  const ScratchFolder folder;
  Document document = text_document("a red cube");
  document = after(edits::open_photo(write_png(folder, "p.png")), document);
  const Session session = make_session(document);
  const Inputs& inputs = *session.frame().inputs;
  REQUIRE(inputs.find("rgb@224"));
  REQUIRE(inputs.find("tok_rgb@224"));
  CHECK(inputs.find("rgb@224")->picture->width == 224);
  CHECK(inputs.find("tok_depth@224") == nullptr);
  CHECK(*inputs.find("caption")->text == "a red cube");
  CHECK(inputs.find("det") == nullptr);
  CHECK(inputs.title == "p.png");
}

TEST_CASE("what did not change is not loaded again") {
  Session session = make_session();
  const auto before = session.frame().inputs;
  session.apply(edits::set_text("other words"));
  const auto after_text = session.frame().inputs;
  CHECK(after_text->find("rgb@224")->picture == before->find("rgb@224")->picture);
  CHECK(after_text->tokenizer == before->tokenizer);
  session.apply(edits::set_grid(224, 14));
  CHECK(session.frame().inputs->find("rgb@224")->picture == before->find("rgb@224")->picture);
  session.apply(edits::set_seed(1));
  CHECK(session.frame().inputs->contents.size() == before->contents.size());
}
