// The inspector's sentences against the passports they tell.
#include <algorithm>

#include "app/explain.h"
#include "app/flow_sentences.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::string all_of(const TokenStory& story) {
  std::string text = story.title + "\n" + story.verdict + "\n";
  for (const HistoryLine& line : story.lines) text += cat(line.step, " ", line.name, ": ", line.sentence, "\n");
  return text + story.remark;
}

void check_whole(const TokenStory& story) {
  CHECK_FALSE(story.title.empty());
  CHECK_FALSE(story.verdict.empty());
  CHECK(story.fate.has_value());
  CHECK(story.lines.size() >= 2);
  int step = 1;
  for (const HistoryLine& line : story.lines) {
    CHECK(line.step >= 1);
    CHECK(line.step <= 6);
    CHECK(line.name[0] != '\0');
    CHECK_FALSE(line.sentence.empty());
    CHECK_THAT(line.sentence, !contains_text("slot -1"));
    CHECK_THAT(line.sentence, !contains_text("draw -1"));
    if (story.fate != Fate::sentinel) CHECK(line.step >= std::min(step, 5));
    step = line.step;
  }
}

// The first source token of a modality with the fate; invalid when there is none.
TokenIdentity find_token(const MaskedFrame& frame, const std::string& modality, Fate fate) {
  const int m = frame.scheme.find(modality);
  const auto fates = source_fates(frame.masks(), m);
  const auto found = std::find(fates.begin(), fates.end(), fate);
  return found == fates.end() ? TokenIdentity{} : TokenIdentity{m, static_cast<std::int32_t>(found - fates.begin())};
}

Session direct_session() {
  Document document = depth_budget_document();
  document.scheme.encoder_slots = document.scheme.decoder_slots = 128;
  return make_session(document);
}

}  // namespace

TEST_CASE("an image token's story has the numbers that decided") {
  const Session session = direct_session();
  const MaskedFrame& frame = session.frame();
  for (const Fate fate : {Fate::encoder, Fate::decoder, Fate::discarded}) {
    const TokenIdentity token = find_token(frame, "tok_depth@224", fate);
    REQUIRE(token.is_valid());
    const TokenPassport passport = make_passport(frame.masks(), token);
    const TokenStory story = tell_token(frame, token);
    check_whole(story);
    const std::string text = all_of(story);
    INFO(text);
    CHECK(story.fate == fate);
    CHECK(story.title == cat("tok_depth@224 (", passport.row, ", ", passport.column, ")"));
    CHECK_THAT(text, contains_text(cat("slot ", token.origin, " of 196, pixels x ", passport.column * 16, ", y ", passport.row * 16)));
    CHECK_THAT(text, contains_text(cat("smallest of 196 draws is draw ", passport.draw_index, "; ")));
    CHECK_THAT(text, contains_text("64 in · 40 out, set by hand"));
    CHECK_THAT(story.remark, contains_text("Its id is unknown"));
    if (fate == Fate::encoder) {
      CHECK_THAT(text, contains_text(cat(passport.draw_index, " < 64, so it is input")));
      CHECK_THAT(text, contains_text(cat("encoder row, slot ", passport.encoder.concat_slot)));
      CHECK_THAT(text, contains_text(cat("encoder slot ", passport.encoder.packed_slot, " of 128")));
      CHECK_THAT(story.verdict, contains_text("id ? · goes to the encoder"));
    } else if (fate == Fate::decoder) {
      CHECK_THAT(text, contains_text(cat("64 ≤ ", passport.draw_index, " < 64 + 40, so it is a target")));
      CHECK_THAT(text, contains_text(cat("decoder row, slot ", passport.decoder.concat_slot)));
      CHECK_THAT(text, contains_text(cat("decoder slot ", passport.decoder.packed_slot, " of 128")));
      CHECK_THAT(story.verdict, contains_text("the decoder must predict it"));
    } else {
      CHECK_THAT(text, contains_text(cat(passport.draw_index, " ≥ 64 + 40, so it is discarded")));
      CHECK_THAT(text, !contains_text("concatenation"));
      CHECK_THAT(story.verdict, contains_text("neither shown nor predicted"));
    }
  }
}

TEST_CASE("ranks are told with their English endings") {
  const Session session = direct_session();
  const int m = session.frame().scheme.find("tok_depth@224");
  const auto ending = [&](int slot) { return all_of(tell_token(session.frame(), {m, slot})); };
  CHECK_THAT(ending(0), contains_text("the 1st smallest"));
  CHECK_THAT(ending(1), contains_text("the 2nd smallest"));
  CHECK_THAT(ending(2), contains_text("the 3rd smallest"));
  CHECK_THAT(ending(3), contains_text("the 4th smallest"));
  CHECK_THAT(ending(10), contains_text("the 11th smallest"));
  CHECK_THAT(ending(11), contains_text("the 12th smallest"));
  CHECK_THAT(ending(12), contains_text("the 13th smallest"));
  CHECK_THAT(ending(20), contains_text("the 21st smallest"));
  CHECK_THAT(ending(110), contains_text("the 111th smallest"));
  CHECK_THAT(ending(121), contains_text("the 122nd smallest"));
}

