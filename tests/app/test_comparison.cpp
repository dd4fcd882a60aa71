// A pinned state against the present one: fates, settings, budgets.
#include "app/comparison.h"

#include <algorithm>
#include <numeric>

#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

PinnedState pin(const Session& session) { return {session.document(), session.frame()}; }
Comparison compare_with(const PinnedState& a, const Session& b) { return compare(a, b.frame(), b.document()); }

bool has_line(const Comparison& comparison, const std::string& line) {
  return std::find(comparison.settings.begin(), comparison.settings.end(), line) != comparison.settings.end();
}

}  // namespace

TEST_CASE("a state compared with itself has no difference") {
  const Session session = make_session();
  const Comparison comparison = compare_with(pin(session), session);
  CHECK(comparison.is_same_sample);
  CHECK(comparison.settings.empty());
  CHECK(comparison.changed == 0);
  CHECK(comparison.num_tokens > 1000);
  CHECK(comparison.waterfall_a == comparison.waterfall_b);
  for (const ModalityComparison& modality : comparison.modalities) CHECK(modality.is_comparable);
}

TEST_CASE("another seed changes fates, which the matrix counts") {
  Session session = make_session();
  const PinnedState a = pin(session);
  REQUIRE(session.apply(edits::set_seed(43)));
  const Comparison comparison = compare_with(a, session);
  CHECK(comparison.is_same_sample);
  CHECK(has_line(comparison, "seed: 42 → 43"));
  CHECK(comparison.settings.size() == 1);
  CHECK(comparison.changed > 0);
  int changed = 0;
  for (const ModalityComparison& modality : comparison.modalities) {
    INFO(modality.name);
    REQUIRE(modality.is_comparable);
    int all = 0, off_diagonal = 0;
    for (int from = 0; from < num_token_fates; ++from) {
      for (int to = 0; to < num_token_fates; ++to) {
        const int count = modality.from_to[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
        all += count;
        if (from != to) off_diagonal += count;
      }
      const auto in_a = std::count(modality.fates_a.begin(), modality.fates_a.end(), static_cast<Fate>(from));
      const auto& row = modality.from_to[static_cast<std::size_t>(from)];
      CHECK(std::accumulate(row.begin(), row.end(), 0) == in_a);
    }
    CHECK(all == static_cast<int>(modality.fates_b.size()));
    CHECK(off_diagonal == modality.changed);
    changed += modality.changed;
  }
  CHECK(changed == comparison.changed);
}

TEST_CASE("budgets, alphas, ranges and switched-off modalities are told as lines") {
  Session session = make_session();
  PinnedState a = pin(session);
  REQUIRE(session.apply(edits::set_input_tokens({60, 100})));
  REQUIRE(session.apply(edits::set_input_alpha("caption", 0, 2.5)));
  REQUIRE(session.apply(edits::set_modality_enabled("det", false)));
  Comparison comparison = compare_with(a, session);
  CHECK(has_line(comparison, "input tokens: 128 → 60–100"));
  CHECK(has_line(comparison, "encoder slots N: 128 → 100"));
  CHECK(has_line(comparison, "caption, input α: 1 → 2.5"));
  CHECK(has_line(comparison, "det: on → off"));
  const auto det = std::find_if(comparison.modalities.begin(), comparison.modalities.end(), [](const ModalityComparison& m) { return m.name == "det"; });
  REQUIRE(det != comparison.modalities.end());
  CHECK(det->modality_a >= 0);
  CHECK(det->modality_b == -1);
  CHECK_FALSE(det->is_comparable);

  REQUIRE(session.apply(edits::set_mode(BudgetMode::direct)));
  REQUIRE(session.apply(edits::set_direct("tok_rgb@224", 10, 20)));
  a = pin(session);
  REQUIRE(session.apply(edits::set_direct("tok_rgb@224", 11, 20)));
  comparison = compare_with(a, session);
  CHECK(comparison.settings == std::vector<std::string>{"tok_rgb@224, encoder tokens: 10 → 11"});
  const auto rgb = std::find_if(comparison.modalities.begin(), comparison.modalities.end(), [](const ModalityComparison& m) { return m.name == "tok_rgb@224"; });
  REQUIRE(rgb != comparison.modalities.end());
  CHECK(rgb->flow_a.encoder.drawn == 10);
  CHECK(rgb->flow_b.encoder.drawn == 11);
}

TEST_CASE("another scene is another sample, and its grids are not compared token by token") {
  Session session = make_session();
  const PinnedState a = pin(session);
  REQUIRE(session.apply(edits::open_scene(5)));
  const Comparison comparison = compare_with(a, session);
  CHECK_FALSE(comparison.is_same_sample);
  CHECK(comparison.num_tokens == 0);
  for (const ModalityComparison& modality : comparison.modalities) CHECK_FALSE(modality.is_comparable);
}

TEST_CASE("an edited text leaves the pictures comparable") {
  Session session = make_session();
  const PinnedState a = pin(session);
  REQUIRE(session.apply(edits::set_text("something else altogether")));
  const Comparison comparison = compare_with(a, session);
  CHECK(comparison.is_same_sample);
  for (const ModalityComparison& modality : comparison.modalities) {
    INFO(modality.name);
    CHECK(modality.is_comparable == (modality.name != "caption"));
  }
}

TEST_CASE("a mixture of very many alphas is told in as many lines as can be read") {
  Document document = default_document();
  for (SchemeModality& entry : document.scheme.modalities) {
    entry.input_alphas.assign(60, 1.0);
    entry.target_alphas.assign(60, entry.modality.has_decoder_embedding ? 1.0 : 0.0);
    entry.keep.assign(60, KeepScheme::random);
  }
  const Session session = make_session(document);
  const PinnedState a = pin(session);
  for (SchemeModality& entry : document.scheme.modalities) entry.input_alphas.assign(60, 2.0);
  const Session other = make_session(document);
  const Comparison comparison = compare_with(a, other);
  CHECK(comparison.settings.size() == 201);
  CHECK_THAT(comparison.settings.back(), contains_text("more"));
}
