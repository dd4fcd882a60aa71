// "Which mask?": the numbers are the sample's, every word is in both languages, and the window opens and closes.
#include <algorithm>
#include <numeric>

#include "app/mask_kinds.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

const MaskKind& kind_of(const std::vector<MaskKind>& kinds, MaskKindId id) {
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const MaskKind& kind) { return kind.id == id; });
  REQUIRE(found != kinds.end());
  return *found;
}

template <class T>
std::int64_t ones(const std::vector<T>& values) {
  return std::count(values.begin(), values.end(), T{1});
}

}  // namespace

TEST_CASE("mask kinds: each says the sample's own numbers and its polarity") {
  const MaskedFrame frame = dataset_frame();
  const MaskedBatch& b = frame.batch;
  const std::vector<MaskKind> kinds = mask_kinds(frame, false, true);
  REQUIRE(kinds.size() == 9);
  CHECK(std::count_if(kinds.begin(), kinds.end(), [](const MaskKind& kind) { return kind.is_mask(); }) == 6);
  const auto numbers = [&](MaskKindId id) { return kind_of(kinds, id).numbers; };
  const std::int64_t slots = b.num_slots;
  CHECK(numbers(MaskKindId::input_mask) == cat(slots - ones(b.input_mask), " of ", slots, " are 0, ", ones(b.input_mask), " are 1"));
  CHECK(numbers(MaskKindId::target_mask) == cat(slots - ones(b.target_mask), " of ", slots, " are 0, ", ones(b.target_mask), " are 1"));
  CHECK(numbers(MaskKindId::encoder_mask) == cat(ones(b.encoder_mask), " of ", b.encoder_slots, " are 1"));
  CHECK(numbers(MaskKindId::decoder_mask) == cat(ones(b.decoder_mask), " of ", b.decoder_slots, " are 1"));
  CHECK(ones(b.encoder_mask) > 0);
  CHECK_THAT(numbers(MaskKindId::compressed_attention), contains_text(cat("together ", std::accumulate(b.decoder_attention.begin(), b.decoder_attention.end(), 0))));
  // The full matrix, counted from the rules.
  std::int64_t blocked = 0, blind = 0, sum = 0;
  for (std::size_t row = 0; row < b.decoder_attention.size(); ++row) {
    sum += b.decoder_attention[row];
    std::int64_t seen = 0;
    for (std::size_t column = 0; column < b.decoder_attention.size(); ++column) {
      seen += static_cast<std::int64_t>(column) < sum && b.decoder_attention_modality[row] == b.decoder_attention_modality[column];
    }
    blocked += b.decoder_slots - seen;
    blind += seen == 0;
  }
  CHECK(numbers(MaskKindId::full_attention) == cat(blocked, " of ", b.decoder_slots * b.decoder_slots, " are 1; ", blind, " rows are 1 throughout"));
  int images = 0, inputs = 0, targets = 0, padded = 0, text_slots = 0;
  for (int slot = 0; slot < b.decoder_slots; ++slot) {
    const TokenIdentity token = token_in_decoder_slot(frame.masks(), slot);
    images += token.is_valid() && frame.scheme.modalities[static_cast<std::size_t>(token.modality)].modality.kind == ModalityKind::img;
  }
  CHECK(numbers(MaskKindId::mask_token) == cat("in ", images, " of ", b.decoder_slots, " decoder slots"));
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    for (int slot = 0; slot < info.num_slots(); ++slot) {
      const std::int32_t origin = frame.masks().slot_value(b.slot_origin, m, slot);
      const bool is_text = has_spans_in_decoder(info.kind);
      text_slots += is_text;
      padded += is_text && origin == origin::padding;
      inputs += origin::is_sentinel(origin) && !frame.masks().slot_value(b.input_mask, m, slot);
      targets += origin::is_sentinel(origin) && !frame.masks().slot_value(b.target_mask, m, slot);
    }
  }
  CHECK(numbers(MaskKindId::padding) == cat(padded, " of ", text_slots, " slots of texts"));
  CHECK(numbers(MaskKindId::sentinel) == cat(inputs, " in inputs, ", targets, " in targets"));
  for (const MaskKind& kind : kinds) {
    INFO(kind.reference_name);
    CHECK(kind.polarity.find(kind.is_mask() && kind.id != MaskKindId::compressed_attention ? "1 = " : "No 0 / 1") != std::string::npos);
    CHECK_THAT(kind.made_by, contains_text("fourm/"));
    CHECK_FALSE(kind.shape.empty());
    CHECK_FALSE(kind.question.empty());
  }
}

TEST_CASE("mask kinds: Chinese is complete, and the switches change the full matrix alone") {
  const MaskedFrame frame = dataset_frame();
  const std::vector<MaskKind> english = mask_kinds(frame, false, true), causal = mask_kinds(frame, true, true);
  for (std::size_t i = 0; i < english.size(); ++i) CHECK((english[i].numbers == causal[i].numbers) == (english[i].id != MaskKindId::full_attention));
  set_language(Language::chinese);
  const std::vector<MaskKind> chinese = mask_kinds(frame, false, true);
  set_language(Language::english);
  for (std::size_t i = 0; i < english.size(); ++i) {
    INFO(english[i].reference_name);
    CHECK(chinese[i].name != english[i].name);
    CHECK(chinese[i].question != english[i].question);
    CHECK(chinese[i].polarity != english[i].polarity);
    CHECK(chinese[i].numbers != english[i].numbers);
    CHECK(chinese[i].reference_name == english[i].reference_name);
  }
}

TEST_CASE("mask legend: opens from the attention view, closes, and stands any size") {
  PanelStage stage;
  stage.view().bottom_tab = BottomTab::attention;
  stage.frames(3);
  CHECK_FALSE(stage.has_widget("mask_legend"));
  stage.click("attention.which");
  stage.frames(3);
  CHECK(stage.view().is_mask_legend_open);
  const WidgetRect legend = stage.widget("mask_legend");
  CHECK(legend.x >= 0);
  CHECK(legend.y >= 0);
  CHECK(legend.x + legend.width <= 1600);
  CHECK(legend.y + legend.height <= 900);
  stage.key(Key::escape);
  stage.frame();
  CHECK_FALSE(stage.view().is_mask_legend_open);
  for (const auto& [width, height] : {std::pair{200.0f, 100.0f}, std::pair{1.0f, 1.0f}, std::pair{1024.0f, 700.0f}}) {
    stage.view().is_mask_legend_open = false;
    stage.resize(width, height);
    stage.frame();
    stage.view().is_mask_legend_open = true;
    stage.frames(3);
    CHECK(stage.has_widget("mask_legend"));
  }
}