TEST_CASE("pixels have no id, and can't reach the decoder") {
  Document document = default_document();
  set_only_budget(document, "rgb@224", 10, 10);
  const Session session = make_session(document);
  const TokenStory in = tell_token(session.frame(), find_token(session.frame(), "rgb@224", Fate::encoder));
  CHECK(in.verdict == "pixels · goes to the encoder");
  // The content mask may choose pixels as targets (here by hand); no decoder slot ever takes them.
  const MaskedFrame& frame = session.frame();
  const int m = frame.scheme.find("rgb@224");
  for (int slot = 0; slot < 196; ++slot) {
    const TokenStory story = tell_token(frame, {m, slot});
    CHECK(story.fate != Fate::decoder);
    if (frame.masks().slot_value(frame.batch.target_mask, m, slot)) continue;
    CHECK_THAT(story.verdict, contains_text("this modality never reaches the decoder"));
    CHECK_THAT(all_of(story), contains_text("this modality has no place in the decoder"));
  }
}

TEST_CASE("a token beyond the last slot is told to be lost") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 50, 0);
  document.scheme.encoder_slots = 20;
  const Session session = make_session(document);
  const MaskedFrame& frame = session.frame();
  const int m = frame.scheme.find("tok_rgb@224");
  int lost = 0;
  for (int slot = 0; slot < 196; ++slot) {
    if (!make_passport(frame.masks(), {m, slot}).encoder.is_cut_by_selection) continue;
    ++lost;
    CHECK_THAT(all_of(tell_token(frame, {m, slot})), contains_text("lost: 50 used slots for 20 places"));
  }
  CHECK(lost == 30);
}

TEST_CASE("sampled budgets are told as a share of the whole") {
  const Session session = make_session();
  const std::string text = all_of(tell_token(session.frame(), {session.frame().scheme.find("tok_rgb@224"), 0}));
  CHECK_THAT(text, contains_text("this modality's share of 128 and 128"));
}

TEST_CASE("a text token's story has its draw, its run and its bytes") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 7, 20);
  bool seen_encoder = false, seen_decoder = false, seen_attempts = false;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    document.seed = seed;
    const Session session = make_session(document);
    const MaskedFrame& frame = session.frame();
    const auto fates = source_fates(frame.masks(), 0);
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(fates.size()); ++i) {
      const TokenPassport passport = make_passport(frame.masks(), {0, i});
      const TokenStory story = tell_token(frame, {0, i});
      check_whole(story);
      const std::string text = all_of(story);
      INFO(text);
      CHECK_THAT(text, contains_text(cat("token ", i + 1, " of 8")));
      CHECK_THAT(text, contains_text("7 in · 20 out, set by hand"));
      if (passport.is_kept) {
        CHECK_THAT(text, contains_text("kept as input"));
        seen_encoder = true;
      } else {
        CHECK_THAT(text, contains_text(cat("masked, in the run of [S_", passport.sentinel, "]")));
        seen_decoder |= fates[static_cast<std::size_t>(i)] == Fate::decoder;
      }
      if (passport.num_attempts > 1) {
        CHECK_THAT(text, contains_text(cat("attempt ", passport.num_attempts)));
        seen_attempts = true;
      }
      if (passport.decoder.packed_slot >= 0) CHECK_THAT(text, contains_text(cat("decoder slot ", passport.decoder.packed_slot, " of ")));
      if (passport.encoder.packed_slot >= 0) CHECK_THAT(text, contains_text(cat("encoder slot ", passport.encoder.packed_slot, " of ")));
      if (passport.teacher_slot >= 0) CHECK_THAT(text, contains_text(cat("stands in decoder slot ", passport.teacher_slot)));
    }
    const TokenStory red = tell_token(frame, {0, 1});
    CHECK(red.title == "caption “red”");
    CHECK_THAT(all_of(red), contains_text("bytes 2–5 of the text"));
    const TokenStory eos = tell_token(frame, {0, 7});
    CHECK(eos.title == "caption [EOS]");
    CHECK_THAT(all_of(eos), contains_text("added behind the text"));
  }
  CHECK(seen_encoder);
  CHECK(seen_decoder);
  CHECK(seen_attempts);
}

