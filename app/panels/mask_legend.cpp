#include "app/panels/mask_legend.h"

#include <algorithm>
#include <array>

#include "app/imgui_compat.h"
#include "app/panels/attention_matrix.h"
#include "app/panels/view_parts.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float swatch_side = 44;  // px at scale 1

// How the thing looks in this window.
void draw_swatch(PanelContext& context, MaskKindId id, ImVec2 at) {
  const Theme& theme = context.theme;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float side = context.px(swatch_side), half = side * 0.5f;
  const ImVec2 centre{at.x + half, at.y + half};
  std::vector<TokenQuad> quads;
  const auto chip = [&](TokenStyle style, ImU32 colour, float x, float y, float width, float height) {
    quads.push_back({.x = at.x + x * side, .y = at.y + y * side, .width = width * side, .height = height * side, .colour = colour, .style = style, .corner_radius = context.px(3)});
  };
  std::string label;
  ImU32 label_colour = theme.text;
  switch (id) {
    case MaskKindId::input_mask:
      chip(TokenStyle::encoder, theme.encoder, 0, 0.05f, 0.46f, 0.9f);
      chip(TokenStyle::discarded, theme.discarded, 0.54f, 0.05f, 0.46f, 0.9f);
      break;
    case MaskKindId::target_mask:
      chip(TokenStyle::decoder, theme.decoder, 0, 0.05f, 0.46f, 0.9f);
      chip(TokenStyle::discarded, theme.discarded, 0.54f, 0.05f, 0.46f, 0.9f);
      break;
    case MaskKindId::encoder_mask:
    case MaskKindId::decoder_mask: {
      const bool is_encoder = id == MaskKindId::encoder_mask;
      chip(TokenStyle::band, is_encoder ? theme.encoder : theme.decoder, 0, 0.2f, 0.2f, 0.6f);
      chip(TokenStyle::band, is_encoder ? theme.encoder : theme.decoder, 0.22f, 0.2f, 0.2f, 0.6f);
      chip(TokenStyle::ignored, theme.ignored, 0.46f, 0.2f, 0.54f, 0.6f);
      break;
    }
    case MaskKindId::compressed_attention: label = "4 0 0"; break;
    case MaskKindId::full_attention:
      for (int row = 0; row < 4; ++row) {
        for (int column = 0; column < 4; ++column) {
          const bool is_own = row / 2 == column / 2;
          const CellState state = !is_own ? CellState::other_modality : row < 2 && column > row ? CellState::beyond_reach : CellState::allowed;
          chip(TokenStyle::bar, cell_colour(theme, state, row < 2 ? theme.accent : theme.good), 0.25f * static_cast<float>(column), 0.25f * static_cast<float>(row), 0.25f, 0.25f);
          quads.back().corner_radius = 0;
        }
      }
      break;
    case MaskKindId::padding:
      label = "[PAD]";
      label_colour = theme.disabled_text;
      break;
    case MaskKindId::mask_token:
      chip(TokenStyle::decoder, theme.decoder, 0.14f, 0.14f, 0.72f, 0.72f);
      label = "M";
      label_colour = theme.decoder_text;
      break;
    case MaskKindId::sentinel:
      chip(TokenStyle::sentinel, theme.sentinel, 0, 0.2f, 1, 0.6f);
      label = "[S_1]";
      label_colour = theme.sentinel_text;
      break;
  }
  context.canvas.draw(list, {}, quads);
  const float width = widgets::text_width(context.fonts.mono_small, label);
  widgets::text(context, context.fonts.mono_small, {centre.x - width * 0.5f, centre.y}, label_colour, label);
}

// "shape   …": a quiet word, then the sentence, wrapped.
void fact(PanelContext& context, const char* name, const std::string& sentence, float width, ImU32 colour) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float label = context.px(84);
  widgets::text(context, context.fonts.small, {at.x, at.y + context.fonts.body->FontSize * 0.5f}, context.theme.secondary_text, name);
  ImGui::SetCursorScreenPos({at.x + label, at.y});
  widgets::paragraph(context, context.fonts.body, colour, sentence, std::max(width - label, context.px(60)));
  ImGui::SetCursorScreenPos({at.x, ImGui::GetCursorScreenPos().y});
}

}  // namespace

