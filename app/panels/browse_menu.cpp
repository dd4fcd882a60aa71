#include "app/panels/browse_menu.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <charconv>

#include "app/imgui_compat.h"
#include "app/number_text.h"
#include "app/panels/browser.h"
#include "app/panels/widgets.h"
#include "core/data/batch_dump.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float menu_width = 380;  // px at scale 1

// What was typed: a key, unless it is a number that does not begin with 0.
void go_to_typed(PanelContext& context, std::string text) {
  text.erase(0, text.find_first_not_of(' '));
  text.erase(text.find_last_not_of(' ') + 1);
  if (text.empty()) return;
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = failure == std::errc{} && end == text.data() + text.size() && (text.size() == 1 || text[0] != '0');
  if (is_number) context.browser->go_to(context, number);
  else context.browser->go_to_key(context, text);
}

bool labelled_text(PanelContext& context, const char* id, const char* hint, std::string& text, float width) {
  ImGui::SetNextItemWidth(width);
  const bool is_entered = ImGui::InputTextWithHint(id, hint, &text, ImGuiInputTextFlags_EnterReturnsTrue);
  context.log_last_item(std::string("browse.") + (id + 2));
  return is_entered;
}

void draw_where(PanelContext& context, float width) {
  const Inputs& inputs = *context.frame().inputs;
  const OpenDataset::Status status = inputs.dataset->status();
  widgets::caption(context, tr("SAMPLE"));
  bool is_cut = false;
  const std::string key = widgets::ellipsized(context.fonts.mono, drawable(inputs.title), width, is_cut);
  widgets::paragraph(context, context.fonts.mono, context.theme.text, key, width);
  if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, inputs.title);
  widgets::paragraph(context, context.fonts.small, context.theme.secondary_text,
                     fill(status.is_complete ? tr("number {0} of {1}, from 0") : tr("number {0} of {1}, from 0, still indexing"),
                          grouped(context.session.document().inputs.dataset.sample), grouped(status.num_samples)) +
                         " · " + (inputs.dataset->layout() == DatasetLayout::shards ? tr("shards") : tr("folders")),
                     width);
}

void draw_jump(PanelContext& context, float width) {
  ViewState& view = context.view;
  const float button = context.px(96);
  if (view.is_jump_wanted) {
    view.jump_text.clear();
    ImGui::SetKeyboardFocusHere();
    view.is_jump_wanted = false;
  }
  const bool is_entered = labelled_text(context, "##jump", tr("number or key"), view.jump_text, width - button);
  ImGui::SameLine(0, context.px(6));
  if (widgets::chip(context, "go", "", tr("Go")) || is_entered) go_to_typed(context, view.jump_text);
  context.log_last_item("browse.go");
}

void draw_search(PanelContext& context, float width) {
  SampleFilter& filter = context.browser->filter();
  const float buttons = context.px(96);
  const bool is_entered = labelled_text(context, "##search", tr("words in captions and texts"), filter.text, width - buttons);
  if (is_entered) ImGui::SetKeyboardFocusHere(-1);  // Enter again: the next one
  ImGui::SameLine(0, context.px(6));
  if (widgets::icon_button(context, "search back", widgets::Icon::left, tr("The one before that fits"))) context.browser->step(context, -1);
  context.log_last_item("browse.back");
  ImGui::SameLine(0, context.px(4));
  if (widgets::icon_button(context, "search on", widgets::Icon::right, tr("The next one that fits (Enter)")) || is_entered) context.browser->step(context, 1);
  context.log_last_item("browse.next");
  if (!filter.is_empty()) {
    ImGui::SameLine(0, context.px(4));
    if (widgets::icon_button(context, "search clear", widgets::Icon::close, tr("Show all samples again"))) filter = {};
    context.log_last_item("browse.clear");
  }
  if (widgets::chip(context, "problems only", "", tr("only samples with a problem"), filter.has_problem)) filter.has_problem = !filter.has_problem;
  context.log_last_item("browse.problems");
  ImGui::SameLine(0, context.px(6));
  if (widgets::chip(context, "random", "", tr("random"))) context.browser->go_anywhere(context);
  context.log_last_item("browse.random");
}

