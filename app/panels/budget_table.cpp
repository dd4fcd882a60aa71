#include "app/panels/budget_table.h"

#include <algorithm>
#include <array>

#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Column {
  const char* group;
  const char* name;
  const char* meaning;
};

constexpr std::array<Column, 8> columns = {{
    {tr_later("SOURCE"), tr_later("tokens"), tr_later("Tokens of this modality in the sample, [EOS] of a text included.")},
    {tr_later("ENCODER"), tr_later("budget"), tr_later("At most so many tokens may go to the encoder.")},
    {"", tr_later("input"), tr_later("Slots with input_mask 0: what the content mask shows, sentinels included.")},
    {"", tr_later("used"), tr_later("Encoder slots that hold this modality in the end.")},
    {tr_later("DECODER"), tr_later("budget"), tr_later("At most so many tokens may be targets.")},
    {"", tr_later("target"), tr_later("Slots with target_mask 0, sentinels included.")},
    {"", tr_later("used"), tr_later("Decoder slots that predict this modality: a text loses one to the shift by one.")},
    {tr_later("LEFT OUT"), tr_later("discarded"), tr_later("Tokens of the source that neither side gets.")},
}};

struct Numbers {
  std::array<int, 8> value{};
};

Numbers numbers_of(const MaskedFrame& frame, int modality, const UsedSlots& used) {
  const SampleMasks masks = frame.masks();
  const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
  const std::vector<Fate> fates = source_fates(masks, modality);
  int input = 0, target = 0;
  for (int slot = 0; slot < info.num_slots(); ++slot) {
    input += !masks.slot_value(frame.batch.input_mask, modality, slot);
    target += !masks.slot_value(frame.batch.target_mask, modality, slot);
  }
  return {{static_cast<int>(fates.size()), masks.input_budget(modality), input, used.encoder, masks.target_budget(modality), target, used.decoder,
           static_cast<int>(std::count(fates.begin(), fates.end(), Fate::discarded))}};
}

ImU32 column_colour(const Theme& theme, std::size_t column, int value) {
  if (value == 0) return theme.disabled_text;
  if (column == 3) return theme.encoder_text;
  if (column == 6) return theme.decoder_text;
  return theme.text;
}

}  // namespace

void draw_budget_table(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (!widgets::begin_panel(context, "budgets", position, size)) {
    widgets::end_panel();
    return;
  }
  const MaskedFrame& frame = context.frame();
  const Theme& theme = context.theme;
  const std::vector<UsedSlots> used = used_slots(frame.masks());
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float name_width = std::min(context.px(170), width * 0.24f);
  const float column_width = std::min((width - name_width) / static_cast<float>(columns.size()), context.px(110));
  const float line = context.px(20);
  const auto right_of = [&](std::size_t column) { return corner.x + name_width + column_width * static_cast<float>(column + 1); };

  float y = corner.y + context.px(7);
  const char* title = tr("WHERE THE TOKENS GO");
  if (widgets::text_width(context.fonts.small_caps, title) <= name_width) {
    widgets::text(context, context.fonts.small_caps, {corner.x, y}, theme.secondary_text, title);
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (!*columns[c].group) continue;
    // A group's name stands over the first of its columns, with a line over all of them.
    std::size_t last = c;
    while (last + 1 < columns.size() && !*columns[last + 1].group) ++last;
    const float left = right_of(c) - column_width + context.px(14), centre = (left + right_of(last)) * 0.5f;
    const float name_width_px = widgets::text_width(context.fonts.small_caps, tr(columns[c].group));
    // Centred; a name wider than its columns ends with them.
    const float name_left = std::min(std::max(centre - name_width_px * 0.5f, left), right_of(last) - name_width_px);
    widgets::text(context, context.fonts.small_caps, {name_left, y}, theme.secondary_text, tr(columns[c].group));
    ImGui::GetWindowDrawList()->AddLine({left, y + context.px(9)}, {right_of(last), y + context.px(9)}, theme.line, context.px(1));
  }
  y += line;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    widgets::text_right(context, context.fonts.small, {right_of(c), y}, theme.secondary_text, tr(columns[c].name));
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({right_of(c) - column_width, y - line}, {right_of(c), y + line * 0.5f})) {
      widgets::tooltip(context, tr(columns[c].meaning));
    }
  }
  y += line;
  Numbers total;
  const auto draw_line = [&](const Numbers& numbers, bool is_total) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const int value = numbers.value[c];
      const std::string label = value < 0 ? std::string(tr("all")) : cat(value);
      widgets::text_right(context, context.fonts.mono_small, {right_of(c), y}, is_total ? theme.text : column_colour(theme, c, value), label);
    }
  };
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    const float square = context.px(8);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (context.view.shown().token.modality == m) {
      list.AddRectFilled({corner.x - context.px(6), y - line * 0.5f}, {right_of(columns.size() - 1) + context.px(6), y + line * 0.5f}, with_alpha(theme.text, 0.06f), context.px(4));
    }
    list.AddRectFilled({corner.x, y - square * 0.5f}, {corner.x + square, y + square * 0.5f}, modality_hue(context, info.name), context.px(2));
    bool is_cut = false;
    widgets::text(context, context.fonts.body, {corner.x + square + context.px(7), y}, theme.text,
                  widgets::ellipsized(context.fonts.body, info.name, name_width - square - context.px(12), is_cut));
    const Numbers numbers = numbers_of(frame, m, used[static_cast<std::size_t>(m)]);
    for (std::size_t c = 0; c < columns.size(); ++c) total.value[c] = numbers.value[c] < 0 || total.value[c] < 0 ? -1 : total.value[c] + numbers.value[c];
    draw_line(numbers, false);
    y += line;
  }
  ImGui::GetWindowDrawList()->AddLine({corner.x, y - line * 0.5f + context.px(1)}, {right_of(columns.size() - 1), y - line * 0.5f + context.px(1)}, theme.line, context.px(1));
  y += context.px(2);
  widgets::text(context, context.fonts.strong, {corner.x, y}, theme.text, tr("sum"));
  draw_line(total, true);
  ImGui::SetCursorScreenPos({corner.x, y + line * 0.5f});
  ImGui::Dummy({width, 1});
  widgets::end_panel();
}

}  // namespace maskscope
