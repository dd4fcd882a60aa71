#include "app/panels/scheme_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/imgui_compat.h"
#include "app/panels/browser.h"
#include "app/panels/mixture_rows.h"
#include "app/panels/widgets.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float zero_part = 0.06f;  // the left end of an alpha slider means exactly 0
constexpr double lowest_exponent = -3, highest_exponent = 3;
constexpr int max_tokens_field = 4096;

std::string alpha_label(double alpha) {
  char label[32];
  std::snprintf(label, sizeof label, alpha == 0 ? "0" : alpha < 0.0995 ? "%.2g" : alpha < 9.95 ? "%.2f" : "%.0f", alpha);
  return label;
}

// The schemes of the configuration that is open, below the presets.
void draw_config_schemes(PanelContext& context) {
  const std::shared_ptr<const LoadedConfig> config = context.frame().inputs->config;
  if (!config) return;
  ImGui::Separator();
  ImGui::TextDisabled("%s", config->path.filename().string().c_str());
  const std::string shown = context.session.document().inputs.dataset.config_dataset;
  for (const ConfigDataset& dataset : config->training) {
    const std::string label = cat(dataset.name.empty() ? dataset.scheme.name : dataset.name, "##config ", dataset.name);
    if (ImGui::Selectable(label.c_str(), false) && context.browser) {
      context.browser->apply_in_background(context.session, edits::set_config_dataset(dataset.name), dataset.name);
    }
  }
}

void draw_preset(PanelContext& context) {
  const std::string& name = context.session.document().scheme.name;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  if (ImGui::BeginCombo("##preset", name.c_str(), ImGuiComboFlags_HeightLargest)) {
    for (const std::string& preset : preset_names()) {
      if (!ImGui::Selectable(preset.c_str(), preset == name)) continue;
      // Of a data set it may want files that are not open yet.
      if (context.browser && context.frame().inputs->dataset) context.browser->apply_in_background(context.session, edits::set_preset(preset), preset);
      else context.session.apply(edits::set_preset(preset));
    }
    draw_config_schemes(context);
    ImGui::EndCombo();
  }
  context.log_last_item("scheme.preset");
}

// A label and a number side by side in half the panel. Returns true when the number changed.
bool labelled_number(PanelContext& context, const char* id, const char* whole_label, int& value, int low, int high, float width) {
  bool is_cut = false;
  const std::string label = widgets::ellipsized(context.fonts.body, whole_label, std::max(width - context.px(44), context.px(20)), is_cut);
  const float label_width = widgets::text_width(context.fonts.body, label) + context.px(8);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  widgets::text(context, context.fonts.body, {at.x, at.y + ImGui::GetFrameHeight() * 0.5f}, context.theme.secondary_text, label);
  ImGui::SetCursorScreenPos({at.x + label_width, at.y});
  const bool is_changed = widgets::number(context, id, value, low, high, std::max(width - label_width, context.px(30)));
  context.log_last_item(std::string("scheme.") + (id + 2));
  if (widgets::drag_ended()) context.session.end_merge();
  return is_changed;
}

void draw_sampled_counts(PanelContext& context) {
  const Scheme& scheme = context.session.document().scheme;
  const float gap = context.px(12), half = (ImGui::GetContentRegionAvail().x - gap) * 0.5f;
  TokenRange input = scheme.input_tokens;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  // One number moves a range of one value as a whole; a wider range keeps its lower end.
  const auto edit_range = [&](const char* id, const char* label, TokenRange range, auto make_edit) {
    int high = range.high;
    if (labelled_number(context, id, label, high, 0, max_tokens_field, half)) {
      const int low = range.low == range.high ? high : std::min(range.low, high);
      context.session.apply(make_edit(TokenRange{low, high}));
    }
    if (ImGui::IsItemHovered()) {
      widgets::tooltip(context, fill(tr("{0}: tokens drawn for this side, at most as many slots are used. Range {1} to {2}. Drag, or double-click to type."), label,
                                     range.low, range.high));
    }
  };
  edit_range("##in", tr("in tokens"), input, edits::set_input_tokens);
  ImGui::SetCursorScreenPos({at.x + half + gap, at.y});
  if (scheme.target_tokens) {
    edit_range("##out", tr("out tokens"), *scheme.target_tokens, edits::set_target_tokens);
    return;
  }
  const ImVec2 out{at.x + half + gap, at.y};
  const char* const label = tr("out tokens");
  widgets::text(context, context.fonts.body, {out.x, out.y + ImGui::GetFrameHeight() * 0.5f}, context.theme.secondary_text, label);
  ImGui::SetCursorScreenPos({out.x + widgets::text_width(context.fonts.body, label) + context.px(8), out.y});
  if (widgets::chip(context, "all targets", "", tr("all"))) context.session.apply(edits::set_all_targets(false));
  context.log_last_item("scheme.out.all");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Every token that is not input is a target. Click for a number of tokens instead."));
}