void MaskLegend::draw_kind(PanelContext& context, const MaskKind& kind, float width) {
  const Theme& theme = context.theme;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  draw_swatch(context, kind.id, at);
  const float left = context.px(swatch_side + 16), room = std::max(width - left, context.px(80));
  ImGui::SetCursorScreenPos({at.x + left, at.y});
  ImGui::BeginGroup();
  const ImVec2 title = ImGui::GetCursorScreenPos();
  widgets::paragraph(context, context.fonts.strong, theme.text, kind.name, room);
  const float name_width = widgets::text_width(context.fonts.strong, kind.name) + context.px(12);
  const float reference_width = widgets::text_width(context.fonts.mono, kind.reference_name);
  if (name_width + reference_width <= room) {
    widgets::text(context, context.fonts.mono, {title.x + name_width, title.y + context.fonts.strong->FontSize * 0.5f}, theme.accent, kind.reference_name);
  } else {
    widgets::paragraph(context, context.fonts.mono, theme.accent, kind.reference_name, room);
  }
  widgets::paragraph(context, context.fonts.body, theme.text, kind.question, room);
  fact(context, tr("polarity"), kind.polarity, room, theme.secondary_text);
  fact(context, tr("here"), kind.numbers, room, theme.text);
  fact(context, tr("shape"), kind.shape, room, theme.secondary_text);
  fact(context, tr("made by"), kind.made_by, room, theme.secondary_text);
  ImGui::EndGroup();
  ImGui::SetCursorScreenPos({at.x, std::max(ImGui::GetCursorScreenPos().y, at.y + context.px(swatch_side))});
}

void MaskLegend::draw(PanelContext& context) {
  const bool is_opened = context.view.is_mask_legend_open && !was_open_;
  was_open_ = context.view.is_mask_legend_open;
  if (!context.view.is_mask_legend_open) return;
  const Source source{key_of(context.frame(), context.session.revision()), context.view.is_attention_causal, context.view.is_attention_separate, language()};
  if (!(source_ == source)) {
    source_ = source;
    kinds_ = mask_kinds(context.frame(), source.is_causal, source.is_separate);
  }
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  const ImVec2 size{std::max(std::min(context.px(720), room.x - context.px(40)), 1.0f), std::max(std::min(context.px(680), room.y - context.px(40)), 1.0f)};
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y * 0.5f}, is_opened ? ImGuiCond_Always : ImGuiCond_Appearing, {0.5f, 0.5f});
  ImGui::SetNextWindowSize(size, is_opened ? ImGuiCond_Always : ImGuiCond_Appearing);
  if (is_opened) ImGui::SetNextWindowFocus();
  const std::string title = cat(tr("Which mask?"), "###which mask");
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.px(16), context.px(12)});
  if (ImGui::Begin(title.c_str(), &context.view.is_mask_legend_open, ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings)) {
    const ImVec2 min = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
    context.log_widget("mask_legend", min, {min.x + extent.x, min.y + extent.y});
    if (ImGui::IsWindowFocused() && imgui_compat::is_shortcut(Key::escape)) context.view.is_mask_legend_open = false;
    const float width = ImGui::GetContentRegionAvail().x;
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(8), context.px(3)});
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                       tr("Six tensors are called a mask. In five of them 1 means “do not use”; the compressed attention holds numbers. Three more things are mixed up with them."), width);
    for (const MaskKind& kind : kinds_) {
      if (kind.id == MaskKindId::padding) {
        space(context, 12);
        widgets::caption(context, tr("NO MASKS, BUT OFTEN TAKEN FOR ONE"));
      }
      space(context, 12);
      draw_kind(context, kind, width);
    }
    space(context, 8);
    ImGui::PopStyleVar();
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace maskscope
