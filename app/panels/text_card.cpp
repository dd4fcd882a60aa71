#include "app/panels/text_card.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "app/imgui_compat.h"
#include "app/panels/image_card.h"
#include "app/panels/missing_card.h"
#include "app/panels/step_motion.h"
#include "app/panels/token_places.h"
#include "app/panels/widgets.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct Chip {
  std::string label;
  std::int32_t origin = 0;
  Fate fate = Fate::discarded;      // decides the style
  int chunk = -1;                   // of a text in chunks; -1: none, a sentinel
  float x = 0, y = 0, width = 0;    // px from the corner of the rows
  float shown = 1;                  // 0: still the plain text, 1: in the style of its fate
  bool is_new = false;              // stands for nothing in the text: fades in where it is
};

struct Row {
  const char* name = "";
  ImU32 name_colour = 0;
  std::optional<PackedSide> side;  // absent: the source text
  std::vector<Chip> chips;
  float y = 0;  // px from the corner of the rows
};

constexpr float chip_height = 22, chip_gap = 5, line_gap = 5, row_gap = 9, chunk_gap = 13, name_width = 46;

struct TextRows {
  std::vector<Row> rows;
  int num_discarded = 0;
  int num_tokens = 0;
  int num_chunks = 0;  // 0: token by token
};

// Makes the chips of one modality.
class ChipMaker {
 public:
  ChipMaker(const MaskedFrame& frame, int modality) : frame_(frame), modality_(modality) {
    const ModalityTokens& tokens = frame.sample.modalities[static_cast<std::size_t>(modality)];
    if (tokens.chunk_lengths.empty()) return;
    chunk_ends_ = sequence_tokens(frame.scheme.modalities[static_cast<std::size_t>(modality)].modality, tokens, frame.vocabulary.eos_id).chunk_ends;
  }

  Chip chip(std::int32_t origin, Fate side) const {
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

// is_before_masks: the text as it is up to step 2; else the rows that the content masks make of it.
TextRows make_rows(PanelContext& context, int modality, bool is_before_masks) {
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
    Row row{.name = entry.modality.kind == ModalityKind::seq ? tr("text") : tr("all"), .name_colour = context.theme.secondary_text};
    for (std::size_t i = 0; i < fates.size(); ++i) row.chips.push_back(maker.chip(static_cast<std::int32_t>(i), fates[i]));
    if (is_before_masks) {
      for (Chip& chip : row.chips) chip.shown = 0;
    }
    result.rows.push_back(std::move(row));
  }
  if (is_before_masks) return result;
  Row in{.name = tr("in"), .name_colour = context.theme.encoder_text, .side = PackedSide::encoder};
  Row out{.name = tr("out"), .name_colour = context.theme.decoder_text, .side = PackedSide::decoder};
  for (int slot = 0; slot < entry.modality.num_slots(); ++slot) {
    const std::int32_t origin = masks.slot_value(frame.batch.slot_origin, modality, slot);
    if (origin == origin::padding) continue;
    if (!masks.slot_value(frame.batch.input_mask, modality, slot)) in.chips.push_back(maker.chip(origin, Fate::encoder));
    if (!masks.slot_value(frame.batch.target_mask, modality, slot)) out.chips.push_back(maker.chip(origin, Fate::decoder));
  }
  result.rows.push_back(std::move(in));
  if (entry.modality.kind != ModalityKind::seq_emb) result.rows.push_back(std::move(out));  // rows of floats are never predicted
  return result;
}

// Breaks the chips into lines; returns the height of all rows.
float arrange(PanelContext& context, std::vector<Row>& rows, float width) {
  const float left = context.px(name_width);
  float y = 0;
  for (Row& row : rows) {
    float x = left;
    row.y = y;
    for (Chip& chip : row.chips) {
      chip.width = std::min(widgets::text_width(context.fonts.mono_small, chip.label) + context.px(12), width - left);
      // Chips of one chunk stand closer together than chunks do.
      const bool continues_chunk = &chip != &row.chips.front() && chip.chunk >= 0 && (&chip - 1)->chunk == chip.chunk && (&chip - 1)->y == y && x > left;
      if (continues_chunk) x -= context.px(chip_gap - 1);
      else if (x > left && chip.chunk >= 0) x += context.px(chunk_gap - chip_gap);
      if (x > left && x + chip.width > width) {
        x = left;
        y += context.px(chip_height + line_gap);
      }
      chip.x = x;
      chip.y = y;
      x += chip.width + context.px(chip_gap);
    }
    y += context.px(chip_height + row_gap);
  }
  return y;
}

// Between steps 2 and 3 every token is on its way from the text to its place in the rows.
void take_from_text(const std::vector<Row>& text, float share, std::vector<Row>& rows) {
  if (text.empty()) return;
  const std::vector<Chip>& source = text.front().chips;
  const auto count = static_cast<int>(source.size());
  for (Row& row : rows) {
    for (Chip& chip : row.chips) {
      chip.is_new = chip.origin < 0 || chip.origin >= count;
      const int index = chip.is_new ? count - 1 : chip.origin;
      chip.shown = staggered(share, static_cast<float>(index) / static_cast<float>(std::max(count, 1)));
      if (chip.is_new) continue;
      const Chip& from = source[static_cast<std::size_t>(chip.origin)];
      const float way = eased_in_out(chip.shown);
      chip.x = from.x + (chip.x - from.x) * way;
      chip.y = from.y + (chip.y - from.y) * way;
    }
  }
}

std::string row_note(const PanelContext& context, int modality, bool is_input) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  if (is_input) return entry.reaches_encoder() ? tr("nothing: budget 0") : tr("not an input of this scheme");
  return entry.reaches_decoder() ? tr("nothing: budget 0") : tr("not a target of this scheme");
}

