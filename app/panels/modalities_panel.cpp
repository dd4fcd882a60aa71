#include "app/panels/modalities_panel.h"

#include <algorithm>
#include <optional>

#include "app/panels/image_card.h"
#include "app/panels/legend.h"
#include "app/panels/step_motion.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

// px at scale 1
constexpr float active_height(bool is_folded) { return is_folded ? 42.0f : 58.0f; }
constexpr float plain_height = 24, row_gap = 4;

struct SideNumbers {
  int used = 0;    // slots of the packed sequence that hold this modality
  int budget = 0;  // -1: none (everything that is not input)
  int max = 0;
};

// Up to step 2 the bars grow to the budgets, then the content masks say how much of them is used.
SideNumbers at_step(const StepView& steps, SideNumbers numbers) {
  if (steps.position >= 3.0f) return numbers;
  const float grown = eased_out(share_of_step(steps, 1)), masked = share_of_step(steps, 2);
  const auto budget = static_cast<float>(numbers.budget < 0 ? numbers.used : numbers.budget);
  const float shown = budget * grown + (static_cast<float>(numbers.used) - budget) * masked;
  return {static_cast<int>(shown + 0.5f), numbers.budget < 0 ? -1 : static_cast<int>(static_cast<float>(numbers.budget) * grown + 0.5f), numbers.max};
}

// side: "Encoder" or "Decoder", translated.
std::string side_sentence(const char* side, const SideNumbers& numbers, bool reaches) {
  if (!reaches) return fill(tr("{0}: this modality never gets there."), side);
  if (numbers.budget < 0) return fill(tr("{0}: {1} slots used; no budget, everything that is not input."), side, numbers.used);
  return fill(tr_count(numbers.used, "{0}: {1} slot used of a budget of {2}; the modality has at most {3} tokens.",
                       "{0}: {1} slots used of a budget of {2}; the modality has at most {3} tokens."),
              side, numbers.used, numbers.budget, numbers.max);
}

void draw_side(PanelContext& context, const char* name, const SideNumbers& numbers, bool is_encoder, ImVec2 at, float width) {
  const Theme& theme = context.theme;
  const float middle = at.y;
  const float label = context.px(30), count = context.px(34), height = context.px(6);
  widgets::text(context, context.fonts.small, {at.x, middle}, theme.secondary_text, name);
  const float left = at.x + label, room = std::max(width - label - count, 1.0f);
  const auto width_of = [&](int tokens) {
    return room * std::clamp(static_cast<float>(tokens) / static_cast<float>(std::max(numbers.max, 1)), 0.0f, 1.0f);
  };
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled({left, middle - height * 0.5f}, {left + room, middle + height * 0.5f}, theme.track, context.px(2));
  const ImU32 colour = is_encoder ? theme.encoder : theme.decoder;
  const float budget = width_of(numbers.budget < 0 ? numbers.max : numbers.budget);
  if (numbers.budget > numbers.used) {
    list.AddRectFilled({left, middle - height * 0.5f}, {left + budget, middle + height * 0.5f}, with_alpha(colour, 0.28f), context.px(2));
  }
  if (const float filled = width_of(numbers.used); filled > 0) {
    const TokenQuad bar{.x = left, .y = middle - height * 0.5f, .width = std::max(filled, context.px(1.5f)), .height = height,
                        .colour = colour, .style = is_encoder ? TokenStyle::bar : TokenStyle::striped_bar, .corner_radius = context.px(2)};
    context.canvas.draw(list, {}, {&bar, 1});
  }
  widgets::text_right(context, context.fonts.mono_small, {at.x + width, middle}, numbers.used > 0 ? theme.text : theme.secondary_text,
                      cat(numbers.used));
}

