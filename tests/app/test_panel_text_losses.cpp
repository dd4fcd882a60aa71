// What a text card says of its discarded tokens: those that the target has no room for, and those that selection cuts.
#include <algorithm>

#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// Discarded tokens of the only text that are masked, but outside of the target window; and the others.
struct Losses {
  int cut = 0, other = 0;
};

Losses losses_of(const MaskedFrame& frame) {
  Losses losses;
  const std::vector<Fate> fates = source_fates(frame.masks(), 0);
  for (std::size_t i = 0; i < fates.size(); ++i) {
    if (fates[i] != Fate::discarded) continue;
    const TokenPassport passport = make_passport(frame.masks(), {0, static_cast<std::int32_t>(i)});
    const int begin = passport.target_window_begin, end = begin + passport.target_window_tokens;
    const bool is_cut = passport.target_position >= 0 && (passport.target_position < begin || passport.target_position >= end);
    ++(is_cut ? losses.cut : losses.other);
  }
  return losses;
}

}  // namespace

TEST_CASE("a text's discarded tokens are counted by what discards them") {
  int with_cut = 0, with_other = 0;
  for (const auto& [encoder_slots, target] : {std::pair{256, 3}, {2, 30}, {2, 3}}) {
    Document document = text_document("a red cube and two green spheres on a blue floor");
    set_only_budget(document, "caption", 5, target);
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      document.seed = seed;
      PanelStage stage(document);
      REQUIRE(stage.session().apply(edits::set_encoder_slots(encoder_slots)));
      stage.frames(2);
      const Losses losses = losses_of(stage.masked());
      INFO("seed " << seed << ", " << losses.cut << " cut, " << losses.other << " others");
      CHECK(stage.has_widget("card.caption.cut") == (losses.cut > 0));
      CHECK(stage.has_widget("card.caption.discarded") == (losses.other > 0));
      with_cut += losses.cut > 0;
      with_other += losses.other > 0;
      stage.view().steps.position = 4;  // nothing is cut by selection yet
      stage.frames(2);
      CHECK_FALSE(stage.has_widget("card.caption.discarded"));
    }
  }
  CHECK(with_cut > 0);
  CHECK(with_other > 0);
}
