// Who may attend to whom: the cells against a plain statement of the rules, and the sentences about them.
#include <algorithm>
#include <random>
#include <sstream>

#include "app/attention_view.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

MaskedFrame frame_of(const Document& document) { return make_session(document).frame(); }

// Budgets, slots and seed at random; some modalities get nothing.
Document random_document(std::mt19937& random) {
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Document document = default_document();
  document.seed = random();
  Scheme& scheme = document.scheme;
  scheme.encoder_slots = 1 + below(150);
  scheme.decoder_slots = 1 + below(150);
  scheme.input_tokens = {1 + below(40), 40 + below(100)};
  scheme.target_tokens = TokenRange{1 + below(40), 40 + below(100)};
  for (SchemeModality& entry : scheme.modalities) {
    if (below(3) == 0) entry.target_alphas.assign(entry.target_alphas.size(), 0.0);
  }
  return document;
}

// The rules once more, cell by cell: no running sums kept, nothing shared with the kernels.
CellState plain_cell(const MaskedFrame& frame, const AttentionSettings& settings, int row, int column) {
  const MaskedBatch& b = frame.batch;
  const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
  if (settings.kind != AttentionKind::decoder) return b.encoder_mask[c] ? CellState::ignored : CellState::allowed;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i <= r; ++i) sum += b.decoder_attention[i];
  const bool is_ordered = settings.is_causal ? column <= row : column < sum;
  const bool is_own = !settings.is_separate || b.decoder_attention_modality[r] == b.decoder_attention_modality[c];
  if (is_ordered) return is_own ? CellState::allowed : CellState::other_modality;
  return is_own ? CellState::beyond_reach : CellState::other_and_beyond;
}

std::string all_sentences(const CellStory& story) {
  std::string all = story.title + "\n" + story.verdict;
  for (const std::string& sentence : story.sentences) all += "\n" + sentence;
  return all;
}

// The first cell in this state; fails the test when there is none.
std::pair<int, int> cell_in_state(const AttentionMatrix& matrix, CellState state) {
  const auto found = std::find(matrix.cells.begin(), matrix.cells.end(), state);
  REQUIRE(found != matrix.cells.end());
  const auto at = static_cast<int>(found - matrix.cells.begin());
  return {at / matrix.columns.num_slots(), at % matrix.columns.num_slots()};
}

}  // namespace

TEST_CASE("attention view: every cell is as the rules have it, for random schemes") {
  std::mt19937 random(7);
  std::array<std::int64_t, num_cell_states> seen{};
  for (int round = 0; round < 12; ++round) {
    const MaskedFrame frame = frame_of(random_document(random));
    for (const AttentionKind kind : {AttentionKind::decoder, AttentionKind::cross, AttentionKind::encoder}) {
      const AttentionSettings settings{kind, random() % 2 == 0, random() % 2 == 0};
      const AttentionMatrix matrix = attention_matrix(frame, settings);
      REQUIRE(matrix.rows.num_slots() == (kind == AttentionKind::encoder ? frame.batch.encoder_slots : frame.batch.decoder_slots));
      REQUIRE(matrix.columns.num_slots() == (kind == AttentionKind::decoder ? frame.batch.decoder_slots : frame.batch.encoder_slots));
      int wrong = 0, blind_rows = 0;
      std::array<std::int64_t, num_cell_states> counts{};
      for (int row = 0; row < matrix.rows.num_slots(); ++row) {
        bool is_blind = true;
        for (int column = 0; column < matrix.columns.num_slots(); ++column) {
          const CellState expected = plain_cell(frame, settings, row, column);
          wrong += matrix.cell(row, column) != expected;
          is_blind = is_blind && expected != CellState::allowed;
          ++counts[static_cast<std::size_t>(expected)];
        }
        CHECK((matrix.sees_nothing[static_cast<std::size_t>(row)] != 0) == is_blind);
        blind_rows += is_blind;
      }
      CHECK(wrong == 0);
      CHECK(matrix.counts == counts);
      CHECK(matrix.num_rows_without_sight == blind_rows);
      for (std::size_t state = 0; state < counts.size(); ++state) seen[state] += counts[state];
    }
  }
  for (const std::int64_t count : seen) CHECK(count > 0);  // each of the reasons came up
}

