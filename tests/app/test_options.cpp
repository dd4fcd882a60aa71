// The shared options: the document they make, and the sentence for every one that makes no sense.
#include "app/commands/options.h"
#include "app/session_file.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

Document document_of(const std::vector<std::string>& arguments) {
  CLI::App app("test", "test");
  commands::SharedOptions options;
  commands::add_shared_options(app, options);
  const auto code = commands::parse(app, arguments);
  REQUIRE_FALSE(code.has_value());
  return commands::make_document(options);
}

const SchemeModality& modality(const Document& document, const std::string& name) {
  return document.scheme.modalities.at(static_cast<std::size_t>(document.scheme.find(name)));
}

}  // namespace

TEST_CASE("without options: the default document") { CHECK(document_of({}) == default_document()); }

TEST_CASE("a picture or a text alone leaves the bundled scene") {
  const ScratchFolder folder;
  const std::string photo = write_png(folder, "p.png").string(), words = write_text(folder, "w.txt", "words").string();
  CHECK(document_of({"--text", "a"}).inputs.picture == PictureSource::none);
  CHECK(document_of({"--text", ""}).inputs.text == "");
  CHECK(document_of({"--text-file", words}).inputs.picture == PictureSource::none);
  CHECK(document_of({"--text-file", words}).inputs.text == "words");
  CHECK(document_of({words}).inputs.picture == PictureSource::none);
  CHECK(document_of({words}).inputs.text == "words");
  CHECK(document_of({"--image", photo}).inputs.photo == photo);
  CHECK_FALSE(document_of({"--image", photo}).inputs.text.has_value());
  CHECK(document_of({photo}).inputs.photo == photo);
  for (const auto& both : std::vector<std::vector<std::string>>{{photo, words}, {words, photo}, {photo, "--text", "words"}, {"--image", photo, words}}) {
    const Document document = document_of(both);
    CHECK(document.inputs.picture == PictureSource::photo);
    CHECK(document.inputs.photo == photo);
    CHECK(document.inputs.text == "words");
  }
  CHECK(document_of({"--scene", "3"}).inputs.scene_seed == 2);
  const Document scene_and_text = document_of({"--scene", "3", "--text", "a"});
  CHECK(scene_and_text.inputs.picture == PictureSource::scene);
  CHECK(scene_and_text.inputs.text == "a");
}

TEST_CASE("a session file keeps what the options do not name") {
  const ScratchFolder folder;
  Document saved = text_document("saved");
  saved.seed = 5;
  saved.scheme.input_tokens = {10, 20};
  const std::string session = (folder.path() / "s.json").string(), photo = write_png(folder, "p.png").string();
  save_session(saved, session);
  CHECK(document_of({session}) == saved);
  CHECK(document_of({session, "--seed", "6"}).seed == 6);
  const Document with_text = document_of({session, "--text", "typed"});
  CHECK(with_text.inputs.text == "typed");
  CHECK(with_text.seed == 5);
  const Document with_photo = document_of({session, "--image", photo});
  CHECK(with_photo.inputs.photo == photo);
  CHECK(with_photo.inputs.text == "saved");
}

TEST_CASE("scheme, grid, tokens and draws") {
  const Document document = document_of({"--scheme", "rgb-to-all", "--size", "448", "--patch", "14", "--input-tokens", "64..256", "--target-tokens", "100",
                                         "--seed", "18446744073709551615", "--draw", "1099511627775", "--fit", "whole"});
  CHECK(document.scheme.name == "rgb-to-all");
  CHECK(modality(document, "rgb@448").modality.max_tokens == 1024);
  CHECK(document.scheme.input_tokens == TokenRange{64, 256});
  CHECK(document.scheme.encoder_slots == 256);
  CHECK(document.scheme.target_tokens == TokenRange{100, 100});
  CHECK(document.seed == ~std::uint64_t{0});
  CHECK(document.sample_index == (std::uint64_t{1} << 40) - 1);
  CHECK(document.inputs.fit == FitMode::fit);
  CHECK(document_of({"--patch", "14"}).inputs.input_size == 224);
}

