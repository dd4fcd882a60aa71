#include "app/panels/compare_draws.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/number_text.h"
#include "app/panels/compare_sections.h"
#include "app/panels/estimate_text.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float line_height = 18;  // px at scale 1

// A difference that chance alone would hardly make. Both states have the same draws, so that it is on the safe side.
bool is_sure(const Estimate& a, const Estimate& b) {
  const double error = std::sqrt(a.standard_error * a.standard_error + b.standard_error * b.standard_error);
  return std::abs(b.value - a.value) > 2 * error;
}

std::string change_text(const Estimate& a, const Estimate& b, bool is_share) {
  const double change = (b.value - a.value) * (is_share ? 100 : 1);
  char text[32];
  std::snprintf(text, sizeof text, "%s%.2f", change < 0 ? "−" : "+", std::abs(change));
  return is_share ? cat(text, " %") : text;
}

struct Columns {
  float left = 0, name = 0, side = 0;  // px: where names begin; their width; that of one side's three numbers
};

void draw_values(PanelContext& context, const Columns& columns, int side, float middle, const std::optional<Estimate>& a, const std::optional<Estimate>& b, bool is_share) {
  const Theme& theme = context.theme;
  const float right = columns.left + columns.name + columns.side * static_cast<float>(side + 1), step = columns.side / 3;
  const auto put = [&](int column, const std::string& text, ImU32 colour) {
    widgets::text_right(context, context.fonts.mono_small, {right - step * static_cast<float>(2 - column), middle}, colour, text);
  };
  const auto value_text = [&](const std::optional<Estimate>& value) { return !value ? std::string("–") : is_share ? share_text(*value) : mean_text(*value); };
  put(0, value_text(a), theme.secondary_text);
  put(1, value_text(b), theme.text);
  if (!a || !b) return;
  if (is_sure(*a, *b)) put(2, change_text(*a, *b, is_share), theme.accent);
  else put(2, "·", theme.disabled_text);
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({right - columns.side, middle - context.px(line_height * 0.5f)}, {right, middle + context.px(line_height * 0.5f)})) {
    const auto whole = [&](const Estimate& value) { return is_share ? share_with_error(value) : mean_with_error(value); };
    widgets::tooltip(context, fill(tr("A: {0}\nB: {1}"), whole(*a), whole(*b)));
  }
}

}  // namespace

void ComparedDraws::Side::follow(PanelContext& context, const MaskedFrame& frame, bool is_shown) {
  has_draws = frame.are_draws_known && frame.random == RandomSource::named;
  draws.follow(context, frame, is_shown && has_draws);
}

std::shared_ptr<const DrawingResult> ComparedDraws::Side::result() const {
  auto newest = draws.result();
  if (!newest || !draws.is_current(*newest) || newest->tally.draws() == 0) return nullptr;
  return newest;
}

void ComparedDraws::follow(PanelContext& context, const MaskedFrame& a, const MaskedFrame& b, bool is_shown) {
  a_.follow(context, a, is_shown);
  b_.follow(context, b, is_shown);
}

void ComparedDraws::rest() {
  a_.draws.rest();
  b_.draws.rest();
}

void ComparedDraws::settle() const {
  a_.draws.settle();
  b_.draws.settle();
}

