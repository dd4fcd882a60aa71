// The six chapters as they are delivered: complete in both languages, and well posed whatever is loaded.
#include "app/lessons.h"

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "app/lesson_question.h"
#include "app/lesson_values.h"
#include "core/data/utf8.h"
#include "kernels/embedding.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

struct NamedFrame {
  std::string name;
  MaskedFrame frame;
};

MaskedFrame after(const Document& document, const std::vector<Edit>& edits) {
  Session session = make_session(document);
  for (const Edit& edit : edits) REQUIRE(session.apply(edit));
  return session.frame();
}

Document photo_document(const ScratchFolder& folder) {
  Document document = default_document();
  edits::open_photo(write_png(folder, "photo.png")).apply(document);
  document.inputs.text.reset();
  return document;
}

// What people load, with every mode of budgets and some seeds.
std::vector<NamedFrame> frames_of_all_kinds() {
  const ScratchFolder folder;
  std::vector<NamedFrame> frames;
  const std::vector<std::pair<std::string, Document>> documents = {
      {"scene", default_document()}, {"photo", photo_document(folder)}, {"text", text_document("a small red cube beside an unforgettable ring")}, {"word", text_document("a")}};
  for (const auto& [name, document] : documents) {
    for (const std::uint64_t seed : {42u, 1u, 2u, 3u, 4u, 5u}) frames.push_back({cat(name, ", sampled, seed ", seed), after(document, {edits::set_seed(seed)})});
    frames.push_back({name + ", direct, all 0", after(document, {edits::set_direct_mode({})})});
    frames.push_back({name + ", direct", after(document, {edits::set_direct_mode({{"caption", 6, 4}, {"tok_rgb@224", 60, 100}, {"det", 9, 9}})})});
    frames.push_back({name + ", direct, few slots", after(document, {edits::set_direct_mode({{"caption", 6, 6}, {"tok_rgb@224", 60, 100}}), edits::set_encoder_slots(5), edits::set_decoder_slots(4)})});
    frames.push_back({name + ", transfer", after(document, {edits::set_transfer_mode()})});
    frames.push_back({name + ", all targets", after(document, {edits::set_all_targets(true)})});
    frames.push_back({name + ", 4m-21", after(document, {edits::set_preset("4m-21")})});
  }
  frames.push_back({"data set", dataset_frame()});
  frames.push_back({"data set, empty texts", dataset_frame({.is_empty = true})});
  frames.push_back({"data set, ids alone", dataset_frame({.has_content = false})});
  return frames;
}

const std::vector<NamedFrame>& all_frames() {
  static const std::vector<NamedFrame> frames = frames_of_all_kinds();
  return frames;
}

template <class Visit>
void for_every_page(const Visit& visit) {
  for (const Language language : {Language::english, Language::chinese}) {
    for (int chapter = 0; chapter < num_lessons; ++chapter) {
      const Lesson& shown = lesson(chapter, language);
      for (std::size_t page = 0; page < shown.pages.size(); ++page) {
        INFO(language_code(language) << " lesson " << chapter + 1 << " page " << page + 1);
        visit(shown.pages[page]);
      }
    }
  }
}

// What must be the same in both languages, as one text.
std::string skeleton(const LessonPage& page) {
  std::string bones;
  const auto add = [&](const LessonCondition& condition) {
    for (const LessonClause& clause : condition) {
      bones += clause.is_negated ? "not(" : "(";
      for (const LessonTerm& term : clause.all_of) bones += cat(term.left, ' ', static_cast<int>(term.comparison), ' ', term.right, ',');
      bones += ')';
    }
  };
  for (const LessonBlock& block : page.blocks) {
    add(block.condition);
    bones += cat(block.question, block.is_reveal, block.content.index(), ' ');
    if (const auto* show = std::get_if<LessonShow>(&block.content)) bones += cat(show->step, show->tab, show->place, show->slot, show->isolate, show->plays, ' ');
    if (const auto* action = std::get_if<LessonAction>(&block.content)) bones += action->name + ' ';
    if (const auto* paragraph = std::get_if<LessonParagraph>(&block.content)) {
      std::multiset<std::string> values;  // the order of words differs
      for (const LessonSpan& span : *paragraph) {
        if (span.style == LessonStyle::value) values.insert(span.text);
      }
      for (const std::string& value : values) bones += value + ' ';
    }
  }
  for (const LessonQuestion& question : page.questions) {
    add(question.condition);
    bones += cat(static_cast<int>(question.kind), question.subject, ':');
    for (const LessonOption& option : question.options) {
      bones += option.may_be_right ? '+' : '-';
      add(option.right_if);
    }
  }
  return bones;
}

}  // namespace