TEST_CASE("attention view: the axes name what stands in the slots") {
  const MaskedFrame frame = dataset_frame();
  const SlotAxis encoder = slot_axis(frame, true), decoder = slot_axis(frame, false);
  for (const SlotAxis* axis : {&encoder, &decoder}) {
    const std::vector<std::uint8_t>& is_ignored = axis->is_encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
    int ignored = 0;
    for (int slot = 0; slot < axis->num_slots(); ++slot) {
      const AxisSlot& entry = axis->slots[static_cast<std::size_t>(slot)];
      CHECK(entry.is_ignored == (is_ignored[static_cast<std::size_t>(slot)] != 0));
      CHECK(entry.token.is_valid() != entry.is_ignored);
      ignored += entry.is_ignored;
      if (entry.is_ignored) {
        CHECK(slot_title(frame, entry) == "ignored slot");
        continue;
      }
      CHECK(entry.modality == entry.token.modality);
      CHECK(axis->find(entry.token) == slot);
      CHECK_THAT(slot_title(frame, entry), contains_text(frame.scheme.modalities[static_cast<std::size_t>(entry.modality)].modality.name));
    }
    CHECK(axis->num_ignored() == ignored);
    CHECK(axis->find({}) == -1);
  }
}

TEST_CASE("attention view: a blocked cell says which rule blocks it") {
  const MaskedFrame frame = frame_of(default_document());
  const AttentionMatrix matrix = attention_matrix(frame, {});
  const auto story_of = [&](CellState state) {
    const auto [row, column] = cell_in_state(matrix, state);
    const CellStory story = explain_cell(frame, matrix, row, column);
    CHECK_THAT(story.title, contains_text(cat("row ", row, " · ")));
    CHECK_THAT(story.title, contains_text(cat("→ column ", column, " · ")));
    CHECK(story.is_allowed == (state == CellState::allowed));
    return all_sentences(story);
  };
  CHECK_THAT(story_of(CellState::allowed), contains_text("may attend") && contains_text("Order allows it") && contains_text("Both are of"));
  CHECK_THAT(story_of(CellState::other_modality), contains_text("blocked: other modality") && contains_text("Order alone would allow it") &&
                                                      contains_text("only their own modality (decoder_sep_mask, on)"));
  CHECK_THAT(story_of(CellState::beyond_reach), contains_text("blocked: order") && contains_text("≥ running sum") && contains_text("Both are of"));
  CHECK_THAT(story_of(CellState::other_and_beyond), contains_text("blocked twice") && contains_text("≥ running sum") && contains_text("(decoder_sep_mask, on)"));
}