// True when the row was clicked.
bool draw_active(PanelContext& context, int modality, const UsedSlots& used, bool is_folded) {
  const MaskedFrame& frame = context.frame();
  const SampleMasks masks = frame.masks();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  const Modality& info = entry.modality;
  const float width = ImGui::GetContentRegionAvail().x;
  const float height = context.px(active_height(is_folded));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(info.name.c_str());
  const bool is_clicked = ImGui::InvisibleButton("row", {width, height});
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  context.log_last_item("modality." + info.name);
  ImGui::PopID();

  ImDrawList& list = *ImGui::GetWindowDrawList();
  if (is_hot) list.AddRectFilled({at.x - context.px(6), at.y}, {at.x + width + context.px(6), at.y + height}, with_alpha(context.theme.text, 0.05f), context.px(5));
  const float square = context.px(8), middle = at.y + context.px(11);
  list.AddRectFilled({at.x, middle - square * 0.5f}, {at.x + square, middle + square * 0.5f}, modality_hue(context, info.name), context.px(2));
  const StepView& steps = context.view.steps;
  const SideNumbers in = at_step(steps, {used.encoder, masks.input_budget(modality), info.max_tokens});
  const SideNumbers out = at_step(steps, {used.decoder, masks.target_budget(modality), info.max_tokens});
  if (is_folded) {
    widgets::text(context, context.fonts.small, {at.x + square + context.px(5), middle}, context.theme.text, info.short_name);
    widgets::text(context, context.fonts.mono_small, {at.x, at.y + context.px(30)}, context.theme.encoder_text, cat(in.used));
    widgets::text_right(context, context.fonts.mono_small, {at.x + width, at.y + context.px(30)}, context.theme.decoder_text, cat(out.used));
  } else {
    bool is_cut = false;
    const std::string max = cat(info.max_tokens);
    const float room = width - square - context.px(7) - widgets::text_width(context.fonts.mono_small, max) - context.px(8);
    widgets::text(context, context.fonts.body, {at.x + square + context.px(7), middle}, context.theme.text,
                  widgets::ellipsized(context.fonts.body, info.name, room, is_cut));
    widgets::text_right(context, context.fonts.mono_small, {at.x + width, middle}, context.theme.secondary_text, is_hot ? tr("hide") : max);
    draw_side(context, tr("in"), in, true, {at.x, at.y + context.px(30)}, width);
    draw_side(context, tr("out"), out, false, {at.x, at.y + context.px(46)}, width);
  }
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, cat(info.name, "\n", side_sentence(tr("Encoder"), in, entry.reaches_encoder()), "\n",
                                  side_sentence(tr("Decoder"), out, entry.reaches_decoder()), "\n", tr("Click to leave it out of the scheme.")));
  }
  return is_clicked;
}

// A row without bars. note: why; hot_note: what a click does, empty where it does nothing. True when the row was clicked.
struct PlainRow {
  const char* note;
  const char* hot_note;
  std::string tip;
};
bool draw_plain(PanelContext& context, const Modality& info, const PlainRow& row, bool is_folded) {
  const float width = ImGui::GetContentRegionAvail().x, height = context.px(plain_height);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(info.name.c_str());
  const bool is_clicked = ImGui::InvisibleButton("row", {width, height});
  context.log_last_item("modality." + info.name);
  ImGui::PopID();
  const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  const float square = context.px(8), middle = at.y + height * 0.5f;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRect({at.x, middle - square * 0.5f}, {at.x + square, middle + square * 0.5f}, modality_hue(context, info.name), context.px(2), 0, context.px(1));
  const std::string note = is_folded ? "" : is_hot && *row.hot_note ? row.hot_note : row.note;
  bool is_cut = false;
  const float room = width - square - context.px(12) - widgets::text_width(context.fonts.small, note);
  ImFont* font = is_folded ? context.fonts.small : context.fonts.body;
  widgets::text(context, font, {at.x + square + context.px(is_folded ? 5 : 7), middle}, context.theme.secondary_text,
                widgets::ellipsized(font, is_folded ? info.short_name : info.name, room, is_cut));
  widgets::text_right(context, context.fonts.small, {at.x + width, middle}, context.theme.secondary_text, note);
  if (ImGui::IsItemHovered()) widgets::tooltip(context, row.tip);
  return is_clicked;
}