TEST_CASE("budgets by hand: counts, percentages, several, and a file behind them") {
  const ScratchFolder folder;
  const std::string photo = write_png(folder, "p.png").string();
  const Document document = document_of({"--budget", "rgb@224=25%,0", "--budget", "tok_rgb@224=10,100%", "--budget", "caption=0%,7", photo});
  CHECK(document.scheme.mode == BudgetMode::direct);
  CHECK(modality(document, "rgb@224").direct_encoder_tokens == 49);
  CHECK(modality(document, "tok_rgb@224").direct_decoder_tokens == 196);
  CHECK(modality(document, "caption").direct_decoder_tokens == 7);
  CHECK(document.inputs.photo == photo);
}

TEST_CASE("token ranges") {
  CHECK(commands::parse_token_range("128", "--x") == TokenRange{128, 128});
  CHECK(commands::parse_token_range("0", "--x") == TokenRange{0, 0});
  CHECK(commands::parse_token_range("64..256", "--x") == TokenRange{64, 256});
  for (const char* wrong : {"", "a", "-1", "1.5", "3..", "..3", "9..3", "1..2..3", "1...2", " 1", "1 ", "99999999999", "0x10", "1,2"}) {
    INFO(wrong);
    const std::string sentence = sentence_of([&] { commands::parse_token_range(wrong, "--x"); });
    CHECK_THAT(sentence, contains_text(cat("--x ", wrong, ":")));
    CHECK_THAT(sentence, contains_text("a count of tokens from 0 to 1048576, or a range like 64..256"));
  }
}

