#include <set>

#include "app/render/theme.h"
#include "tests/catch.h"

using namespace maskscope;

TEST_CASE("text is readable in both themes") {
  for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light}) {
    const Theme& t = theme(kind);
    for (const ImU32 text : {t.text, t.secondary_text, t.good, t.warning, t.error}) CHECK(contrast(text, t.panel) >= 4.5f);
    CHECK(contrast(t.text_on_accent, t.accent) >= 4.5f);
    // Text of chips lies on a wash of its own colour.
    for (const ImU32 below : {t.panel, t.card}) {
      CHECK(contrast(t.encoder_text, mix(below, t.encoder, 0.20f)) >= 4.5f);
      CHECK(contrast(t.decoder_text, mix(below, t.decoder, 0.20f)) >= 4.5f);
      CHECK(contrast(t.sentinel_text, mix(below, t.sentinel, 0.30f)) >= 4.5f);
      CHECK(contrast(t.end_of_text_text, mix(below, t.end_of_text, 0.20f)) >= 4.5f);
    }
  }
}

TEST_CASE("the dark theme has the colours of the design") {
  const Theme& t = theme(ThemeKind::dark);
  CHECK(t.ground == IM_COL32(0x15, 0x17, 0x1b, 255));
  CHECK(t.panel == IM_COL32(0x1b, 0x1e, 0x24, 255));
  CHECK(t.encoder == IM_COL32(0x56, 0xb4, 0xe9, 255));
  CHECK(t.decoder == IM_COL32(0xe6, 0x9f, 0x00, 255));
  CHECK(t.sentinel == IM_COL32(0xcc, 0x79, 0xa7, 255));
}

TEST_CASE("48 modalities have 48 colours, all opaque, with readable names on them") {
  for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::light}) {
    std::set<ImU32> seen;
    for (int i = 0; i < 48; ++i) {
      const ImU32 colour = modality_colour(theme(kind), i);
      seen.insert(colour);
      CHECK((colour & IM_COL32_A_MASK) == IM_COL32_A_MASK);
      CHECK(contrast(text_on(colour), colour) >= 4.0f);
    }
    CHECK(seen.size() == 48);
    CHECK(modality_colour(theme(kind), -1) == modality_colour(theme(kind), 0));
  }
}

TEST_CASE("colours mix and fade") {
  CHECK(mix(IM_COL32(0, 0, 0, 255), IM_COL32(200, 100, 50, 255), 0.5f) == IM_COL32(100, 50, 25, 255));
  CHECK(with_alpha(IM_COL32(1, 2, 3, 255), 0.0f) == IM_COL32(1, 2, 3, 0));
  CHECK(contrast(IM_COL32(0, 0, 0, 255), IM_COL32(255, 255, 255, 255)) == Approx(21.0f));
}