TEST_CASE("a discarded text token is told on which side of the window it lies") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 4, 4);
  bool seen_before = false, seen_after = false;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    document.seed = seed;
    const Session session = make_session(document);
    const TokenIdentity token = find_token(session.frame(), "caption", Fate::discarded);
    if (!token.is_valid()) continue;
    const TokenPassport passport = make_passport(session.frame().masks(), token);
    const std::string text = all_of(tell_token(session.frame(), token));
    INFO(text);
    const bool is_before = passport.target_position < passport.target_window_begin;
    if (is_before) CHECK_THAT(text, contains_text("; lost: the target window starts later, at [S_") && contains_text(cat("], token ", passport.target_window_begin, " of ", passport.uncut_target_tokens)));
    else CHECK_THAT(text, contains_text(cat("ends before it, at token ", passport.target_window_begin + passport.target_window_tokens, " of ", passport.uncut_target_tokens)));
    (is_before ? seen_before : seen_after) = true;
  }
  CHECK(seen_before);
  CHECK(seen_after);
  set_only_budget(document, "caption", 4, 0);
  const Session session = make_session(document);
  CHECK_THAT(all_of(tell_token(session.frame(), find_token(session.frame(), "caption", Fate::discarded))), contains_text("the target budget is 0"));
}

TEST_CASE("an input budget of 0 is told as one masked run") {
  Document document = text_document("a red cube");
  set_only_budget(document, "caption", 0, 20);
  const Session session = make_session(document);
  const std::string text = all_of(tell_token(session.frame(), {0, 1}));
  CHECK_THAT(text, contains_text("input budget 0: the whole text is one masked run"));
  CHECK_THAT(text, !contains_text("draw -1"));
  const TokenStory first = tell_token(session.frame(), {0, origin::sentinel(1)});
  CHECK(first.title == "caption [S_1]");
  CHECK_THAT(all_of(first), contains_text("the shift by one leaves no slot that predicts it"));
}

TEST_CASE("sentinels are told with their sides") {
  Document document = text_document("a red cube on a blue floor");
  set_only_budget(document, "caption", 8, 20);
  bool seen_both = false, seen_target_only = false, seen_closing = false;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    document.seed = seed;
    const Session session = make_session(document);
    const MaskedFrame& frame = session.frame();
    for (int k = 1; k <= 4; ++k) {
      const TokenPassport passport = make_passport(frame.masks(), {0, origin::sentinel(k)});
      const bool in = passport.encoder.tensor_slot >= 0, out = passport.decoder.tensor_slot >= 0;
      if (!in && !out) continue;
      const TokenStory story = tell_token(frame, {0, origin::sentinel(k)});
      check_whole(story);
      CHECK(story.fate == Fate::sentinel);
      CHECK(story.title == cat("caption [S_", k, "]"));
      CHECK_THAT(story.verdict, contains_text(cat("id ", 4 + k, " · sentinel in ", in && out ? "input and target" : in ? "the input only" : "the target only")));
      if (passport.is_closing_sentinel) CHECK_THAT(all_of(story), contains_text("closes the target"));
      else CHECK_THAT(all_of(story), contains_text(cat("masked run number ", k)));
      seen_closing |= passport.is_closing_sentinel;
      seen_both |= in && out;
      seen_target_only |= !in && out;
    }
  }
  CHECK(seen_both);
  CHECK(seen_target_only);
  CHECK(seen_closing);
}

TEST_CASE("an ignored slot is told apart from a discarded token") {
  const Session session = direct_session();
  const MaskedFrame& frame = session.frame();
  const TokenStory encoder = tell_ignored_slot(frame, true, 100);
  check_whole(encoder);
  CHECK(encoder.fate == Fate::ignored);
  CHECK(encoder.title == "encoder slot 100");
  CHECK_THAT(all_of(encoder), contains_text("only 64 tokens were meant for the encoder, which has 128 slots"));
  const TokenStory decoder = tell_ignored_slot(frame, false, 50);
  CHECK(decoder.title == "decoder slot 50");
  CHECK_THAT(all_of(decoder), contains_text("only 40 tokens were meant for the decoder, which has 128 slots"));
  CHECK_THAT(all_of(decoder), contains_text("target id to 0"));
  CHECK_THAT(encoder.remark, contains_text("a discarded token exists and is left out"));
}

TEST_CASE("the parts of the reason for ignored slots add up to their number") {
  int looked_at = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Document document = default_document();
    document.seed = seed;
    const Session session = make_session(document);
    const MaskedFrame& frame = session.frame();
    const Waterfall& waterfall = frame.waterfall;
    for (const bool is_encoder : {true, false}) {
      const SideTotal& total = is_encoder ? waterfall.encoder : waterfall.decoder;
      const std::vector<IgnoredReason> reasons = why_ignored(frame, waterfall, is_encoder);
      int sum = 0;
      for (const IgnoredReason& reason : reasons) {
        CHECK_FALSE(reason.sentence.empty());
        sum += reason.slots;
      }
      CHECK(sum == total.ignored);
      if (total.ignored == 0) continue;
      ++looked_at;
      const std::string text = all_of(tell_ignored_slot(frame, is_encoder, total.slots - 1));
      CHECK_THAT(text, contains_text(cat(total.ignored, " of ", total.slots, is_encoder ? " encoder" : " decoder", " slots had no token left")));
      for (const IgnoredReason& reason : reasons) CHECK_THAT(text, contains_text(cat(reason.slots, ": ", reason.sentence)));
    }
  }
  CHECK(looked_at > 10);
}