void draw_reading(PanelContext& context, float width) {
  const DatasetSpec& spec = context.session.document().inputs.dataset;
  widgets::caption(context, tr("READ AS"));
  const int split = spec.is_validation ? 1 : 0;
  const int chosen = widgets::segments(context, "browse.split", {tr_later("training"), tr_later("validation")}, split, width);
  if (chosen != split) context.browser->apply_in_background(context.session, edits::set_training(chosen == 0), spec.path);
  widgets::paragraph(context, context.fonts.small, context.theme.secondary_text,
                     spec.transforms.is_training ? tr("Crops, captions and orders are drawn by the seed, as a training loader does.")
                                                 : tr("The first crop and the first caption, as a loader without augmentation does."),
                     width);
  const std::shared_ptr<const LoadedConfig>& config = context.frame().inputs->config;
  if (!config || config->training.size() < 2) return;
  ImGui::SetNextItemWidth(width);
  if (ImGui::BeginCombo("##config dataset", fill(tr("data set {0}"), spec.config_dataset).c_str())) {
    for (const ConfigDataset& dataset : config->training) {
      const std::string label = dataset.is_usable ? dataset.name : fill(tr("{0} (has errors)"), dataset.name);
      if (ImGui::Selectable(label.c_str(), dataset.name == spec.config_dataset)) {
        context.browser->apply_in_background(context.session, edits::set_config_dataset(dataset.name), dataset.name);
      }
    }
    ImGui::EndCombo();
  }
  context.log_last_item("browse.dataset");
}

void draw_menu(PanelContext& context, ImVec2 below) {
  ImGui::SetNextWindowPos(below);
  const float room = ImGui::GetIO().DisplaySize.x - below.x - context.px(8);
  ImGui::SetNextWindowSize({std::clamp(room, context.px(160), context.px(menu_width)), 0});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.px(12), context.px(12)});
  if (ImGui::BeginPopup("browse")) {
    const float width = ImGui::GetContentRegionAvail().x;
    draw_where(context, width);
    ImGui::Dummy({1, context.px(2)});
    draw_jump(context, width);
    draw_search(context, width);
    ImGui::Dummy({1, context.px(2)});
    draw_reading(context, width);
    if (imgui_compat::is_key_pressed(Key::escape, false)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace

void draw_sample_counter(PanelContext& context) {
  const InputSpec& inputs = context.session.document().inputs;
  const bool is_dump = inputs.picture == PictureSource::dump;
  const std::int64_t number = is_dump ? inputs.dump.sample : inputs.dataset.sample;
  const std::shared_ptr<OpenDataset>& dataset = context.frame().inputs->dataset;
  const OpenDataset::Status status = dataset ? dataset->status() : OpenDataset::Status{context.frame().inputs->dump->batch_size, true, 1};
  if (widgets::icon_button(context, "previous sample", widgets::Icon::left, tr("Previous sample (Page up)")) && number > 0) context.browser->step(context, -1);
  context.log_last_item("sample.previous");
  ImGui::SameLine(0, context.px(4));
  const bool is_filtered = dataset && !context.browser->filter().is_empty();
  const std::string count = cat(grouped(number), " / ", grouped(status.num_samples), status.is_complete ? "" : "+");
  const bool is_clicked = widgets::chip(context, "sample", is_filtered ? tr("filtered") : tr("sample"), count, is_filtered);
  const ImVec2 below{ImGui::GetItemRectMin().x, ImGui::GetItemRectMax().y + context.px(4)};
  context.log_last_item("sample.counter");
  if (ImGui::IsItemHovered()) {
    widgets::tooltip(context, cat(context.frame().inputs->title, "\n", is_dump ? inputs.dump.path.string() : inputs.dataset.path, "\n",
                                  is_dump ? tr("Content masks as they were saved: nothing is drawn here.") : tr("Click to jump, to search and to choose how samples are read (Ctrl+G).")));
  }
  if (dataset && (is_clicked || context.view.is_browse_menu_wanted)) {
    if (context.view.is_browse_menu_wanted) context.view.is_jump_wanted = true;
    ImGui::OpenPopup("browse");
  }
  context.view.is_browse_menu_wanted = false;
  if (dataset) draw_menu(context, below);
  ImGui::SameLine(0, context.px(4));
  const bool has_next = !status.is_complete || number + 1 < status.num_samples || is_filtered;
  if (widgets::icon_button(context, "next sample", widgets::Icon::right, tr("Next sample (Page down)")) && has_next) context.browser->step(context, 1);
  context.log_last_item("sample.next");
  if (!dataset || ImGui::GetIO().DisplaySize.x < context.px(1240)) return;
  ImGui::SameLine(0, context.px(6));
  const bool is_validation = inputs.dataset.is_validation;
  if (widgets::chip(context, "split", "", is_validation ? tr("validation") : tr("training"))) {
    context.browser->apply_in_background(context.session, edits::set_training(is_validation), inputs.dataset.path);
  }
  context.log_last_item("sample.split");
  if (ImGui::IsItemHovered()) widgets::tooltip(context, tr("Read as a training or as a validation loader does: with crops and captions drawn, or the first of each. Click to switch."));
}

}  // namespace maskscope