TEST_CASE("attention view: the numbers in the sentences are the row's own") {
  const MaskedFrame frame = frame_of(default_document());
  const AttentionMatrix matrix = attention_matrix(frame, {});
  std::int64_t sum = 0;
  for (int row = 0; row < matrix.rows.num_slots(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    sum += frame.batch.decoder_attention[at];
    CHECK(matrix.numbers[at] == frame.batch.decoder_attention[at]);
    CHECK(matrix.reach[at] == std::min<std::int64_t>(sum, matrix.rows.num_slots()));
    const std::string story = all_sentences(explain_cell(frame, matrix, row, 0));
    CHECK_THAT(story, contains_text(cat("Compressed number of this row: ", matrix.numbers[at], ".")));
    CHECK_THAT(story, contains_text(cat("running sum ", matrix.reach[at], ".")));
    if (matrix.rows.slots[at].is_ignored) CHECK_THAT(story, contains_text("The row is an ignored slot"));
    const std::string held = held_label(frame, row);
    if (!held.empty()) CHECK_THAT(story, contains_text(cat("holds “", held, "”")));
  }
  // With the causal switch on the numbers are not used, and not spoken of.
  const AttentionMatrix causal = attention_matrix(frame, {AttentionKind::decoder, true, false});
  const std::string story = all_sentences(explain_cell(frame, causal, 3, 5));
  CHECK_THAT(story, contains_text("blocked: a later slot") && contains_text("(decoder_causal_mask, on)") && contains_text("(decoder_sep_mask, off)"));
  CHECK_THAT(story, !contains_text("Compressed number"));
}

TEST_CASE("attention view: a text's row holds one token and predicts the next") {
  Document document = text_document("a red ball and a blue cube on the wooden floor");
  set_only_budget(document, "caption", 0, 20);
  const MaskedFrame frame = frame_of(document);
  const SlotAxis axis = slot_axis(frame, false);
  REQUIRE(axis.num_slots() > 4);
  CHECK(held_label(frame, 0) == "[S_1]");
  for (int row = 1; row < axis.num_slots() && !axis.slots[static_cast<std::size_t>(row)].is_ignored; ++row) {
    CHECK(held_label(frame, row) == slot_label(frame, axis.slots[static_cast<std::size_t>(row - 1)]));
  }
}

TEST_CASE("attention view: ignored encoder slots are blocked columns, and a sample without input blinds every row") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 5, 7);
  const MaskedFrame frame = frame_of(document);
  const AttentionMatrix cross = attention_matrix(frame, {AttentionKind::cross, false, true});
  const int rows = cross.rows.num_slots(), columns = cross.columns.num_slots();
  CHECK(cross.counts[0] == std::int64_t{5} * rows);
  CHECK(cross.counts[static_cast<std::size_t>(CellState::ignored)] == std::int64_t{columns - 5} * rows);
  CHECK_THAT(all_sentences(explain_cell(frame, cross, 0, columns - 1)), contains_text("blocked: ignored slot") && contains_text("encoder_mask 1"));
  CHECK_THAT(all_sentences(explain_cell(frame, cross, 0, 0)), contains_text("encoder_mask 0"));
  CHECK(cross.num_rows_without_sight == 0);

  set_only_budget(document, "tok_rgb@224", 0, 7);
  const MaskedFrame no_input = frame_of(document);
  const AttentionMatrix blind = attention_matrix(no_input, {AttentionKind::cross, false, true});
  CHECK(blind.num_rows_without_sight == blind.rows.num_slots());
  CHECK(blind.next_row_without_sight(-1) == 0);
  CHECK(blind.next_row_without_sight(blind.rows.num_slots() - 1) == 0);
  CHECK(cross.next_row_without_sight(-1) == -1);
}

TEST_CASE("attention view: too many slots are refused before anything is allocated") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 5, 7);
  MaskedFrame frame = frame_of(document);
  frame.batch.decoder_slots = max_axis_slots + 1;
  CHECK_THAT(sentence_of([&] { attention_matrix(frame, {}); }), contains_text(cat("The decoder has ", max_axis_slots + 1, " slots")));
  frame.batch.decoder_slots = 128;
  frame.batch.encoder_slots = 1 << 20;
  CHECK_THAT(sentence_of([&] { attention_matrix(frame, {AttentionKind::cross, false, true}); }), contains_text("The encoder has 1048576 slots"));
}

TEST_CASE("attention view: as text it is a table of 0 and 1") {
  const MaskedFrame frame = frame_of(default_document());
  for (const AttentionKind kind : {AttentionKind::decoder, AttentionKind::cross}) {
    const AttentionMatrix matrix = attention_matrix(frame, {kind, false, true});
    std::istringstream lines(attention_as_text(frame, matrix));
    std::string line;
    REQUIRE(std::getline(lines, line));
    const auto extra = kind == AttentionKind::decoder ? 3 : 1;  // token, and number and reach
    CHECK(std::count(line.begin(), line.end(), '\t') == matrix.columns.num_slots() + extra);
    int row = 0;
    for (; std::getline(lines, line); ++row) {
      REQUIRE(std::count(line.begin(), line.end(), '\t') == matrix.columns.num_slots() + extra);
      for (int column = 0; column < matrix.columns.num_slots(); ++column) {
        const std::size_t at = line.size() - 1 - 2 * static_cast<std::size_t>(matrix.columns.num_slots() - 1 - column);
        REQUIRE(line[at] == (matrix.cell(row, column) == CellState::allowed ? '0' : '1'));
      }
    }
    CHECK(row == matrix.rows.num_slots());
  }
}