void draw_slot_counts(PanelContext& context) {
  const Scheme& scheme = context.session.document().scheme;
  const float gap = context.px(12), half = (ImGui::GetContentRegionAvail().x - gap) * 0.5f;
  int encoder = scheme.encoder_slots, decoder = scheme.decoder_slots;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (labelled_number(context, "##encoder_slots", tr("slots N"), encoder, 1, max_tokens_field, half)) context.session.apply(edits::set_encoder_slots(encoder));
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Encoder slots N: tokens beyond them are cut off in concatenation order."));
  ImGui::SetCursorScreenPos({at.x + half + gap, at.y});
  if (labelled_number(context, "##decoder_slots", tr("slots M"), decoder, 1, max_tokens_field, half)) context.session.apply(edits::set_decoder_slots(decoder));
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Decoder slots M: tokens beyond them are cut off in (shuffled) concatenation order."));
}

// Colour square and name; returns where the control begins.
float row_name(PanelContext& context, const Modality& info, ImVec2 at, float height, float width) {
  const float square = context.px(8), middle = at.y + height * 0.5f;
  ImGui::GetWindowDrawList()->AddRectFilled({at.x, middle - square * 0.5f}, {at.x + square, middle + square * 0.5f},
                                            modality_hue(context, info.name), context.px(2));
  bool is_cut = false;
  const std::string base = info.name.substr(0, info.name.find('@'));
  widgets::text(context, context.fonts.body, {at.x + square + context.px(7), middle}, context.theme.text,
                widgets::ellipsized(context.fonts.body, base, width - square - context.px(12), is_cut));
  return at.x + width;
}

// Name, and the side that all its tokens go to.
void draw_transfer_row(PanelContext& context, const SchemeModality& entry) {
  const Modality& info = entry.modality;
  const float height = context.px(28);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float left = row_name(context, info, at, height, std::min(context.px(126), width * 0.42f));
  ImGui::SetCursorScreenPos({left, at.y + context.px(1)});
  const int role = entry.transfer_role == TransferRole::target ? 1 : 0;
  const std::string id = "scheme.transfer." + info.name;
  const int chosen = widgets::segments(context, id.c_str(), {tr_later("input"), tr_later("target")}, role, width - (left - at.x));
  if (chosen != role) context.session.apply(edits::set_transfer_role(info.name, chosen == 1 ? TransferRole::target : TransferRole::input));
  ImGui::SetCursorScreenPos({at.x, at.y + height});
  ImGui::Dummy({0, 0});
}

void draw_alpha_row(PanelContext& context, const SchemeModality& entry) {
  const Modality& info = entry.modality;
  const bool is_target = context.view.shows_target_alphas;
  const bool reaches = is_target ? entry.reaches_decoder() : entry.reaches_encoder();
  const int component = shown_component(context);
  const double alpha = (is_target ? entry.target_alphas : entry.input_alphas)[static_cast<std::size_t>(component)];
  const float height = context.px(24), value_width = context.px(44);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float left = row_name(context, info, at, height, std::min(context.px(124), width * 0.4f));
  const float middle = at.y + height * 0.5f;
  ImGui::PushID(info.name.c_str());
  if (reaches) {
    ImGui::SetCursorScreenPos({left, at.y});
    float position = alpha_to_slider(alpha);
    const std::string widget = cat("scheme.alpha.", info.name);
    if (widgets::slider(context, "alpha", position, std::max(width - (left - at.x) - value_width, context.px(30)), height)) {
      const double value = slider_to_alpha(position);
      context.session.apply(is_target ? edits::set_target_alpha(info.name, component, value) : edits::set_input_alpha(info.name, component, value));
    }
    context.log_last_item(widget);
    if (widgets::drag_ended()) context.session.end_merge();
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, {left, at.y + height})) {
      const std::string what = fill(is_target ? tr("Target alpha of {0}: {1}.") : tr("Input alpha of {0}: {1}."), info.name, alpha_label(alpha));
      widgets::tooltip(context, cat(what, " ", tr("The larger against the others, the more tokens on average; small alphas everywhere give all tokens to few modalities. "
                                                  "At the left end it is exactly 0: never chosen.")));
    }
    widgets::text_right(context, context.fonts.mono, {at.x + width, middle}, context.theme.text, alpha_label(alpha));
  } else {
    widgets::text(context, context.fonts.small, {left, middle}, context.theme.secondary_text, is_target ? tr("never a target") : tr("never an input"));
  }
  ImGui::PopID();
  ImGui::SetCursorScreenPos({at.x, at.y + height});
  ImGui::Dummy({0, 0});
}

