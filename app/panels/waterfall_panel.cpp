#include "app/panels/waterfall_panel.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "app/flow_sentences.h"
#include "app/imgui_compat.h"
#include "app/panels/actions.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Column {
  FlowStage stage;
  const char* name;
  const char* meaning;
};

constexpr std::array<Column, 5> encoder_columns = {{
    {FlowStage::drawn, tr_later("drawn"), tr_later("What the Dirichlet draw gave the modality, before anything is lost. Set by hand, it is the budget itself.")},
    {FlowStage::clamp, tr_later("clamped"), tr_later("Lost because the modality has no room for so many. Nothing is handed on to another one.")},
    {FlowStage::unfilled, tr_later("unfilled"), tr_later("Of the budget, what the data could not fill: a text is short, or the sample lacks the modality.")},
    {FlowStage::cut, tr_later("no slot"), tr_later("Filled, but without a slot: behind the last one, or of a modality that never reaches this side.")},
    {FlowStage::kept, tr_later("kept"), tr_later("Encoder slots that hold this modality in the end, sentinels included.")},
}};
constexpr std::array<Column, 6> decoder_columns = {{
    {FlowStage::drawn, tr_later("drawn"), tr_later("What the Dirichlet draw gave the modality, before anything is lost. Set by hand, it is the budget itself.")},
    {FlowStage::clamp, tr_later("clamped"), tr_later("Lost because the modality has no room for so many; of an image, because the input has taken them.")},
    {FlowStage::unfilled, tr_later("unfilled"), tr_later("Of the budget, what the data could not fill: a text is short, or most of it stands in the input.")},
    {FlowStage::shift, tr_later("shift"), tr_later("The first target token of a text, which no slot predicts.")},
    {FlowStage::cut, tr_later("no slot"), tr_later("Filled, but without a slot: behind the last one, or of a modality that never reaches this side.")},
    {FlowStage::kept, tr_later("in loss"), tr_later("Decoder slots that predict this modality: the tokens that enter the loss.")},
}};

// What stands in a column; nullopt: unknown, or there is none.
std::optional<int> value_of(const SideFlow& side, FlowStage stage) {
  switch (stage) {
    case FlowStage::drawn: return side.drawn;
    case FlowStage::clamp: return side.drawn ? std::optional(side.lost_by_clamp) : std::nullopt;
    case FlowStage::unfilled: return side.has_budget ? std::optional(side.unfilled) : std::nullopt;
    case FlowStage::shift: return side.lost_by_shift;
    case FlowStage::cut: return side.lost_by_cut + side.lost_without_place;
    case FlowStage::kept: return side.kept;
  }
  return {};
}

ImU32 stage_colour(const Theme& theme, FlowStage stage) {
  switch (stage) {
    case FlowStage::clamp: return theme.warning;
    case FlowStage::unfilled: return theme.secondary_text;
    case FlowStage::shift: return theme.sentinel_text;
    case FlowStage::cut: return theme.error;
    default: return theme.text;
  }
}

// Where things are, in px of the window.
struct Layout {
  float left = 0, name_width = 0, half = 0, gap = 0, bar = 0, column = 0, line = 0;
  float discarded = 0;  // width of the last column, which only wide panels have
  bool has_short_names = false;
  float side_left(bool is_encoder) const { return left + name_width + (is_encoder ? 0 : half + gap); }
  // Right edge of a column of a side.
  float right(bool is_encoder, std::size_t column_index) const {
    const float used = column * static_cast<float>(is_encoder ? encoder_columns.size() : decoder_columns.size());
    return side_left(is_encoder) + half - used + column * static_cast<float>(column_index + 1);
  }
};

Layout layout_of(const PanelContext& context, float left, float width) {
  Layout layout;
  layout.left = left;
  layout.line = context.px(20);
  layout.gap = context.px(16);
  layout.discarded = width >= context.px(760) ? context.px(60) : 0;
  // All names alike: where one does not fit, all are short.
  float widest = 0, widest_short = context.px(30);
  for (const SchemeModality& entry : context.frame().scheme.modalities) {
    widest = std::max(widest, widgets::text_width(context.fonts.body, entry.modality.name));
    widest_short = std::max(widest_short, widgets::text_width(context.fonts.body, entry.modality.short_name));
  }
  const float around = context.px(28), most = std::min(width * 0.2f, context.px(190));
  layout.has_short_names = widest + around > most;
  layout.name_width = std::max(layout.has_short_names ? std::min(widest_short + around, most) : widest + around, width >= context.px(700) ? context.px(118) : 0.0f);
  layout.half = std::max((width - layout.name_width - layout.gap - layout.discarded) * 0.5f, 1.0f);
  const float columns = static_cast<float>(decoder_columns.size());
  layout.column = std::min(context.px(50), layout.half / columns);
  layout.bar = layout.half - columns * layout.column - context.px(8);
  if (layout.bar < context.px(36)) layout.bar = 0, layout.column = std::min(context.px(76), layout.half / columns);
  return layout;
}