TEST_CASE("every wrong use ends with exit code 2 and a sentence that names it") {
  const ScratchFolder folder;
  const std::string photo = write_png(folder, "p.png").string(), other = write_png(folder, "q.png").string();
  const std::string words = write_text(folder, "w.txt", "words").string(), more_words = write_text(folder, "v.txt", "more").string();
  const std::string rubbish = folder.write("rubbish", {0, 1, 2, 255}).string();
  const std::string tokenizer = write_text(folder, "t.json", "{}").string();
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::vector<Case> cases = {
      {{"--budget", "caption"}, "--budget caption: expected MODALITY=ENCODER,DECODER"},
      {{"--budget", "caption=6"}, "expected MODALITY=ENCODER,DECODER"},
      {{"--budget", "6,7"}, "expected MODALITY=ENCODER,DECODER"},
      {{"--budget", "=6,7"}, "the scheme has no modality"},
      {{"--budget", "captoin=6,7"}, "the scheme has no modality captoin. It has caption, det, "},
      {{"--budget", "caption=six,7"}, "two counts of tokens"},
      {{"--budget", "caption=6,-7"}, "two counts of tokens"},
      {{"--budget", "caption=6,7,8"}, "two counts of tokens"},
      {{"--budget", "caption=,7"}, "two counts of tokens"},
      {{"--budget", "caption=101%,0"}, "two counts of tokens"},
      {{"--budget", "caption=%,0"}, "two counts of tokens"},
      {{"--budget", "caption=99999999999,0"}, "expected two counts of tokens from 0 to 256"},
      {{"--budget", "rgb@224=0,10"}, "rgb@224 never reaches the decoder"},
      {{"--budget", "caption=3,3", "--budget", "caption=4,4"}, "caption has a budget already"},
      {{"--seed", "010"}, "--seed"},
      {{"--budget", "tok_rgb@224=150,100"}, "150 encoder tokens and 100 decoder tokens are 250 together"},
      {{"--budget", "tok_rgb@224=197,0"}, "tok_rgb@224, encoder tokens: found 197"},
      {{"--budget", "caption=0,100000"}, "caption, decoder tokens: found 100000"},
      {{"--input-tokens", "9..3"}, "--input-tokens 9..3"},
      {{"--target-tokens", "many"}, "--target-tokens many"},
      {{"--input-tokens", "2000000000"}, "input tokens: the upper end is 2000000000. At most 1048576"},
      {{"--input-tokens", "99999999999"}, "--input-tokens 99999999999: expected a count of tokens from 0 to 1048576"},
      {{"--target-tokens", "1..99999999999"}, "--target-tokens 1..99999999999: expected a count of tokens from 0 to 1048576"},
      {{"--image", photo, "--scene", "2"}, "--scene and --image"},
      {{"--image", photo, other}, "q.png and --image"},
      {{photo, other}, "q.png"},
      {{"--text", "a", words}, "w.txt"},
      {{words, more_words}, "v.txt"},
      {{"--text", "a", "--text-file", words}, "--text and --text-file"},
      {{"--text", "caf\xe9"}, "--text"},
      {{"--image", ""}, "no file is named"},
      {{"--tokenizer", ""}, "--tokenizer"},
      {{"--scene", "0"}, "--scene 0"},
      {{"--scene", "-1"}, "--scene"},
      {{"--image", folder.path().string()}, folder.path().string()},
      {{"--image", (folder.path() / "absent.png").string()}, "absent.png"},
      {{"--text-file", rubbish}, "rubbish"},
      {{"--tokenizer", tokenizer}, "t.json"},
      {{"--text", "a", "--split", "validation"}, "there is no data set to read that way"},
      {{"--text", "a", "--sample", "3"}, "there is no data set to take it from"},
      {{"--data", MASKSCOPE_GOLDEN_DIR "/dataset/folder", "--sample", "-1"}, "expected a number from 0"},
      {{rubbish}, "neither a picture"},
      {{folder.path().string()}, "no data set"},
      {{(folder.path() / "absent").string()}, "no such file"},
      {{"--scheme", "all-to-none"}, "all-to-none"},
      {{"--size", "300"}, "input size: found 300"},
      {{"--patch", "15"}, "patch size: found 15"},
      {{"--size", "0"}, "input size: found 0"},
      {{"--fit", "stretch"}, "--fit"},
      {{"--backend", "tpu"}, "--backend"},
      {{"--threads", "-1"}, "--threads"},
      {{"--threads", "100000"}, "--threads"},
      {{"--seed", "-1"}, "--seed"},
      {{"--seed", "1.5"}, "--seed"},
      {{"--seed", "18446744073709551616"}, "--seed"},
      {{"--seed", "abc"}, "--seed"},
      {{"--seed"}, "--seed"},
      {{"--draw", "1099511627776"}, "draw number: found 1099511627776"},
      {{"--nonsense"}, "--nonsense"},
      {{"-x"}, "-x"},
      {{"--scheme", "mae", "--text", "a"}, "No modality is left"},
  };
  for (const Case& item : cases) {
    std::vector<std::string> all = {"mask"};
    all.insert(all.end(), item.arguments.begin(), item.arguments.end());
    const Outcome outcome = run_command(all);
    std::string line;
    for (const std::string& argument : item.arguments) line += " " + argument;
    INFO("maskscope mask" << line << "\n" << outcome.err);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, contains_text("maskscope: "));
    CHECK_THAT(outcome.err, contains_text(item.says));
  }
}

TEST_CASE("without CUDA the option for it says why") {
  if (cuda_status().is_usable) {
    SUCCEED("CUDA is usable here");
    return;
  }
  const Outcome outcome = run_command({"mask", "--text", "a", "--backend", "cuda"});
  CHECK(outcome.code == 2);
  CHECK_THAT(outcome.err, contains_text(cuda_status().reason));
  CHECK(run_command({"mask", "--text", "a", "--backend", "auto"}).code == 0);
}