TEST_CASE("links are inside their sentences and name places that are there") {
  const Session session = make_session();
  const MaskedFrame& frame = session.frame();
  int num_links = 0;
  const auto check = [&](const TokenStory& story) {
    for (const HistoryLine& line : story.lines) {
      INFO(line.sentence);
      std::size_t end = 0;
      for (const PlaceLink& link : line.links) {
        ++num_links;
        CHECK(link.begin >= end);
        CHECK(link.end > link.begin);
        REQUIRE(link.end <= line.sentence.size());
        end = link.end;
        const std::string label = line.sentence.substr(link.begin, link.end - link.begin);
        const bool is_encoder = link.place.side == PackedSide::encoder;
        if (link.place.kind == PlaceKind::packed_slot || link.place.kind == PlaceKind::attention_row || link.place.kind == PlaceKind::embedding_row) {
          CHECK(link.place.slot >= 0);
          CHECK(link.place.slot < (is_encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots));
        }
        if (link.place.kind == PlaceKind::packed_slot || link.place.kind == PlaceKind::concatenation) CHECK_THAT(label, contains_text(cat(link.place.slot)));
      }
    }
  };
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(source_fates(frame.masks(), m).size()); ++i) check(tell_token(frame, {m, i}));
  }
  CHECK(num_links > 3000);
}

TEST_CASE("a text token of the target is told as input and as target of the decoder, an image token as mask token") {
  Document document = default_document();
  set_only_budget(document, "caption", 0, 30);
  const Session text_session = make_session(document);
  const int caption = text_session.frame().scheme.find("caption");
  const TokenPassport passport = make_passport(text_session.frame().masks(), {caption, 0});
  REQUIRE(passport.decoder.packed_slot >= 0);
  REQUIRE(passport.teacher_slot == passport.decoder.packed_slot + 1);
  const std::string text = all_of(tell_token(text_session.frame(), {caption, 0}));
  CHECK_THAT(text, contains_text(cat("as target: decoder slot ", passport.decoder.packed_slot, " of ")));
  CHECK_THAT(text, contains_text(cat("as input: stands in decoder slot ", passport.teacher_slot)));
  CHECK_THAT(text, contains_text("position 1 among the target tokens of caption"));  // behind [S_1]

  const Session session = direct_session();
  const MaskedFrame& frame = session.frame();
  const TokenIdentity token = find_token(frame, "tok_depth@224", Fate::decoder);
  const std::string image = all_of(tell_token(frame, token));
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(token.modality)].modality;
  CHECK_THAT(image, contains_text("the mask token replaces it"));
  CHECK_THAT(image, contains_text(cat("position ", token.origin, " (row ", token.origin / 14, ", column ", token.origin % 14, " of the grid) + vector of modality ", info.id)));
  CHECK_THAT(image, contains_text(" sees 40 of 128 decoder slots: those of its modality among the first 40"));
}

TEST_CASE("marks of links that a name brings along are taken out") {
  LinkMaker links;
  const std::string label = links.to({PlaceKind::budget, 3}, "here");
  const LinkedSentence sentence = links.finish("\x02" + label + " and \x01\x7fthere\x01");
  CHECK(sentence.text == "here and there");
  REQUIRE(sentence.links.size() == 1);
  CHECK(sentence.links[0].begin == 0);
  CHECK(sentence.links[0].end == 4);
  CHECK(sentence.links[0].place == ViewPlace{PlaceKind::budget, 3});
}

TEST_CASE("every token of the bundled scenes has a whole story") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    Document document = default_document();
    document.seed = seed;
    const Session session = make_session(document);
    const MaskedFrame& frame = session.frame();
    for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
      const auto count = static_cast<std::int32_t>(source_fates(frame.masks(), m).size());
      for (std::int32_t i = 0; i < count; i += 7) check_whole(tell_token(frame, {m, i}));
    }
    for (int slot = 0; slot < frame.batch.decoder_slots; ++slot) {
      const TokenIdentity token = token_in_decoder_slot(frame.masks(), slot);
      check_whole(token.is_valid() ? tell_token(frame, token) : tell_ignored_slot(frame, false, slot));
    }
  }
}