template <class Call>
void for_columns(bool is_encoder, const Call& call) {
  const std::size_t count = is_encoder ? encoder_columns.size() : decoder_columns.size();
  for (std::size_t c = 0; c < count; ++c) call(c, is_encoder ? encoder_columns[c] : decoder_columns[c]);
}

// The kept tokens in the modality's hue, then what was lost, each loss in its colour.
void draw_bar(PanelContext& context, const Layout& layout, const SideFlow& side, bool is_encoder, ImU32 hue, float middle, int longest) {
  if (layout.bar <= 0 || longest <= 0) return;
  const float left = layout.side_left(is_encoder), height = context.px(10), top = middle - height * 0.5f;
  const float per_token = layout.bar / static_cast<float>(longest);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({left, top}, {left + layout.bar, top + height}, context.theme.track, context.px(3));
  float x = left;
  const auto segment = [&](int tokens, ImU32 colour, TokenStyle style) {
    if (tokens <= 0) return;
    const float width = std::max(per_token * static_cast<float>(tokens), 1.0f);
    const TokenQuad quad{.x = x, .y = top, .width = width, .height = height, .colour = colour, .style = style};
    context.canvas.draw(list, {}, {&quad, 1});
    x += width;
  };
  segment(side.kept, hue, is_encoder ? TokenStyle::bar : TokenStyle::striped_bar);
  for (const FlowStage stage : {FlowStage::cut, FlowStage::shift, FlowStage::unfilled, FlowStage::clamp}) {
    segment(value_of(side, stage).value_or(0), with_alpha(stage_colour(context.theme, stage), 0.75f), TokenStyle::bar);
  }
}

void draw_numbers(PanelContext& context, const Layout& layout, const SideFlow& side, bool is_encoder, float middle, bool is_total) {
  const Theme& theme = context.theme;
  for_columns(is_encoder, [&](std::size_t c, const Column& column) {
    const std::optional<int> value = value_of(side, column.stage);
    const bool is_loss = column.stage != FlowStage::drawn && column.stage != FlowStage::kept;
    const std::string label = !value ? std::string(column.stage == FlowStage::drawn && !side.has_budget ? tr("all") : "–") : is_loss && *value > 0 ? cat("−", *value) : cat(*value);
    const ImU32 colour = !value || *value == 0 ? theme.disabled_text
                         : column.stage == FlowStage::kept && !is_total ? (is_encoder ? theme.encoder_text : theme.decoder_text)
                                                                        : stage_colour(theme, column.stage);
    widgets::text_right(context, context.fonts.mono_small, {layout.right(is_encoder, c), middle}, colour, label);
  });
}

// Of the source, what neither side gets: beside the waterfall, for these tokens had no budget.
void draw_discarded(PanelContext& context, const Layout& layout, int discarded, float middle) {
  if (layout.discarded <= 0) return;
  const float right = layout.side_left(false) + layout.half + layout.discarded;
  widgets::text_right(context, context.fonts.mono_small, {right, middle}, discarded == 0 ? context.theme.disabled_text : context.theme.secondary_text, cat(discarded));
}

// The sentence of the cell under the cursor; the bar's is that of what was drawn.
void explain_cell(PanelContext& context, const Layout& layout, const Waterfall& waterfall, int modality) {
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  const std::string& name = context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality.name;
  for (const bool is_encoder : {true, false}) {
    const float left = layout.side_left(is_encoder);
    if (mouse.x < left || mouse.x >= left + layout.half) continue;
    FlowStage stage = FlowStage::drawn;
    for_columns(is_encoder, [&](std::size_t c, const Column& column) {
      if (mouse.x < layout.right(is_encoder, c) && mouse.x >= layout.right(is_encoder, c) - layout.column) stage = column.stage;
    });
    const char* side = is_encoder ? tr("encoder") : tr("decoder");
    widgets::tooltip(context, cat(drawable(name), " · ", side, "\n", drawable(flow_sentence(context.frame(), waterfall, modality, is_encoder, stage))));
    return;
  }
  const ModalityFlow& flow = waterfall.modalities[static_cast<std::size_t>(modality)];
  if (mouse.x < layout.left + layout.name_width || mouse.x >= layout.side_left(false) + layout.half) {
    widgets::tooltip(context, cat(drawable(name), "\n", fill(tr("{0} tokens in the sample, {1} of them discarded: neither side gets them."), flow.source_tokens, flow.discarded)));
  }
}

