#include "app/panels/mixture_rows.h"

#include <algorithm>
#include <cstdio>

#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {

int shown_component(const PanelContext& context) {
  const int last = std::max(context.session.document().scheme.num_components() - 1, 0);
  return std::clamp(context.view.component.value_or(context.frame().batch.component[0]), 0, last);
}

namespace {

// How often the component is drawn, against the others.
void draw_weight(PanelContext& context, int component) {
  const std::vector<double>& weights = context.session.document().scheme.sampling_weights;
  const int count = context.session.document().scheme.num_components();
  double weight = weights.empty() ? 1.0 : weights[static_cast<std::size_t>(component)], sum = 0;
  for (const double one : weights) sum += one;
  const bool is_used = !context.frame().scheme.sampling_weights.empty();
  const double share = !is_used ? 1.0 / count : sum > 0 ? weight / sum : 0.0;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x, middle = at.y + ImGui::GetFrameHeight() * 0.5f;
  widgets::text(context, context.fonts.body, {at.x, middle}, context.theme.secondary_text, tr("weight"));
  ImGui::SetCursorScreenPos({at.x + widgets::text_width(context.fonts.body, tr("component")) + context.px(10), at.y});
  ImGui::PushFont(context.fonts.mono);
  ImGui::SetNextItemWidth(context.px(84));
  const double low = 0, high = 1000;
  const bool is_moved = ImGui::DragScalar("##weight", ImGuiDataType_Double, &weight, 0.01f, &low, &high, "%.3g", ImGuiSliderFlags_AlwaysClamp);
  ImGui::PopFont();
  context.log_last_item("scheme.weight");
  if (is_moved) context.session.apply(edits::set_sampling_weight(component, weight));
  if (widgets::drag_ended()) context.session.end_merge();
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, tr("Sampling weight of this component against the others. The reference uses weights with shards only: folders and "
                                 "validation sets draw all components alike."));
  }
  char label[32];
  std::snprintf(label, sizeof label, "%.3g", share * 100);
  widgets::text_right(context, context.fonts.small, {right, middle}, context.theme.secondary_text,
                      fill(is_used || weights.empty() ? tr("{0} % of samples") : tr("not used here: {0} %"), label));
}

}  // namespace

// Which vector of alphas of a mixture is shown and edited.
void draw_component(PanelContext& context) {
  const int count = context.session.document().scheme.num_components();
  if (count < 2) return;
  const int shown = shown_component(context), drawn = context.frame().batch.component[0];
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x, middle = at.y + context.px(13);
  widgets::text(context, context.fonts.body, {at.x, middle}, context.theme.secondary_text, tr("component"));
  ImGui::SetCursorScreenPos({at.x + widgets::text_width(context.fonts.body, tr("component")) + context.px(10), at.y});
  if (widgets::icon_button(context, "previous component", widgets::Icon::left, tr("Previous component of the mixture"))) {
    context.view.component = (shown + count - 1) % count;
  }
  context.log_last_item("scheme.component.previous");
  ImGui::SameLine(0, context.px(4));
  if (widgets::chip(context, "component", "", fill(tr("{0} of {1}"), shown + 1, count))) context.view.component.reset();
  context.log_last_item("scheme.component");
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, tr("A mixture: for every sample one component is drawn, each with alphas and keep schemes of its own. Click to show the one drawn for this sample."));
  }
  ImGui::SameLine(0, context.px(4));
  if (widgets::icon_button(context, "next component", widgets::Icon::right, tr("Next component of the mixture"))) {
    context.view.component = (shown + 1) % count;
  }
  context.log_last_item("scheme.component.next");
  const bool is_drawn = shown == drawn;
  widgets::text_right(context, context.fonts.small, {right, middle}, is_drawn ? context.theme.good : context.theme.secondary_text,
                      is_drawn ? std::string(tr("drawn")) : fill(tr("drawn: {0}"), drawn + 1));
  draw_weight(context, shown);
}

namespace {

std::vector<const SchemeModality*> texts_of(const Scheme& scheme) {
  std::vector<const SchemeModality*> texts;
  for (const SchemeModality& entry : scheme.modalities) {
    if (entry.modality.kind != ModalityKind::img && !entry.keep.empty()) texts.push_back(&entry);
  }
  return texts;
}

// By value of KeepScheme.
constexpr const char* keep_names[] = {tr_later("random"), tr_later("all"), tr_later("binary")};

bool is_text(const Modality& modality) { return modality.kind != ModalityKind::img; }

}  // namespace

// All texts together where they keep alike, else one by one.
void draw_keep(PanelContext& context) {
  const std::vector<const SchemeModality*> texts = texts_of(context.frame().scheme);
  if (texts.empty()) return;
  const auto component = static_cast<std::size_t>(shown_component(context));
  const bool is_alike = std::all_of(texts.begin(), texts.end(), [&](const SchemeModality* text) { return text->keep[component] == texts.front()->keep[component]; });
  const std::string tip = tr("How likely a token is kept in the input: random = a probability drawn anew for every text, all = 1, binary = 0 or 1. "
                             "While the input is longer than its budget it is lowered by a tenth and drawn again.");
  std::string& chosen_text = context.view.keep_modality;
  const auto found = std::find_if(texts.begin(), texts.end(), [&](const SchemeModality* text) { return text->modality.name == chosen_text; });
  const SchemeModality* one = found == texts.end() ? nullptr : *found;
  if (!one && !is_alike) one = texts.front();

  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string label = one ? fill(tr("keep {0}"), one->modality.short_name) : std::string(tr("keep texts"));
  if (widgets::chip(context, "keep of", "", label)) ImGui::OpenPopup("keep menu");
  const ImVec2 below{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)};
  const float label_width = ImGui::GetItemRectMax().x - at.x + context.px(8);
  context.log_last_item("scheme.keep.of");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, cat(tip, " ", tr("Click to choose a text of its own.")));
  ImGui::SetNextWindowPos(below);
  if (ImGui::BeginPopup("keep menu")) {
    if (ImGui::MenuItem(tr("all texts"), nullptr, one == nullptr, is_alike)) chosen_text.clear();
    for (const SchemeModality* text : texts) {
      if (ImGui::MenuItem(cat(text->modality.name, "   ", tr(keep_names[static_cast<std::size_t>(text->keep[component])])).c_str(), nullptr, text == one)) chosen_text = text->modality.name;
    }
    ImGui::EndPopup();
  }
  ImGui::SetCursorScreenPos({at.x + label_width, at.y});
  const KeepScheme keep = (one ? one : texts.front())->keep[component];
  const std::string name = one ? one->modality.name : "";
  const int chosen = widgets::segments(context, "scheme.keep", {keep_names[0], keep_names[1], keep_names[2]}, static_cast<int>(keep),
                                       std::max(ImGui::GetContentRegionAvail().x, context.px(120)));
  if (chosen != static_cast<int>(keep)) context.session.apply(edits::set_keep(static_cast<int>(component), static_cast<KeepScheme>(chosen), name));
}

float mixture_rows_height(const PanelContext& context) {
  const Scheme& scheme = context.session.document().scheme;
  const std::vector<SchemeModality>& shown = context.frame().scheme.modalities;
  const bool has_text = std::any_of(shown.begin(), shown.end(), [](const SchemeModality& entry) { return is_text(entry.modality); });
  const bool is_mixture = scheme.mode == BudgetMode::sampled && scheme.num_components() > 1;
  return (is_mixture ? 68.0f : 0.0f) + (has_text ? 38.0f : 0.0f);
}

}  // namespace maskscope
