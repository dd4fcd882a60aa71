#include "app/panels/problems_panel.h"

#include <algorithm>

#include "app/imgui_compat.h"
#include "app/panels/actions.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float icon_room = 26, entry_gap = 12;  // px at scale 1

ImVec2 wrapped_size(ImFont* font, const std::string& label, float width) {
  return font->CalcTextSizeA(font->FontSize, FLT_MAX, std::max(width, 1.0f), label.data(), label.data() + label.size());
}

// Words one after another, each a link or plain, breaking into lines of this width. One longer than a line is wrapped.
class WordFlow {
 public:
  WordFlow(PanelContext& context, float width) : context_(context), corner_(ImGui::GetCursorScreenPos()), width_(width) {}

  // True when clicked. Nothing for an empty label.
  bool add(const char* what, const std::string& label, bool is_link, const char* tip) {
    if (label.empty()) return false;
    const Theme& theme = context_.theme;
    const std::string shown = drawable(label);
    ImFont* font = context_.fonts.body;
    const float prefix = widgets::text_width(font, what) + context_.px(5);
    const ImVec2 whole = wrapped_size(font, shown, width_ - prefix);
    if (x_ > 0 && x_ + prefix + whole.x > width_) new_line();
    const ImVec2 at{corner_.x + x_, corner_.y + y_};
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddText(font, font->FontSize, at, theme.secondary_text, what);
    ImGui::SetCursorScreenPos({at.x + prefix, at.y});
    const ImVec2 size{std::max(whole.x, 1.0f), whole.y};
    bool is_clicked = false, is_hot = false;
    if (is_link) {
      is_clicked = ImGui::InvisibleButton(what, size);
      is_hot = ImGui::IsItemHovered() || ImGui::IsItemFocused();
      if (ImGui::IsItemHovered()) widgets::tooltip(context_, tip);
    } else {
      ImGui::Dummy(size);
    }
    const ImVec2 place{at.x + prefix, at.y};
    const ImU32 colour = !is_link ? theme.secondary_text : is_hot ? theme.text : theme.accent;
    list.AddText(font, font->FontSize, place, colour, shown.data(), shown.data() + shown.size(), std::max(width_ - prefix, 1.0f));
    if (is_hot) list.AddLine({place.x, place.y + size.y}, {place.x + size.x, place.y + size.y}, theme.text, context_.px(1));
    x_ += prefix + whole.x + context_.px(18);
    line_height_ = std::max(line_height_, whole.y);
    return is_clicked;
  }

  void end() {
    if (x_ > 0) new_line();
    ImGui::SetCursorScreenPos({corner_.x, corner_.y + y_});
  }

 private:
  void new_line() {
    x_ = 0;
    y_ += line_height_ + context_.px(4);
    line_height_ = 0;
  }

  PanelContext& context_;
  ImVec2 corner_;
  float width_, x_ = 0, y_ = 0, line_height_ = 0;
};

// The first token of a modality: pinned, and its table chosen.
void go_to_modality(PanelContext& context, const std::string& name) {
  const MaskedFrame& frame = context.frame();
  const int m = frame.scheme.find(name);
  if (m < 0) return;
  context.view.table_kind = TableKind::modality;
  context.view.table_modality = name;
  const TokenIdentity first{m, 0};
  if (!is_in_sample(frame.masks(), first)) {
    context.session.say(MessageLevel::info, later("{0} has no token in this sample. The Table shows its slots.", name));
    return;
  }
  context.view.pinned = {first, {}, -1};
  context.view.pinned_modality.clear();
  context.session.say(MessageLevel::info, later("Pinned the first token of {0}. The Table shows all of them.", name));
}

void draw_where(PanelContext& context, const DataProblem& problem, float width) {
  if (problem.modality.empty() && problem.key.empty() && problem.file.empty()) return;
  WordFlow flow(context, width);
  const bool is_in_scheme = context.frame().scheme.find(problem.modality) >= 0;
  if (flow.add(tr("modality"), problem.modality, is_in_scheme, tr("Pin its first token, and choose it in the Table."))) go_to_modality(context, problem.modality);
  if (flow.add(tr("key"), problem.key, true, tr("Go to the sample with this key."))) context.view.wanted_key = problem.key;
  if (flow.add(tr("file"), problem.file, true, tr("Copy the path."))) {
    ImGui::SetClipboardText(problem.file.c_str());
    context.session.say(MessageLevel::info, later("Copied {0}.", problem.file));
  }
  flow.end();
}

void draw_entry(PanelContext& context, const DataProblem& problem, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = at.x + context.px(icon_room), room = std::max(width - context.px(icon_room), 1.0f);
  draw_level_icon(context, problem.level, {at.x + context.px(9), at.y + context.fonts.body->FontSize * 0.55f});
  const auto at_left = [&] { ImGui::SetCursorScreenPos({left, ImGui::GetCursorScreenPos().y}); };
  at_left();
  widgets::paragraph(context, context.fonts.body, context.theme.text, drawable(problem.sentence), room);
  at_left();
  draw_where(context, problem, room);
  if (!problem.reference.empty()) {
    at_left();
    widgets::paragraph(context, context.fonts.body, context.theme.secondary_text, drawable(reference_text(problem)), room);
  }
}