void draw_row(PanelContext& context, const Layout& layout, const Waterfall& waterfall, int modality, float top, float width, int longest) {
  const Theme& theme = context.theme;
  const Modality& info = context.frame().scheme.modalities[static_cast<std::size_t>(modality)].modality;
  const ModalityFlow& flow = waterfall.modalities[static_cast<std::size_t>(modality)];
  const float middle = top + layout.line * 0.5f, square = context.px(8);
  const bool is_hovered = ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({layout.left, top}, {layout.left + width, top + layout.line});
  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (is_hovered || context.view.shown().token.modality == modality) {
    list.AddRectFilled({layout.left - context.px(6), top}, {layout.left + width + context.px(2), top + layout.line}, with_alpha(theme.text, 0.06f), context.px(4));
  }
  const ImU32 hue = modality_hue(context, info.name);
  list.AddRectFilled({layout.left, middle - square * 0.5f}, {layout.left + square, middle + square * 0.5f}, hue, context.px(2));
  bool is_cut = false;
  const float room = layout.name_width - square - context.px(16);
  const std::string name = widgets::ellipsized(context.fonts.body, drawable(layout.has_short_names ? info.short_name : info.name), room, is_cut);
  widgets::text(context, context.fonts.body, {layout.left + square + context.px(7), middle}, theme.text, name);
  draw_discarded(context, layout, flow.discarded, middle);
  for (const bool is_encoder : {true, false}) {
    const SideFlow& side = is_encoder ? flow.encoder : flow.decoder;
    draw_bar(context, layout, side, is_encoder, hue, middle, longest);
    draw_numbers(context, layout, side, is_encoder, middle, false);
  }
  context.log_widget("waterfall." + info.name, {layout.left, top}, {layout.left + width, top + layout.line});
  if (is_hovered) explain_cell(context, layout, waterfall, modality);
}

// Names of the groups and columns; returns the height.
float draw_header(PanelContext& context, const Layout& layout, const Waterfall& waterfall, float top) {
  const Theme& theme = context.theme;
  const float group = top + context.px(9), names = top + context.px(27);
  for (const bool is_encoder : {true, false}) {
    const float left = layout.side_left(is_encoder), right = left + layout.half;
    const char* title = is_encoder ? tr("ENCODER") : tr("DECODER");
    widgets::text(context, context.fonts.small_caps, {left, group}, is_encoder ? theme.encoder_text : theme.decoder_text, title);
    const float title_width = widgets::text_width(context.fonts.small_caps, title) + context.px(8);
    bool is_cut = false;
    const std::string source = widgets::ellipsized(context.fonts.small, origin_of_budgets(context.frame(), waterfall, is_encoder), std::max(layout.half - title_width, 1.0f), is_cut);
    widgets::text(context, context.fonts.small, {left + title_width, group}, (is_encoder ? waterfall.encoder : waterfall.decoder).has_given_up ? theme.warning : theme.secondary_text, source);
    ImGui::GetWindowDrawList()->AddLine({left, top + context.px(18)}, {right, top + context.px(18)}, theme.line, context.px(1));
    for_columns(is_encoder, [&](std::size_t c, const Column& column) {
      const float end = layout.right(is_encoder, c);
      const std::string name = widgets::ellipsized(context.fonts.small, tr(column.name), layout.column - context.px(3), is_cut);
      widgets::text_right(context, context.fonts.small, {end, names}, theme.secondary_text, name);
      if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({end - layout.column, top + context.px(18)}, {end, names + context.px(9)})) {
        widgets::tooltip(context, cat(tr(column.name), "\n", tr(column.meaning)));
      }
    });
  }
  if (layout.discarded > 0) {
    bool is_cut = false;
    const float right = layout.side_left(false) + layout.half + layout.discarded;
    const std::string name = widgets::ellipsized(context.fonts.small, tr("discarded"), layout.discarded - context.px(4), is_cut);
    widgets::text_right(context, context.fonts.small, {right, names}, theme.secondary_text, name);
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({right - layout.discarded, top + context.px(18)}, {right, names + context.px(9)})) {
      widgets::tooltip(context, tr("Tokens of the source that neither side gets."));
    }
  }
  return context.px(38);
}

constexpr float footer_height = 44;  // px at scale 1

