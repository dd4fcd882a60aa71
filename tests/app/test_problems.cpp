// Problems: each kind provoked, with its numbers, and none where there is none.
#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "app/i18n/translate.h"
#include "app/problem_sentences.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;
using nlohmann::json;

namespace {

// Core's own sentence, begun with a capital and ended with a full stop, without the modality in front.
std::string as_whole_sentence(const Session& session, const Problem& problem) {
  std::string sentence = problem.sentence;
  if (problem.modality >= 0) {
    const std::string name = session.frame().scheme.modalities[static_cast<std::size_t>(problem.modality)].modality.name + ": ";
    REQUIRE(sentence.starts_with(name));
    sentence.erase(0, name.size());
  }
  sentence.at(0) = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.at(0))));
  return sentence + '.';
}

std::vector<Problem> of_kind(const Session& session, ProblemKind kind) {
  std::vector<Problem> found;
  for (const Problem& problem : session.frame().problems) {
    if (problem.kind == kind) found.push_back(problem);
    CHECK(problem_sentence(problem) == as_whole_sentence(session, problem));
  }
  return found;
}

std::string words(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += i ? " a" : "a";
  return text;
}

}  // namespace

TEST_CASE("a sample without losses has no problems") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 30, 30);
  CHECK(make_session(document).frame().problems.empty());
}

TEST_CASE("a text longer than its modality") {
  Document document = text_document(words(300));
  const int max = document.scheme.modalities[static_cast<std::size_t>(document.scheme.find("caption"))].modality.max_tokens;
  const auto found = of_kind(make_session(document), ProblemKind::text_truncated);
  REQUIRE(found.size() == 1);
  CHECK(found.front().modality == 0);
  CHECK(found.front().num_tokens == 301 - max);
  CHECK_THAT(found.front().sentence, contains_text("caption: it has 301 tokens with [EOS]"));
  CHECK(of_kind(make_session(text_document(words(max - 1))), ProblemKind::text_truncated).empty());
  CHECK(of_kind(make_session(text_document(words(max))), ProblemKind::text_truncated).size() == 1);
}

TEST_CASE("a target cut to its budget") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 0, 4);
  const Session session = make_session(document);
  const auto found = of_kind(session, ProblemKind::target_cut);
  REQUIRE(found.size() == 1);
  const auto fates = source_fates(session.frame().masks(), 0);
  CHECK(found.front().num_tokens == static_cast<int>(std::count(fates.begin(), fates.end(), Fate::discarded)));
  // 7 words, [EOS], two sentinels around one masked run.
  CHECK_THAT(found.front().sentence, contains_text("target of 10 tokens cut to 4 (budget 4)"));
  CHECK_THAT(found.front().sentence, contains_text(cat(found.front().num_tokens, " tokens of the text are discarded")));
}

TEST_CASE("budgets that can't meet the minimum") {
  Document document = default_document();
  for (SchemeModality& entry : document.scheme.modalities) {
    entry.modality.min_tokens = 30;
    entry.target_alphas = {1};
  }
  document.scheme.max_tries = 5;
  const auto found = of_kind(make_session(document), ProblemKind::budget_gave_up);
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0].sentence, contains_text("no input budget met every modality's minimum in 5 tries"));
  CHECK_THAT(found[1].sentence, contains_text("no target budget"));
}

TEST_CASE("more tokens than slots on either side") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 100, 90);
  document.scheme.encoder_slots = 70;
  document.scheme.decoder_slots = 80;
  const Session session = make_session(document);
  const auto encoder = of_kind(session, ProblemKind::encoder_overflow), decoder = of_kind(session, ProblemKind::decoder_overflow);
  REQUIRE(encoder.size() == 1);
  REQUIRE(decoder.size() == 1);
  CHECK(encoder.front().num_tokens == 30);
  CHECK(decoder.front().num_tokens == 10);
  CHECK_THAT(encoder.front().sentence, contains_text("100 tokens are meant for the encoder, which has 70 slots: the last 30"));
  CHECK_THAT(decoder.front().sentence, contains_text("90 tokens are meant for the decoder, which has 80 slots: the last 10"));

  document.scheme.encoder_slots = 100;
  document.scheme.decoder_slots = 90;
  const Session roomy = make_session(document);
  CHECK(of_kind(roomy, ProblemKind::encoder_overflow).empty());
  CHECK(of_kind(roomy, ProblemKind::decoder_overflow).empty());
}

TEST_CASE("nothing for the encoder, nothing for the decoder") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 0, 0);
  const Session session = make_session(document);
  CHECK(of_kind(session, ProblemKind::no_input).size() == 1);
  CHECK(of_kind(session, ProblemKind::no_target).size() == 1);
  set_only_budget(document, "rgb@224", 3, 0);
  CHECK(of_kind(make_session(document), ProblemKind::no_input).empty());
  CHECK(of_kind(make_session(document), ProblemKind::no_target).size() == 1);
}

TEST_CASE("problems: chunks are cut off whole, and rows are counted") {
  const ScratchFolder folder;
  const json fifteen = std::vector<int>(15, 5000);
  const json tokens = {{"metadata", {fifteen, fifteen, fifteen}}, {"t5_caption", {{"rows", 80}}}};
  const Outcome outcome = run_command({"mask", "--scheme", "4m-21", "--tokens", write_text(folder, "t.json", tokens.dump()).string()});
  REQUIRE(outcome.code == 0);
  const std::string problems = json::parse(outcome.out)["problems"].dump();
  CHECK_THAT(problems, contains_text("metadata: it has 46 tokens with [EOS], the modality holds 40: the last 16 are cut off before masking, because a chunk"));
  CHECK_THAT(problems, contains_text("t5_caption: it has 80 rows, the modality holds 77: the last 3 are cut off before masking"));
}

TEST_CASE("problems: core's sentences about rows and chunks, and all of them in Chinese") {
  const Problem rows{.kind = ProblemKind::text_truncated, .modality = 0, .num_tokens = 3, .sentence = {}, .found = 80, .limit = 77, .counts_rows = true};
  CHECK(problem_sentence(rows) == "It has 80 rows, the modality holds 77: the last 3 are cut off before masking.");
  const Problem chunks{.kind = ProblemKind::text_truncated, .modality = 0, .num_tokens = 16, .sentence = {}, .found = 46, .limit = 40, .keeps_chunks = true};
  CHECK(problem_sentence(chunks) ==
        "It has 46 tokens with [EOS], the modality holds 40: the last 16 are cut off before masking, because a chunk is kept whole or not at all.");

  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 0, 0);
  const std::vector<Problem> found = of_kind(make_session(document), ProblemKind::no_target);
  set_language(Language::chinese);
  const std::string sentence = problem_sentence(found.at(0));
  const std::string counted = problem_sentence(chunks);
  set_language(Language::english);
  CHECK(sentence == "没有任何目标：这个样本对损失没有贡献。");
  CHECK_THAT(counted, contains_text("46") && contains_text("40") && contains_text("16"));
}