ImU32 chip_text_colour(const Theme& theme, const Chip& chip) {
  switch (chip.fate) {
    case Fate::discarded: return theme.secondary_text;
    default: return theme.text;
  }
}

// A bracket under the chips of each chunk: they are kept or masked together. A chunk that goes on in the next line has an
// open end there.
void draw_chunk_grounds(PanelContext& context, const std::vector<Chip>& chips, ImVec2 corner) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float height = context.px(chip_height), tick = context.px(3);
  for (std::size_t begin = 0, end = 0; begin < chips.size(); begin = end) {
    const Chip& first = chips[begin];
    for (end = begin + 1; end < chips.size() && chips[end].chunk == first.chunk && chips[end].y == first.y; ++end) {}
    if (first.chunk < 0) continue;
    const Chip& last = chips[end - 1];
    const float y = corner.y + first.y + height + context.px(2.5f);
    const float left = corner.x + first.x + context.px(1), right = corner.x + last.x + last.width - context.px(1);
    const bool starts_here = begin == 0 || chips[begin - 1].chunk != first.chunk, ends_here = end == chips.size() || chips[end].chunk != first.chunk;
    const ImU32 colour = with_alpha(context.theme.secondary_text, 0.7f);
    list.AddLine({left, y}, {right, y}, colour, context.px(1));
    if (starts_here) list.AddLine({left, y - tick}, {left, y}, colour, context.px(1));
    if (ends_here) list.AddLine({right, y - tick}, {right, y}, colour, context.px(1));
  }
}

// The chips' quads: the plain outline of the text, over it the style of the fate as far as it is shown.
std::vector<TokenQuad> quads_of(const PanelContext& context, int modality, const std::vector<Row>& rows, ImVec2 corner) {
  std::vector<TokenQuad> quads;
  for (const Row& row : rows) {
    for (const Chip& chip : row.chips) {
      TokenQuad quad{.x = corner.x + chip.x, .y = corner.y + chip.y, .width = chip.width, .height = context.px(chip_height),
                     .flags = context.token_flags({modality, chip.origin}, chip.fate), .corner_radius = context.px(5)};
      if (chip.shown < 1.0f && !chip.is_new) {
        quad.colour = context.theme.secondary_text;
        quad.opacity = static_cast<std::uint8_t>(255.0f * (1.0f - chip.shown));
        quads.push_back(quad);
      }
      if (chip.shown <= 0.0f) continue;
      quad.colour = fate_colour(context.theme, chip.fate);
      quad.style = fate_style(chip.fate);
      quad.opacity = static_cast<std::uint8_t>(255.0f * chip.shown);
      quads.push_back(quad);
    }
  }
  return quads;
}