TEST_CASE("render refuses sizes and scales out of range before it draws") {
  for (const auto& wrong : std::vector<std::vector<std::string>>{{"--width", "0"}, {"--height", "-3"}, {"--width", "10000000"}, {"--scale", "0"},
                                                                 {"--scale", "nan"}, {"--theme", "pink"}}) {
    std::vector<std::string> all = {"render", "-o", "/nonexistent/x.png"};
    all.insert(all.end(), wrong.begin(), wrong.end());
    const Outcome outcome = run_command(all);
    INFO(wrong[0] << " " << wrong[1] << "\n" << outcome.err);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.err, contains_text(wrong[0]));
  }
  const Outcome without_output = run_command({"render"});
  CHECK(without_output.code == 2);
  CHECK_THAT(without_output.err, contains_text("--output"));
}

TEST_CASE("the source of randomness is chosen by --rng") {
  CHECK(document_of({}).random == RandomSource::named);
  CHECK(document_of({"--rng", "philox"}).random == RandomSource::named);
  CHECK(document_of({"--rng", "torch"}).random == RandomSource::torch);
  const ScratchFolder folder;
  Document saved = default_document();
  saved.random = RandomSource::torch;
  const std::string session = (folder.path() / "s.json").string();
  save_session(saved, session);
  CHECK(document_of({session}).random == RandomSource::torch);
  CHECK(document_of({session, "--rng", "philox"}).random == RandomSource::named);
  const Outcome both = run_command({"mask", "--rng", "torch", "--backend", "cuda"});
  CHECK(both.code == 2);
  CHECK_THAT(both.err, contains_text("--backend cuda and --rng torch"));
  CHECK(run_command({"mask", "--rng", "numpy"}).code == 2);
}

TEST_CASE("transfer masking names inputs and targets, and nothing else takes part") {
  const Document document = document_of({"--transfer", "rgb@224,caption:tok_depth@224,caption"});
  CHECK(document.scheme.mode == BudgetMode::transfer);
  REQUIRE(document.scheme.num_modalities() == 3);
  CHECK(modality(document, "rgb@224").transfer_role == TransferRole::input);
  CHECK(modality(document, "caption").transfer_role == TransferRole::input);  // named twice: input, as in the reference
  CHECK(modality(document, "tok_depth@224").transfer_role == TransferRole::target);
  CHECK_THAT(sentence_of([] { document_of({"--transfer", "rgb@224"}); }), contains_text("expected INPUTS:TARGETS"));
  CHECK_THAT(sentence_of([] { document_of({"--transfer", "rgb@224:depth"}); }), contains_text("modality depth: the scheme has none of this name"));
  CHECK_THAT(sentence_of([] { document_of({"--scheme", "4m-21", "--transfer", "t5_caption:caption"}); }), contains_text("img and seq only"));
  CHECK_THAT(sentence_of([] { document_of({"--transfer", ":"}); }), contains_text("no modality is named"));
  CHECK_THAT(sentence_of([] { document_of({"--transfer", "rgb@224:caption", "--budget", "caption=1,1"}); }), contains_text("--transfer and --budget"));
}

TEST_CASE("all tokens that are not input can be the target") {
  const Document document = document_of({"--target-tokens", "all"});
  CHECK_FALSE(document.scheme.target_tokens.has_value());
  const Session session = make_session(document);
  CHECK(session.frame().batch.decoder_valid[0] > 128);
  CHECK(session.frame().batch.decoder_valid[0] <= session.frame().batch.decoder_slots);  // nothing is cut off
}

TEST_CASE("a picture named beside a configuration takes the place of its data, its scheme stays") {
  const ScratchFolder folder;
  const std::string photo = write_png(folder, "p.png").string(), config = MASKSCOPE_GOLDEN_DIR "/dataset/schemes/data_plain.yaml";
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--config", config, photo}, {"--config", config, "--image", photo}}) {
    const Document document = document_of(arguments);
    CHECK(document.inputs.picture == PictureSource::photo);
    CHECK(document.scheme.name == "one");
  }
}