void draw_direct_row(PanelContext& context, const SchemeModality& entry) {
  const Modality& info = entry.modality;
  // A bar reaches as far as its handles can act: a text of 17 tokens has no use for a bar of 256.
  int reach = info.max_tokens;
  if (info.kind == ModalityKind::seq) {
    const int at = context.frame().scheme.find(info.name);
    const auto& tokens = context.frame().sample.modalities;
    if (at >= 0) reach = std::min(info.max_tokens, 2 * (static_cast<int>(tokens[static_cast<std::size_t>(at)].ids.size()) + 1));
  }
  reach = std::max({reach, 1, std::min(entry.direct_encoder_tokens + entry.direct_decoder_tokens, info.max_tokens)});
  const float height = context.px(24), value_width = context.px(62);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  const float left = row_name(context, info, at, height, std::min(context.px(126), width * 0.42f));
  ImGui::PushID(info.name.c_str());
  ImGui::SetCursorScreenPos({left, at.y});
  widgets::TwoHandles value{entry.direct_encoder_tokens, entry.direct_decoder_tokens, entry.reaches_encoder(), entry.reaches_decoder()};
  const int changed = widgets::two_handle_bar(context, "bar", value, reach, std::max(width - (left - at.x) - value_width, context.px(30)), height);
  if (changed == 1) {
    // The first handle moves the border between the two sides.
    context.session.apply(edits::set_direct(info.name, value.encoder, value.decoder));
  } else if (changed == 2) {
    context.session.apply(edits::set_direct_decoder(info.name, value.decoder));
  }
  context.log_last_item(cat("scheme.direct.", info.name, ".bar"));
  if (widgets::drag_ended()) context.session.end_merge();
  if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(at, {left, at.y + height})) {
    const int rest = reach - value.encoder - value.decoder;
    const auto percent = [&](int tokens) { return static_cast<int>(std::lround(100.0 * tokens / reach)); };
    widgets::tooltip(context, fill(tr("{0}: encoder {1} ({2} %), decoder {3} ({4} %), left over {5} of {6}. Drag a handle, or use the arrow keys; up and down change the "
                                      "handle."),
                                   info.name, value.encoder, percent(value.encoder), value.decoder, percent(value.decoder), rest, reach));
  }
  const float middle = at.y + height * 0.5f;
  widgets::text_right(context, context.fonts.mono_small, {at.x + width, middle}, context.theme.decoder_text, cat(value.decoder));
  widgets::text_right(context, context.fonts.mono_small, {at.x + width - context.px(30), middle}, context.theme.encoder_text, cat(value.encoder));
  ImGui::PopID();
  ImGui::SetCursorScreenPos({at.x, at.y + height});
  ImGui::Dummy({0, 0});
}

// A dumped batch was masked elsewhere: nothing here would act.
void draw_dump_facts(PanelContext& context) {
  const float width = ImGui::GetContentRegionAvail().x;
  widgets::paragraph(context, context.fonts.title, context.theme.text, tr("Content masks from a file"), width);
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     tr("These content masks were made by a training loop; nothing is drawn here. Concatenation, selection and attention are computed from them. "
                        "Open a picture, a text or a data set to mask it yourself."),
                     width);
}

}  // namespace

void switch_mode(Session& session, BudgetMode mode) {
  if (mode == BudgetMode::sampled) {
    session.apply(edits::set_mode(BudgetMode::sampled));
    return;
  }
  if (mode == BudgetMode::transfer) {
    session.apply(edits::set_transfer_mode());
    return;
  }
  // Direct mode goes on from the budgets that are on the screen, unless it has some of its own already.
  const MaskedFrame& frame = session.frame();
  std::vector<DirectBudget> start;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const SchemeModality& entry = frame.scheme.modalities[static_cast<std::size_t>(m)];
    const std::int32_t input = frame.masks().input_budget(m), target = frame.masks().target_budget(m);
    start.push_back({entry.modality.name, input, target < 0 ? entry.modality.max_tokens - input : target});
  }
  session.apply(edits::set_direct_mode(std::move(start)));
}