void draw_nothing_wrong(PanelContext& context) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, r = context.px(9);
  const ImVec2 c{at.x + r, at.y + context.px(9)};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddCircle(c, r, context.theme.good, 0, context.px(1.5f));
  const ImVec2 tick[] = {{c.x - r * 0.45f, c.y + r * 0.02f}, {c.x - r * 0.1f, c.y + r * 0.38f}, {c.x + r * 0.48f, c.y - r * 0.35f}};
  list.AddPolyline(tick, 3, context.theme.good, 0, context.px(1.5f));
  ImGui::SetCursorScreenPos({at.x + context.px(icon_room), at.y});
  widgets::paragraph(context, context.fonts.title, context.theme.text, tr("Nothing is wrong with this sample."), width - context.px(icon_room));
  ImGui::SetCursorScreenPos({at.x + context.px(icon_room), ImGui::GetCursorScreenPos().y});
  widgets::paragraph(context, context.fonts.body, context.theme.secondary_text,
                     tr("Everything that was found could be read, no budget failed and no token was lost by cutting or for want of slots."), width - context.px(icon_room));
}

}  // namespace

ImU32 level_colour(const Theme& theme, ProblemLevel level) {
  return level == ProblemLevel::error ? theme.error : level == ProblemLevel::warning ? theme.warning : theme.secondary_text;
}

void draw_level_icon(PanelContext& context, ProblemLevel level, ImVec2 c) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImU32 colour = level_colour(context.theme, level), mark = context.theme.panel;
  const float r = context.px(6), line = context.px(1.5f);
  switch (level) {
    case ProblemLevel::error: {
      const float d = r * 0.42f;
      list.AddCircleFilled(c, r, colour);
      list.AddLine({c.x - d, c.y - d}, {c.x + d, c.y + d}, mark, line);
      list.AddLine({c.x - d, c.y + d}, {c.x + d, c.y - d}, mark, line);
      break;
    }
    case ProblemLevel::warning:
      list.AddTriangleFilled({c.x - r * 1.1f, c.y + r * 0.9f}, {c.x + r * 1.1f, c.y + r * 0.9f}, {c.x, c.y - r}, colour);
      list.AddLine({c.x, c.y - r * 0.35f}, {c.x, c.y + r * 0.3f}, mark, line);
      list.AddLine({c.x, c.y + r * 0.5f}, {c.x, c.y + r * 0.75f}, mark, line);
      break;
    case ProblemLevel::note:
      list.AddCircle(c, r, colour, 0, line);
      list.AddLine({c.x, c.y - r * 0.12f}, {c.x, c.y + r * 0.55f}, colour, line);
      list.AddLine({c.x, c.y - r * 0.55f}, {c.x, c.y - r * 0.3f}, colour, line);
      break;
  }
}

void ProblemsPanel::refresh(const PanelContext& context, float width) {
  const MaskedFrame& frame = context.frame();
  const Origin now{context.session.revision(), &frame, frame.inputs.get(), count_problems(frame), width, context.scale, language()};
  if (now == origin_) return;
  origin_ = now;
  problems_ = all_problems(frame);
  heights_.assign(problems_.size(), 0.0f);
}

void ProblemsPanel::draw_list(PanelContext& context) {
  const float width = ImGui::GetContentRegionAvail().x;
  refresh(context, width);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {context.px(4), context.px(4)});
  const float clip_top = ImGui::GetWindowDrawList()->GetClipRectMin().y, clip_bottom = ImGui::GetWindowDrawList()->GetClipRectMax().y;
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float expected = heights_[i] > 0 ? heights_[i] : context.px(60);
    if (at.y > clip_bottom || at.y + expected < clip_top) {
      ImGui::SetCursorScreenPos({at.x, at.y + expected});
      continue;
    }
    ImGui::PushID(static_cast<int>(i));
    draw_entry(context, problems_[i], width);
    ImGui::PopID();
    const float end = ImGui::GetCursorScreenPos().y;
    const float middle = end + context.px(entry_gap * 0.5f) - context.px(3);
    if (i + 1 < problems_.size()) {
      ImGui::GetWindowDrawList()->AddLine({at.x + context.px(icon_room), middle}, {at.x + width, middle}, context.theme.line, context.px(1));
    }
    heights_[i] = end + context.px(entry_gap) - at.y;
    ImGui::SetCursorScreenPos({at.x, at.y + heights_[i]});
    context.log_widget(cat("problem.", i), at, {at.x + width, end});
  }
  ImGui::Dummy({1, 1});
  ImGui::PopStyleVar();
}

void ProblemsPanel::draw(PanelContext& context, ImVec2 position, ImVec2 size) {
  if (widgets::begin_panel(context, "problems", position, size)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const ProblemCounts counts = count_problems(context.frame());
    context.log_widget("problems", position, {position.x + size.x, position.y + size.y});
    if (counts.all() == 0) {
      draw_nothing_wrong(context);
    } else {
      bool is_cut = false;
      const char* label = tr("Copy all");
      const float chip = widgets::text_width(context.fonts.body, label) + context.px(20);
      const std::string found_in = widgets::ellipsized(context.fonts.small_caps, tr("FOUND IN THIS SAMPLE AND ITS FILES"), std::max(width - chip - context.px(8), 1.0f), is_cut);
      widgets::text(context, context.fonts.small_caps, {at.x, at.y + context.px(13)}, context.theme.secondary_text, found_in);
      ImGui::SetCursorScreenPos({at.x + std::max(width - chip, 0.0f), at.y});
      bool is_copy_wanted = widgets::chip(context, "copy", "", label);
      context.log_last_item("problems.copy");
      if (is_copy_pressed(context)) is_copy_wanted = true;
      ImGui::SetCursorScreenPos({at.x, at.y + context.px(34)});
      ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
      ImGui::BeginChild("list", {0, 0}, false);
      draw_list(context);
      ImGui::EndChild();
      ImGui::PopStyleVar();
      if (is_copy_wanted) {
        ImGui::SetClipboardText(to_text(problems_).c_str());
        context.session.say(MessageLevel::info, later(problems_.size() == 1 ? tr_later("Copied {0} problem.") : tr_later("Copied {0} problems."), problems_.size()));
      }
    }
  }
  widgets::end_panel();
}

}  // namespace maskscope