void ComparedDraws::draw(PanelContext& context, float width) {
  const Theme& theme = context.theme;
  const ImVec2 top = ImGui::GetCursorScreenPos();
  draw_section_title(context, tr("OVER MANY DRAWS"), width);
  ImGui::SetCursorScreenPos({top.x, top.y + context.px(24)});
  if (!a_.has_draws || !b_.has_draws) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text, tr("Only states with named draws (Philox) can be drawn many times: PyTorch's generators are streams, and content masks from a file were drawn elsewhere."), width);
    return;
  }
  const auto a = a_.result(), b = b_.result();
  for (const auto& result : {a, b}) {
    if (result && !result->error.empty()) return static_cast<void>(widgets::paragraph(context, context.fonts.body, theme.error, result->error, width));
  }
  if (!a || !b) {
    widgets::paragraph(context, context.fonts.body, theme.secondary_text, tr("Drawing …"), width);
    return;
  }
  const float line = context.px(line_height);
  Columns columns{.left = top.x, .name = std::clamp(width * 0.22f, context.px(60), context.px(150)), .side = 0};
  columns.side = (width - columns.name) / 2;
  float middle = ImGui::GetCursorScreenPos().y + line * 0.5f;
  widgets::text(context, context.fonts.small, {top.x, middle}, theme.secondary_text, fill(tr("{0} draws"), grouped(std::min(a->tally.draws(), b->tally.draws()))));
  for (int side = 0; side < 2; ++side) {
    const float right = columns.left + columns.name + columns.side * static_cast<float>(side + 1);
    bool is_cut = false;
    const char* name = side == 0 ? tr("encoder slots, mean") : tr("decoder slots, mean");
    widgets::text_right(context, context.fonts.small, {right, middle}, side == 0 ? theme.encoder_text : theme.decoder_text,
                        widgets::ellipsized(context.fonts.small, name, columns.side - context.px(8), is_cut));
    const char* names[] = {"A", "B", "Δ"};
    for (int c = 0; c < 3; ++c) widgets::text_right(context, context.fonts.small, {right - columns.side / 3 * static_cast<float>(2 - c), middle + line}, theme.secondary_text, names[c]);
  }
  middle += line * 2;
  const Scheme& scheme_a = a->request->scheme;
  const Scheme& scheme_b = b->request->scheme;
  const auto draw_modality = [&](const Modality& modality, int at_a, int at_b) {
    const float square = context.px(8);
    ImGui::GetWindowDrawList()->AddRectFilled({top.x, middle - square * 0.5f}, {top.x + square, middle + square * 0.5f}, modality_hue(context, modality.name), context.px(2));
    bool is_cut = false;
    widgets::text(context, context.fonts.body, {top.x + square + context.px(6), middle}, theme.text,
                  widgets::ellipsized(context.fonts.body, drawable(modality.short_name), columns.name - context.px(16), is_cut));
    for (int side = 0; side < 2; ++side) {
      const auto which = static_cast<TallySide>(side);
      const auto mean = [&](const Tally& tally, int m) { return m < 0 ? std::optional<Estimate>() : tally.mean_used(which, m); };
      draw_values(context, columns, side, middle, mean(a->tally, at_a), mean(b->tally, at_b), false);
    }
    middle += line;
  };
  for (int m = 0; m < scheme_a.num_modalities(); ++m) {
    const Modality& modality = scheme_a.modalities[static_cast<std::size_t>(m)].modality;
    draw_modality(modality, m, scheme_b.find(modality.name));
  }
  for (int m = 0; m < scheme_b.num_modalities(); ++m) {
    const Modality& modality = scheme_b.modalities[static_cast<std::size_t>(m)].modality;
    if (scheme_a.find(modality.name) < 0) draw_modality(modality, -1, m);
  }
  ImGui::GetWindowDrawList()->AddLine({top.x, middle - line * 0.5f}, {top.x + width, middle - line * 0.5f}, theme.line, context.px(1));
  const auto name_row = [&](const char* name, const char* tip) {
    bool is_cut = false;
    widgets::text(context, context.fonts.strong, {top.x, middle}, theme.text, widgets::ellipsized(context.fonts.strong, name, columns.name - context.px(4), is_cut));
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect({top.x, middle - line * 0.5f}, {top.x + columns.name, middle + line * 0.5f})) widgets::tooltip(context, tip);
  };
  name_row(tr("slots used"), tr("Of the N encoder and M decoder slots, the mean of those that are not ignored."));
  for (int side = 0; side < 2; ++side) draw_values(context, columns, side, middle, a->tally.mean_fill(static_cast<TallySide>(side)), b->tally.mean_fill(static_cast<TallySide>(side)), false);
  middle += line;
  name_row(tr("nothing there"), tr("How often no token at all reaches the encoder (no input), or the decoder (no targets)."));
  for (int side = 0; side < 2; ++side) {
    const auto which = static_cast<TallySide>(side);
    draw_values(context, columns, side, middle, a->tally.probability(which, SideCount::empty), b->tally.probability(which, SideCount::empty), true);
  }
  context.log_widget("compare.draws", top, {top.x + width, middle + line});
  ImGui::SetCursorScreenPos({top.x, middle + line});
  ImGui::Dummy({1, context.px(4)});
}

}  // namespace maskscope
