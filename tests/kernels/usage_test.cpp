// How presets use their slots: sums that must come out, cases that can be worked out by hand, and the tables of the docs.
#include "kernels/bench/usage.h"

#include <fstream>
#include <iterator>
#include <string>

#include "tests/catch.h"

namespace maskscope {
namespace {

double parts(const SideUsage& side) {
  return side.clamped + side.unreachable + side.short_text + side.other_side + side.gap + side.shift + side.beyond + side.used;
}

// Nothing of this is below 0, and nothing is lost or counted twice.
void check_sums(const SlotUsage& usage) {
  for (const SideUsage& side : {usage.encoder, usage.decoder}) {
    CHECK(parts(side) == Approx(side.asked).margin(1e-9));
    CHECK(side.used + side.ignored == Approx(side.slots).margin(1e-9));
    for (const double value : {side.clamped, side.unreachable, side.short_text, side.other_side, side.gap, side.shift,
                               side.beyond, side.used, side.ignored, side.cut_away}) {
      CHECK(value >= 0.0);
    }
  }
  CHECK(usage.encoder.gap + usage.encoder.shift + usage.encoder.cut_away == 0.0);
}

// One caption with everything masked (input alpha 0 of two modalities goes to the grid) and a grid.
Scheme grid_to_caption(int target_tokens) {
  Scheme scheme = preset_scheme("all-to-all");
  std::erase_if(scheme.modalities, [](const SchemeModality& entry) {
    return entry.modality.name != "caption" && entry.modality.name != "tok_rgb@224";
  });
  for (SchemeModality& entry : scheme.modalities) {
    const bool is_caption = entry.modality.name == "caption";
    entry.input_alphas = {is_caption ? 0.0 : 1000.0};
    entry.target_alphas = {is_caption ? 1000.0 : 0.0};
  }
  scheme.target_tokens = TokenRange{target_tokens, target_tokens};
  return scheme;
}

}  // namespace

TEST_CASE("what is asked for and the slots are accounted for to the token, in every preset") {
  for (const std::string& name : preset_names()) {
    for (const TextLength length : {TextLength::typical, TextLength::full}) {
      INFO(name);
      const Scheme scheme = preset_scheme(name);
      const SlotUsage usage = measure_usage(scheme, made_up_samples(scheme, length), 500, 1);
      check_sums(usage);
      CHECK(usage.encoder.used > 0.0);
    }
  }
  Scheme all_targets = preset_scheme("4m-21");
  all_targets.target_tokens.reset();
  check_sums(measure_usage(all_targets, made_up_samples(all_targets, TextLength::typical), 500, 1));
}

TEST_CASE("usage of schemes that can be worked out by hand") {
  const Scheme mae = preset_scheme("mae");
  const SlotUsage halves = measure_usage(mae, made_up_samples(mae, TextLength::typical), 10, 1);
  CHECK(halves.encoder.used == 49.0);
  CHECK(halves.decoder.used == 147.0);
  CHECK(halves.decoder.ignored == 0.0);

  // A caption of 40 tokens, all masked: [S_1], 40 tokens, [S_2] are 42 targets, of which 41 are predicted.
  const Scheme room = grid_to_caption(100);
  const SlotUsage shorter = measure_usage(room, made_up_samples(room, TextLength::typical), 50, 1);
  CHECK(shorter.encoder.used == 128.0);
  CHECK(shorter.decoder.used == 41.0);
  CHECK(shorter.decoder.shift == 1.0);
  CHECK(shorter.decoder.short_text == 58.0);
  CHECK(shorter.decoder.ignored == 87.0);
  CHECK(shorter.decoder.cut_away == 0.0);

  // With room for 10 tokens 32 are cut away, and nothing is left over, as there is one sentinel to begin at.
  const Scheme tight = grid_to_caption(10);
  const SlotUsage cut = measure_usage(tight, made_up_samples(tight, TextLength::typical), 50, 1);
  CHECK(cut.decoder.cut_away == 32.0);
  CHECK(cut.decoder.gap == 0.0);
  CHECK(cut.decoder.used == 9.0);
  CHECK(cut.decoder.short_text == 0.0);

  // The grid has 196 tokens, so 60 of 256 are clamped; 8 slots fewer than tokens cut 8 off.
  Scheme much = grid_to_caption(10);
  much.input_tokens = {256, 256};
  much.encoder_slots = 188;
  const SlotUsage clamped = measure_usage(much, made_up_samples(much, TextLength::typical), 50, 1);
  CHECK(clamped.encoder.clamped == 60.0);
  CHECK(clamped.encoder.beyond == 8.0);
  CHECK(clamped.encoder.used == 188.0);

  // Budgets of what no decoder takes.
  Scheme lost = grid_to_caption(10);
  lost.modalities[0].is_out_domain = false;
  const SlotUsage nothing = measure_usage(lost, made_up_samples(lost, TextLength::typical), 50, 1);
  CHECK(nothing.decoder.unreachable == 10.0);
  CHECK(nothing.decoder.used == 0.0);
}

TEST_CASE("docs/presets.md shows the figures of the present code") {
  std::ifstream file(MASKSCOPE_SOURCE_DIR "/docs/presets.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  // All presets have a row; those that are quick to compute are compared.
  for (const std::string& name : preset_names()) CHECK_THAT(page, contains_text("| `" + name + "` |"));
  for (const char* name : {"mae", "t5", "4m-7"}) {
    for (const TextLength length : {TextLength::typical, TextLength::full}) {
      const UsageRows rows = usage_rows(name, length, usage_draws);
      CHECK_THAT(page, contains_text(rows.encoder));
      CHECK_THAT(page, contains_text(rows.decoder));
    }
  }
}

}  // namespace maskscope