TEST_CASE("lessons: six chapters, alike in both languages") {
  for (int chapter = 0; chapter < num_lessons; ++chapter) {
    const Lesson &english = lesson(chapter, Language::english), &chinese = lesson(chapter, Language::chinese);
    INFO("lesson " << chapter + 1);
    CHECK(english.title != chinese.title);
    REQUIRE(english.pages.size() == chinese.pages.size());
    CHECK(english.pages.size() >= 5);
    for (std::size_t page = 0; page < english.pages.size(); ++page) {
      INFO("page " << page + 1);
      CHECK(skeleton(english.pages[page]) == skeleton(chinese.pages[page]));
    }
  }
}

TEST_CASE("lessons: the fonts are asked for every character") {
  for (const Language language : {Language::english, Language::chinese}) {
    std::set<char32_t> known;
    const std::string& characters = lesson_characters(language);
    for (std::size_t at = 0; at < characters.size();) known.insert(next_code_point(characters, at));
    for (int chapter = 0; chapter < num_lessons; ++chapter) {
      const std::string& text = lesson(chapter, language).text;
      for (std::size_t at = 0; at < text.size();) REQUIRE(known.count(next_code_point(text, at)) == 1);
    }
    CHECK(known.size() > (language == Language::chinese ? 400u : 60u));
  }
}

TEST_CASE("lessons: every page has something to say about all data, and at most one question") {
  for (const auto& [name, frame] : all_frames()) {
    INFO(name);
    const LessonValues values(frame);
    for_every_page([&](const LessonPage& page) {
      int paragraphs = 0;
      for (const LessonBlock& block : page.blocks) {
        const bool is_shown = block.question < 0 && !block.is_reveal && values.holds(block.condition);
        if (!is_shown) continue;
        const auto* paragraph = std::get_if<LessonParagraph>(&block.content);
        paragraphs += paragraph != nullptr;
        if (!paragraph) continue;
        for (const LessonSpan& span : *paragraph) {
          if (span.style == LessonStyle::value) CHECK_FALSE(values.text(span.text).empty());
        }
      }
      CHECK(paragraphs > 0);
      CHECK(std::count_if(page.questions.begin(), page.questions.end(), [&](const LessonQuestion& q) { return values.holds(q.condition); }) <= 1);
    });
  }
}

TEST_CASE("lessons: every question that is asked has one right answer, and a reveal") {
  int asked_of_each_kind[3] = {};
  for (const auto& [name, frame] : all_frames()) {
    INFO(name);
    const LessonValues values(frame);
    for_every_page([&](const LessonPage& page) {
      const int asked = question_of(page, values);
      if (asked < 0) return;
      const LessonQuestion& question = page.questions[static_cast<std::size_t>(asked)];
      ++asked_of_each_kind[static_cast<int>(question.kind)];
      switch (question.kind) {
        case QuestionKind::choice: CHECK(right_option(question, values) >= 0); break;
        case QuestionKind::number: CHECK(values.number(question.subject) >= 0); break;
        case QuestionKind::point: {
          const auto hit = first_hit(frame, question.subject);
          REQUIRE(hit);
          CHECK(is_hit(frame, question.subject, *hit));
          break;
        }
      }
      int texts = 0, reveals = 0;
      for (const LessonBlock& block : page.blocks) {
        const auto* paragraph = std::get_if<LessonParagraph>(&block.content);
        if (!paragraph || block.question != asked || !values.holds(block.condition)) continue;
        ++(block.is_reveal ? reveals : texts);
        for (const LessonSpan& span : *paragraph) {
          if (span.style == LessonStyle::value) CHECK_FALSE(values.text(span.text).empty());
        }
      }
      CHECK(texts > 0);
      CHECK(reveals > 0);
    });
  }
  for (const int count : asked_of_each_kind) CHECK(count > 100);
}

TEST_CASE("lessons: every question is asked of some data") {
  for_every_page([&](const LessonPage& page) {
    for (std::size_t i = 0; i < page.questions.size(); ++i) {
      INFO("question " << i + 1);
      CHECK(std::any_of(all_frames().begin(), all_frames().end(), [&](const NamedFrame& named) { return question_of(page, LessonValues(named.frame)) == static_cast<int>(i); }));
    }
  });
}