// Modalities of the document's scheme that take no part: switched off, or without content here. True when a row
// that can be switched on was clicked.
bool draw_inactive(PanelContext& context, const SchemeModality& entry, bool is_disabled, bool is_folded) {
  const std::string& name = entry.modality.name;
  const PlainRow row = is_disabled ? PlainRow{tr("off"), tr("show"), fill(tr("{0} is left out of the scheme. Click to take it in again."), name)}
                                   : PlainRow{tr("no data"), "", fill(tr("{0} is part of the scheme, but the open inputs have nothing for it."), name)};
  return draw_plain(context, entry.modality, row, is_folded) && is_disabled;
}

// Part of the scheme, but this sample lacks it. True when the row was clicked.
bool draw_missing_row(PanelContext& context, const Modality& info, bool is_folded) {
  return draw_plain(context, info,
                    {tr("missing"), tr("hide"),
                     fill(tr("{0} is missing in this sample: all its {1} slots are masked on both sides, none reaches the encoder or the decoder."), info.name,
                          info.num_slots()) + "\n" + tr("Click to leave it out of the scheme.")},
                    is_folded);
}

// Of all rows.
float list_height(const PanelContext& context, bool is_folded) {
  const MaskedFrame& frame = context.frame();
  float height = 0;
  for (const SchemeModality& entry : context.whole_scheme().modalities) {
    const int m = frame.scheme.find(entry.modality.name);
    height += context.px(m >= 0 && frame.is_present(m) ? active_height(is_folded) : plain_height) + context.px(row_gap);
  }
  return height;
}

}  // namespace

void draw_modalities(PanelContext& context, ImVec2 position, ImVec2 size, bool is_folded) {
  if (widgets::begin_panel(context, "modalities", position, size)) {
    const MaskedFrame& frame = context.frame();
    const Document& document = context.session.document();
    if (!is_folded) widgets::caption(context, tr("MODALITIES"));
    const float legend = legend_height(context, is_folded);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, context.px(row_gap)});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.px(6), 0});
    ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
    // Wider than its place by the padding, so that the highlight of a row has room on both sides.
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() - context.px(6));
    // In a low window the list and the legend are scrolled as one.
    const float room = ImGui::GetContentRegionAvail().y - legend;
    const float list = room < context.px(100) ? list_height(context, is_folded) : room;
    ImGui::BeginChild("list", {ImGui::GetContentRegionAvail().x + context.px(6), list}, false,
                      ImGuiWindowFlags_AlwaysUseWindowPadding);
    const std::vector<UsedSlots> used = used_slots(frame.masks());
    // Applied behind the lists: an edit replaces the frame and the document they are drawn from.
    std::optional<Edit> edit;
    const bool is_dump = document.inputs.picture == PictureSource::dump;  // masked already: nothing can be left out
    for (const SchemeModality& entry : context.whole_scheme().modalities) {
      const std::string& name = entry.modality.name;
      if (const int m = frame.scheme.find(name); m >= 0) {
        const bool is_clicked = frame.is_present(m) ? draw_active(context, m, used[static_cast<std::size_t>(m)], is_folded)
                                                    : draw_missing_row(context, entry.modality, is_folded);
        if (is_clicked && !is_dump) edit = edits::set_modality_enabled(name, false);
        continue;
      }
      const bool is_disabled = std::find(document.disabled.begin(), document.disabled.end(), name) != document.disabled.end();
      if (draw_inactive(context, entry, is_disabled, is_folded)) edit = edits::set_modality_enabled(name, true);
    }
    if (edit) context.session.apply(*edit);
    ImGui::EndChild();
    ImGui::PopStyleColor();
    ImGui::PopStyleVar(2);
    draw_legend(context, is_folded);
  }
  widgets::end_panel();
}

}  // namespace maskscope