float wanted_scheme_height(const PanelContext& context) {
  const Scheme& scheme = context.frame().scheme;
  const Scheme& whole = context.session.document().scheme;
  const int rows = context.frame().inputs->config ? whole.num_modalities() : scheme.num_modalities();
  if (context.session.document().inputs.picture == PictureSource::dump) return context.px(150);
  if (whole.mode == BudgetMode::transfer) return context.px(static_cast<float>(146 + 28 * rows));
  const bool is_sampled = whole.mode == BudgetMode::sampled;
  return context.px(static_cast<float>((is_sampled ? 174 : 158) + 24 * rows) + mixture_rows_height(context));
}

float alpha_to_slider(double alpha) {
  if (alpha <= 0) return 0;
  const double t = (std::log10(alpha) - lowest_exponent) / (highest_exponent - lowest_exponent);
  return zero_part + (1 - zero_part) * static_cast<float>(std::clamp(t, 0.0, 1.0));
}

double slider_to_alpha(float position) {
  if (position < zero_part * 0.5f) return 0;
  const double t = std::clamp((position - zero_part) / (1 - zero_part), 0.0f, 1.0f);
  const double alpha = std::pow(10.0, lowest_exponent + t * (highest_exponent - lowest_exponent));
  // Two significant digits: what the label shows is what is computed.
  const double unit = std::pow(10.0, std::floor(std::log10(alpha)) - 1);
  return std::round(alpha / unit) * unit;
}

void draw_scheme(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "scheme", position, size)) {
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(8), context.px(8)});
    widgets::caption(context, tr("SCHEME"));
    if (context.session.document().inputs.picture == PictureSource::dump) {
      draw_dump_facts(context);
      ImGui::PopStyleVar();
      widgets::end_panel();
      return;
    }
    draw_preset(context);
    const BudgetMode mode = context.session.document().scheme.mode;
    const int chosen = widgets::segments(context, "scheme.mode", {tr_later("sampled"), tr_later("direct"), tr_later("transfer")}, static_cast<int>(mode), ImGui::GetContentRegionAvail().x);
    if (chosen != static_cast<int>(mode)) switch_mode(context.session, static_cast<BudgetMode>(chosen));
    const Scheme scheme = context.session.document().scheme;  // a copy: edits below change the document's
    if (scheme.mode == BudgetMode::sampled) {
      draw_sampled_counts(context);
      draw_component(context);
      context.view.shows_target_alphas =
          widgets::segments(context, "scheme.alphas", {tr_later("input alphas"), tr_later("target alphas")}, context.view.shows_target_alphas ? 1 : 0,
                            ImGui::GetContentRegionAvail().x) == 1;
    } else if (scheme.mode == BudgetMode::transfer) {
      draw_slot_counts(context);
    } else {
      draw_slot_counts(context);
      const ImVec2 at = ImGui::GetCursorScreenPos();
      const float right = at.x + ImGui::GetContentRegionAvail().x, middle = at.y + context.px(6);
      widgets::text(context, context.fonts.small, {at.x, middle}, context.theme.secondary_text, tr("tokens per modality"));
      widgets::text_right(context, context.fonts.small, {right, middle}, context.theme.decoder_text, tr("out"));
      widgets::text_right(context, context.fonts.small, {right - context.px(30), middle}, context.theme.encoder_text, tr("in"));
      ImGui::Dummy({1, context.px(10)});
    }
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(8), 0});
    const bool has_config = context.frame().inputs->config != nullptr && scheme.mode == BudgetMode::sampled;
    for (const SchemeModality& entry : scheme.modalities) {
      // Of a configuration every number can be edited, whatever is shown.
      if (!has_config && context.frame().scheme.find(entry.modality.name) < 0) continue;
      if (scheme.mode == BudgetMode::sampled) draw_alpha_row(context, entry);
      else if (scheme.mode == BudgetMode::direct) draw_direct_row(context, entry);
      else draw_transfer_row(context, entry);
    }
    ImGui::PopStyleVar();
    ImGui::Dummy({1, context.px(1)});
    if (scheme.mode != BudgetMode::transfer) draw_keep(context);
    ImGui::PopStyleVar();
  }
  widgets::end_panel();
}

}  // namespace maskscope