TEST_CASE("lesson values: fates add up, slots add up") {
  for (const auto& [name, frame] : all_frames()) {
    INFO(name);
    const LessonValues v(frame);
    CHECK(v.number("tokens_encoder") + v.number("tokens_target") + v.number("tokens_discarded") == v.number("tokens"));
    CHECK(v.number("grid_encoder") + v.number("grid_target") + v.number("grid_discarded") == v.number("grid_tokens"));
    CHECK(v.number("encoder_used") + v.number("encoder_ignored") == v.number("encoder_slots"));
    CHECK(v.number("decoder_used") + v.number("decoder_ignored") == v.number("decoder_slots"));
    CHECK(v.number("encoder_used") + v.number("encoder_cut") == frame.batch.encoder_valid[0]);
    CHECK(v.number("decoder_used") + v.number("decoder_cut") == frame.batch.decoder_valid[0]);
    CHECK(v.number("encoder_slots") == std::min<std::int64_t>(frame.scheme.encoder_slots, v.number("encoder_concat")));
    CHECK(v.number("decoder_slots") == std::min<std::int64_t>(frame.scheme.decoder_slots, v.number("decoder_concat")));
    CHECK(v.number("has_sentinel") == first_hit(frame, "sentinel").has_value());
  }
}

TEST_CASE("lesson values: attention as the whole matrix has it") {
  for (const auto& [name, frame] : all_frames()) {
    INFO(name);
    const LessonValues values(frame);
    const DecoderAttention attention = decoder_attention(frame.batch, 0, {});
    const auto open_in = [&](std::size_t row) {
      const auto begin = attention.attention_mask.begin() + static_cast<std::ptrdiff_t>(row) * attention.num_slots;
      return std::count(begin, begin + attention.num_slots, std::uint8_t{0});
    };
    CHECK(values.number("blind_rows") == attention.num_rows_without_sight);
    std::vector<std::size_t> image, text;
    for (std::size_t row = 0; row < static_cast<std::size_t>(attention.num_slots); ++row) {
      if (frame.batch.decoder_mask[row]) continue;
      const auto named = [&](const std::string& modality) {
        const int m = frame.scheme.find(modality);
        return m >= 0 && frame.batch.decoder_modality[row] == frame.scheme.modalities[static_cast<std::size_t>(m)].modality.id;
      };
      if (named(values.text("image_rows_name"))) image.push_back(row);
      if (named(values.text("text_name"))) text.push_back(row);
    }
    if (values.number("has_image_rows")) {
      CHECK(values.number("image_rows") == static_cast<std::int64_t>(image.size()));
      CHECK(values.number("image_sees") == open_in(image.front()));
    }
    CHECK(values.number("has_text_rows") == (text.size() >= 2));
    if (text.size() < 2) continue;
    CHECK(values.number("text_rows") == static_cast<std::int64_t>(text.size()));
    CHECK(values.number("text_first_sees") == open_in(text.front()));
    CHECK(values.number("text_last_sees") == open_in(text.back()));
  }
}

TEST_CASE("lesson values: a text that can be followed by hand") {
  Document document = text_document("one two three four five six");
  set_only_budget(document, "caption", 4, 3);
  const MaskedFrame frame = make_session(document).frame();
  const LessonValues values(frame);
  CHECK(values.number("has_text") == 1);
  CHECK(values.number("has_grid") == 0);
  CHECK(values.text("text_name") == "caption");
  CHECK(values.number("text_tokens") == 7);
  CHECK(values.number("is_direct") == 1);
  CHECK(values.number("text_budget_in") == 4);
  CHECK(values.number("text_in_slots") <= 4);
  CHECK(values.number("text_out_ids") <= 3);
  CHECK(values.number("text_out_slots") == std::max<std::int64_t>(values.number("text_out_ids") - 1, 0));
  CHECK(values.number("decoder_used") == values.number("text_out_slots"));
  CHECK(values.number("text_attempts") >= 1);
  CHECK(values.text("tokens") == "7");
}

TEST_CASE("pointing: each target takes its own kind and no other") {
  const MaskedFrame frame = make_session(default_document()).frame();
  const char* targets[] = {"encoder_token", "target_token", "discarded_token", "sentinel", "ignored_slot"};
  for (const char* of : targets) {
    const auto point = first_hit(frame, of);
    INFO(of);
    REQUIRE(point);
    for (const char* asked : targets) CHECK(is_hit(frame, asked, *point) == (std::string(asked) == of));
  }
  CHECK_FALSE(is_hit(frame, "discarded_text", {{frame.scheme.find("tok_depth@224"), 0}}));
  CHECK_FALSE(is_hit(frame, "ignored_slot", {{}, true, 100000}));
  CHECK_FALSE(is_hit(frame, "ignored_slot", {{}, true, -1}));
  CHECK_FALSE(is_hit(frame, "encoder_token", {{frame.scheme.find("caption"), origin::sentinel(150)}}));
}
