#include "app/panels/text_rows.h"

#include <algorithm>

#include "app/panels/step_motion.h"
#include "app/panels/widgets.h"
#include "app/token_label.h"

namespace maskscope {
namespace {

constexpr float chip_gap = 5, line_gap = 5, chunk_gap = 13;  // px at scale 1

// Makes the chips of one modality.
class ChipMaker {
 public:
  ChipMaker(const MaskedFrame& frame, int modality) : frame_(frame), modality_(modality) {
    const ModalityTokens& tokens = frame.sample.modalities[static_cast<std::size_t>(modality)];
    if (tokens.chunk_lengths.empty()) return;
    chunk_ends_ = sequence_tokens(frame.scheme.modalities[static_cast<std::size_t>(modality)].modality, tokens, frame.vocabulary.eos_id).chunk_ends;
  }

  TextChip chip(std::int32_t origin, Fate side) const {
    // Sentinels and [EOS] have a style of their own.
    const Fate fate = origin::is_sentinel(origin)                                                          ? Fate::sentinel
                      : side != Fate::discarded && is_end_of_text(frame_, modality_, origin) ? Fate::end_of_text
                                                                                              : side;
    int chunk = -1;
    if (origin >= 0 && !chunk_ends_.empty()) {
      chunk = static_cast<int>(std::upper_bound(chunk_ends_.begin(), chunk_ends_.end(), origin) - chunk_ends_.begin());
    }
    return {drawable(token_label(frame_, modality_, origin)), origin, fate, chunk};
  }
  int num_chunks() const { return static_cast<int>(chunk_ends_.size()); }

 private:
  const MaskedFrame& frame_;
  int modality_;
  std::vector<std::int32_t> chunk_ends_;
};

}  // namespace

TextRows make_text_rows(PanelContext& context, int modality, bool is_before_masks) {
  const MaskedFrame& frame = context.frame();
  const SampleMasks masks = frame.masks();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  TextRows result;
  if (!frame.is_present(modality)) return result;
  const ChipMaker maker(frame, modality);
  const StepView& steps = context.view.steps;
  const std::vector<Fate> fates = fates_at_step(frame, steps, modality);
  result.num_tokens = static_cast<int>(fates.size());
  result.num_discarded = static_cast<int>(std::count(fates.begin(), fates.end(), Fate::discarded));
  result.num_chunks = maker.num_chunks();

  // Before the content masks there is nothing but the text; behind them it is only shown where it tells more than both sides.
  if (is_before_masks || result.num_discarded > 0) {
    TextRow row{.name = entry.modality.kind == ModalityKind::seq ? tr("text") : tr("all"), .name_colour = context.theme.secondary_text};
    for (std::size_t i = 0; i < fates.size(); ++i) row.chips.push_back(maker.chip(static_cast<std::int32_t>(i), fates[i]));
    if (is_before_masks) {
      for (TextChip& chip : row.chips) chip.shown = 0;
    }
    result.rows.push_back(std::move(row));
  }
  if (is_before_masks) return result;
  TextRow in{.name = tr("in"), .name_colour = context.theme.encoder_text, .side = PackedSide::encoder};
  TextRow out{.name = tr("out"), .name_colour = context.theme.decoder_text, .side = PackedSide::decoder};
  std::vector<std::uint8_t> is_on_a_side(fates.size());  // by its content masks, whatever selection does with it
  for (int slot = 0; slot < entry.modality.num_slots(); ++slot) {
    const std::int32_t origin = masks.slot_value(frame.batch.slot_origin, modality, slot);
    if (origin == origin::padding) continue;
    const bool is_in = !masks.slot_value(frame.batch.input_mask, modality, slot), is_out = !masks.slot_value(frame.batch.target_mask, modality, slot);
    if (is_in) in.chips.push_back(maker.chip(origin, Fate::encoder));
    if (is_out) out.chips.push_back(maker.chip(origin, Fate::decoder));
    if ((is_in || is_out) && origin >= 0 && static_cast<std::size_t>(origin) < fates.size()) is_on_a_side[static_cast<std::size_t>(origin)] = 1;
  }
  for (std::size_t i = 0; i < fates.size(); ++i) result.num_cut += fates[i] == Fate::discarded && !is_on_a_side[i];
  result.rows.push_back(std::move(in));
  if (entry.modality.kind != ModalityKind::seq_emb) result.rows.push_back(std::move(out));  // rows of floats are never predicted
  return result;
}

float arrange_text_rows(PanelContext& context, std::vector<TextRow>& rows, float width) {
  const float left = context.px(text_name_width);
  float y = 0;
  for (TextRow& row : rows) {
    float x = left;
    row.y = y;
    for (TextChip& chip : row.chips) {
      chip.width = std::min(widgets::text_width(context.fonts.mono_small, chip.label) + context.px(12), width - left);
      // Chips of one chunk stand closer together than chunks do.
      const bool continues_chunk = &chip != &row.chips.front() && chip.chunk >= 0 && (&chip - 1)->chunk == chip.chunk && (&chip - 1)->y == y && x > left;
      if (continues_chunk) x -= context.px(chip_gap - 1);
      else if (x > left && chip.chunk >= 0) x += context.px(chunk_gap - chip_gap);
      if (x > left && x + chip.width > width) {
        x = left;
        y += context.px(text_chip_height + line_gap);
      }
      chip.x = x;
      chip.y = y;
      x += chip.width + context.px(chip_gap);
    }
    y += context.px(text_chip_height + text_row_gap);
  }
  return y;
}

void take_from_text(const std::vector<TextRow>& text, float share, std::vector<TextRow>& rows) {
  if (text.empty()) return;
  const std::vector<TextChip>& source = text.front().chips;
  const auto count = static_cast<int>(source.size());
  for (TextRow& row : rows) {
    for (TextChip& chip : row.chips) {
      chip.is_new = chip.origin < 0 || chip.origin >= count;
      const int index = chip.is_new ? count - 1 : chip.origin;
      chip.shown = staggered(share, static_cast<float>(index) / static_cast<float>(std::max(count, 1)));
      if (chip.is_new) continue;
      const TextChip& from = source[static_cast<std::size_t>(chip.origin)];
      const float way = eased_in_out(chip.shown);
      chip.x = from.x + (chip.x - from.x) * way;
      chip.y = from.y + (chip.y - from.y) * way;
    }
  }
}

}  // namespace maskscope