// Sums, and how many of the slots are left over.
void draw_footer(PanelContext& context, const Layout& layout, const Waterfall& waterfall, float top, float width) {
  const Theme& theme = context.theme;
  ImGui::GetWindowDrawList()->AddLine({layout.left, top}, {layout.left + width, top}, theme.line, context.px(1));
  const float sums = top + context.px(12), slots = top + context.px(32);
  widgets::text(context, context.fonts.strong, {layout.left, sums}, theme.text, tr("sum"));
  draw_discarded(context, layout, waterfall.discarded, sums);
  for (const bool is_encoder : {true, false}) {
    const SideTotal& total = is_encoder ? waterfall.encoder : waterfall.decoder;
    draw_numbers(context, layout, total.sum, is_encoder, sums, true);
    const bool is_empty = !is_encoder && !waterfall.has_targets();
    std::string line = is_empty ? std::string(tr("no target at all: this sample adds nothing to the loss"))
                                : fill(tr("{0} of {1} slots used · {2} ignored"), total.sum.kept, total.slots, total.ignored);
    bool is_cut = false;
    const float left = layout.side_left(is_encoder);
    const std::string label = widgets::ellipsized(context.fonts.body, line, layout.half, is_cut);
    widgets::text_right(context, context.fonts.body, {left + layout.half, slots}, is_empty ? theme.warning : theme.text, label);
    const ImVec2 min{left, top + context.px(22)}, max{left + layout.half, top + context.px(footer_height)};
    context.log_widget(is_encoder ? "waterfall.encoder_slots" : "waterfall.decoder_slots", min, max);
    if (!ImGui::IsWindowHovered() || !ImGui::IsMouseHoveringRect(min, max)) continue;
    for (const IgnoredReason& reason : why_ignored(context.frame(), waterfall, is_encoder)) line += "\n" + fill(tr("{0}: {1}"), reason.slots, drawable(reason.sentence));
    widgets::tooltip(context, line);
  }
}

void copy_csv(PanelContext& context, const Waterfall& waterfall) {
  ImGui::SetClipboardText(waterfall_csv(waterfall, context.frame().scheme).c_str());
  context.session.say(MessageLevel::info, later("Copied the budgets as CSV: a line per modality and side, and the sums."));
}

}  // namespace

void WaterfallPanel::follow(PanelContext& context) {
  std::optional<ViewPlace>& place = context.view.wanted_place;
  if (!place || place->kind != PlaceKind::budget) return;
  context.view.bottom_tab = BottomTab::waterfall;
  wanted_modality_ = place->modality;
  place.reset();
}

std::optional<std::string> WaterfallPanel::text(const PanelContext& context) const {
  return waterfall_csv(context.frame().waterfall, context.frame().scheme);
}

void WaterfallPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (!widgets::begin_panel(context, "waterfall", position, size)) {
    widgets::end_panel();
    return;
  }
  context.log_widget("waterfall", position, {position.x + size.x, position.y + size.y});
  const Waterfall& waterfall = context.frame().waterfall;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = ImGui::GetContentRegionAvail().y;
  const Layout layout = layout_of(context, corner.x, width - context.px(14));
  const char* label = layout.name_width > context.px(110) ? tr("Copy as CSV") : tr("CSV");
  bool is_copy_wanted = widgets::chip(context, "csv", "", label);
  context.log_last_item("waterfall.csv");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("All numbers of this table, with their names: paste it into a spreadsheet. Ctrl+C does the same."));
  if (is_copy_pressed(context)) is_copy_wanted = true;
  const float header = draw_header(context, layout, waterfall, corner.y);

  int longest = 1;
  for (const ModalityFlow& flow : waterfall.modalities) {
    for (const SideFlow* side : {&flow.encoder, &flow.decoder}) longest = std::max(longest, std::max(side->drawn.value_or(0), side->budget));
  }
  const float all_rows = layout.line * static_cast<float>(context.frame().scheme.num_modalities());
  const float rows = std::clamp(height - header - context.px(footer_height), layout.line, std::max(all_rows, layout.line));
  ImGui::SetCursorScreenPos({corner.x - context.px(6), corner.y + header});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::BeginChild("rows", {width + context.px(6), rows}, false);
  const float top = ImGui::GetCursorScreenPos().y;
  for (int m = 0; m < context.frame().scheme.num_modalities(); ++m) {
    const float row_top = top + layout.line * static_cast<float>(m);
    if (wanted_modality_ == m) ImGui::SetScrollFromPosY(row_top + layout.line * 0.5f - ImGui::GetWindowPos().y);
    if (ImGui::IsRectVisible({layout.left, row_top}, {layout.left + width, row_top + layout.line})) draw_row(context, layout, waterfall, m, row_top, width - context.px(14), longest);
  }
  wanted_modality_ = -1;
  ImGui::Dummy({1, all_rows});
  ImGui::EndChild();
  ImGui::PopStyleVar();
  draw_footer(context, layout, waterfall, corner.y + header + rows, width - context.px(14));
  ImGui::SetCursorScreenPos({corner.x, corner.y + header + rows});
  ImGui::Dummy({1, context.px(footer_height)});
  if (is_copy_wanted) copy_csv(context, waterfall);
  widgets::end_panel();
}

}  // namespace maskscope