void draw_chip_label(PanelContext& context, const Chip& chip, ImVec2 min, ImVec2 max) {
  ImFont* font = context.fonts.mono_small;
  const bool is_dimmed = context.view.isolated && *context.view.isolated != chip.fate;
  const ImU32 fated = with_alpha(chip_text_colour(context.theme, chip), (is_dimmed ? 0.25f : 1.0f) * (chip.is_new ? chip.shown : 1.0f));
  const ImU32 colour = chip.shown < 0.5f && !chip.is_new ? context.theme.text : fated;
  bool is_cut = false;
  const std::string label = widgets::ellipsized(font, chip.label, chip.width - context.px(10), is_cut);
  const float label_width = widgets::text_width(font, label);
  const float middle = (min.y + max.y) * 0.5f, x = std::round((min.x + max.x - label_width) * 0.5f);
  widgets::text(context, font, {x, middle}, colour, label);
  if (chip.fate == Fate::discarded && chip.shown >= 0.5f) {
    ImGui::GetWindowDrawList()->AddLine({x, middle + context.px(1)}, {x + label_width, middle + context.px(1)}, colour, context.px(1));
  }
}

void draw_rows(PanelContext& context, int modality, const std::vector<Row>& rows, ImVec2 corner, float width) {
  const float height = context.px(chip_height);
  const bool is_moving = context.view.steps.position > 2.0f && context.view.steps.position < 3.0f;
  if (!is_moving) {
    for (const Row& row : rows) draw_chunk_grounds(context, row.chips, corner);
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  context.canvas.draw(list, {}, quads_of(context, modality, rows, corner));

  const ImVec2 mouse = ImGui::GetIO().MousePos, low = list.GetClipRectMin(), high = list.GetClipRectMax();
  const bool is_mouse_here = ImGui::IsWindowHovered();
  float y = 0;
  for (const Row& row : rows) {
    const float middle = corner.y + row.y + height * 0.5f;
    widgets::text(context, context.fonts.small, {corner.x, middle}, row.name_colour, row.name);
    if (row.chips.empty()) {
      widgets::text(context, context.fonts.small, {corner.x + context.px(name_width), middle}, context.theme.secondary_text,
                    row_note(context, modality, row.side == PackedSide::encoder));
    }
    y = std::max(y, row.y);
    for (const Chip& chip : row.chips) {
      y = std::max(y, chip.y);
      const ImVec2 min{corner.x + chip.x, corner.y + chip.y}, max{min.x + chip.width, min.y + height};
      if (context.places) context.places->put_chip({modality, chip.origin}, row.side, {min.x, min.y, chip.width, height}, {low.x, low.y, high.x, high.y});
      if (!ImGui::IsRectVisible(min, max)) continue;
      draw_chip_label(context, chip, min, max);
      if (is_mouse_here && mouse.x >= min.x && mouse.x < max.x && mouse.y >= min.y && mouse.y < max.y) {
        context.point_at({{modality, chip.origin}, {}, -1});
      }
    }
  }
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy({width, y + context.px(chip_height + row_gap)});
}

std::string facts_of(const PanelContext& context, int modality, const TextRows& rows) {
  const MaskedFrame& frame = context.frame();
  if (!frame.is_present(modality)) return tr("missing");
  const auto m = static_cast<std::size_t>(modality);
  const bool is_rows = frame.scheme.modalities[m].modality.kind == ModalityKind::seq_emb;
  std::string facts = fill(is_rows ? tr_count(rows.num_tokens, "{0} row", "{0} rows") : tr_count(rows.num_tokens, "{0} token", "{0} tokens"), rows.num_tokens);
  if (rows.num_chunks > 0) facts += " · " + fill(tr_count(rows.num_chunks, "{0} chunk", "{0} chunks"), rows.num_chunks);
  if (context.view.steps.position < 3.0f) return facts;  // nothing is drawn yet
  if (frame.batch.num_attempts[m] == 0 || frame.batch.input_budget[m] == 0) return facts;
  char keep[16];
  std::snprintf(keep, sizeof keep, "%.2f", frame.batch.keep_probability[m]);
  return facts + " · " + fill(tr("keep {0}"), keep);
}

}  // namespace

float wanted_text_card_height(PanelContext& context, int modality, float width) {
  TextRows rows = make_rows(context, modality, false);
  if (rows.rows.empty()) return context.px(card_header_height + 56);
  return context.px(card_header_height) + arrange(context, rows.rows, width - context.px(4 * card_inset)) + context.px(card_inset + 18);
}

void draw_text_card(PanelContext& context, int modality, ImVec2 position, ImVec2 size) {
  const MaskedFrame& frame = context.frame();
  const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(modality)];
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{position.x + size.x, position.y + size.y};
  list.AddRectFilled(position, end, context.theme.card, context.px(8));
  list.AddRect(position, end, context.theme.line, context.px(8), 0, context.px(1));
  context.log_widget("card." + entry.modality.name, position, end);

  const float masked = share_of_step(context.view.steps, 2);
  TextRows rows = make_rows(context, modality, masked <= 0.0f);
  const bool is_caption = entry.modality.name == "caption" && !context.frame().inputs->loaded && !context.frame().inputs->dump;
  const float edit_width = is_caption ? widgets::text_width(context.fonts.small, tr("edit")) + context.px(14) : 0.0f;
  const float header = draw_card_header(context, modality, position, size.x - edit_width, facts_of(context, modality, rows));
  ImGui::PushID(entry.modality.name.c_str());
  if (is_caption) {
    ImGui::SetCursorScreenPos({end.x - edit_width - context.px(card_inset - 2), position.y + context.px(6)});
    if (ImGui::InvisibleButton("edit", {edit_width, context.px(22)})) context.view.is_text_editor_wanted = true;
    const bool is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    widgets::text_right(context, context.fonts.small, {max.x - context.px(4), (min.y + max.y) * 0.5f},
                        is_hot ? context.theme.text : context.theme.accent, tr("edit"));
    context.log_last_item("caption.edit");
  }
  const float inset = context.px(card_inset + 2);
  if (!frame.is_present(modality)) {
    const float margin = context.px(card_inset);
    draw_missing(context, modality, {position.x + margin, position.y + header}, {size.x - 2 * margin, size.y - header - margin});
    ImGui::PopID();
    return;
  }
  ImGui::SetCursorScreenPos({position.x + inset, position.y + header});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, 0);
  ImGui::BeginChild("rows", {std::max(size.x - 2 * inset, 1.0f), std::max(size.y - header - context.px(4), 1.0f)}, false);
  const float width = std::max(ImGui::GetContentRegionAvail().x - context.px(4), context.px(name_width + 20));
  arrange(context, rows.rows, width);
  if (masked > 0.0f && masked < 1.0f) {
    TextRows text = make_rows(context, modality, true);
    arrange(context, text.rows, width);
    take_from_text(text.rows, masked, rows.rows);
  }
  draw_rows(context, modality, rows.rows, ImGui::GetCursorScreenPos(), width);
  if (rows.num_discarded > 0 && masked >= 1.0f) {
    const auto m = static_cast<std::size_t>(modality);
    // Rows of floats are never a target: what is masked of them is simply left out.
    const bool is_rows = entry.modality.kind == ModalityKind::seq_emb;
    const std::string cut = is_rows ? fill(tr_count(rows.num_discarded, "masked rows are left out: {0} row discarded", "masked rows are left out: {0} rows discarded"), rows.num_discarded)
                                    : fill(tr_count(rows.num_discarded, "target cut at budget {1}: {0} token discarded", "target cut at budget {1}: {0} tokens discarded"),
                                           rows.num_discarded, frame.batch.target_budget[m]);
    ImGui::SetCursorPosX(ImGui::GetCursorPosX() + context.px(name_width));
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, cut, width - context.px(name_width));
  }
  ImGui::EndChild();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar();
  ImGui::PopID();
}

}  // namespace maskscope
