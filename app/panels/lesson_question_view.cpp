#include "app/panels/lesson_question_view.h"

#include <algorithm>

#include "app/imgui_compat.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr int highest_number = 1 << 24;  // beyond all that can be counted in a sample

std::string letter(int option) { return std::string(1, static_cast<char>('A' + option)); }

// What is right, as the verdict names it. Points: any that hits.
std::string right_answer(const LessonQuestion& question, const LessonValues& values) {
  switch (question.kind) {
    case QuestionKind::choice: return letter(std::max(right_option(question, values), 0));
    case QuestionKind::number: return values.text(question.subject);
    case QuestionKind::point: return {};
  }
  return {};
}

void commit(const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer, bool is_right) {
  answer.is_committed = true;
  answer.is_right = is_right;
  answer.right = right_answer(question, values);
  answer.remark = {};
}

LessonPoint point_of(const Pointed& pointed) { return {pointed.token, pointed.side == PackedSide::encoder, pointed.ignored_slot}; }

LaterText miss_sentence(const MaskedFrame& frame, const Pointed& pointed) {
  const auto is = [&](const char* target) { return is_hit(frame, target, point_of(pointed)); };
  return later(is("ignored_slot")    ? tr_later("That is an ignored slot. Try another.")
               : is("sentinel")      ? tr_later("That is a sentinel. Try another.")
               : is("encoder_token") ? tr_later("That token goes to the encoder. Try another.")
               : is("target_token")  ? tr_later("That token is a target of the decoder. Try another.")
                                     : tr_later("That token is discarded. Try another."));
}

void draw_option(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer, int option) {
  const Theme& theme = context.theme;
  const float width = ImGui::GetContentRegionAvail().x, pad = context.px(8), badge = context.px(22);
  const float text_width = std::max(width - 3 * pad - badge, 1.0f);
  const std::vector<RichPiece> label = rich_pieces(question.options[static_cast<std::size_t>(option)].label, values);
  const float height = lay_out(context.fonts, context.scale, label, text_width).height() + 2 * pad;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::PushID(option);
  if (ImGui::InvisibleButton("option", {std::max(width, 1.0f), height}) && !answer.is_committed) answer.chosen = option;
  ImGui::PopID();
  context.log_last_item(cat("lesson.answer.", option + 1));
  const bool is_hot = !answer.is_committed && ImGui::IsItemHovered();
  const bool is_focused = ImGui::IsItemFocused() && ImGui::GetIO().NavVisible;
  const ImVec2 after = ImGui::GetCursorScreenPos();
  const bool is_chosen = answer.chosen == option;
  const bool is_right = answer.is_committed && option == right_option(question, values);
  const ImU32 frame = is_right ? theme.good : answer.is_committed && is_chosen ? theme.error : is_chosen ? theme.accent : is_hot ? mix(theme.line, theme.accent, 0.6f) : theme.line;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(at, {at.x + width, at.y + height}, is_chosen && !answer.is_committed ? theme.accent_soft : theme.card, context.px(5));
  list.AddRect(at, {at.x + width, at.y + height}, frame, context.px(5), 0, context.px(is_right || is_chosen ? 1.5f : 1.0f));
  if (is_focused) list.AddRect({at.x - 2, at.y - 2}, {at.x + width + 2, at.y + height + 2}, theme.accent, context.px(6), 0, context.px(1.5f));
  const std::string sign = is_right ? "✓" : answer.is_committed && is_chosen ? "✗" : letter(option);
  const float middle = at.y + height * 0.5f;
  widgets::text(context, context.fonts.strong, {at.x + pad + (badge - widgets::text_width(context.fonts.strong, sign)) * 0.5f, middle},
                is_right || is_chosen ? frame : theme.secondary_text, sign);
  ImGui::SetCursorScreenPos({at.x + 2 * pad + badge, at.y + pad});
  draw_rich(context, label, text_width, answer.is_committed && !is_right && !is_chosen ? theme.secondary_text : theme.text);
  ImGui::SetCursorScreenPos(after);
}

bool draw_commit(PanelContext& context, const char* label) {
  const bool is_clicked = widgets::chip(context, "reveal", "", label, true);
  context.log_last_item("lesson.reveal");
  return is_clicked;
}

bool draw_choice(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer) {
  for (int option = 0; option < static_cast<int>(question.options.size()); ++option) draw_option(context, question, values, answer, option);
  if (answer.is_committed) return false;
  if (answer.chosen < 0) {
    widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, tr("Predict first: choose an answer."), ImGui::GetContentRegionAvail().x);
    return false;
  }
  if (!draw_commit(context, tr("That is my answer"))) return false;
  commit(question, values, answer, answer.chosen == right_option(question, values));
  return true;
}

bool draw_number(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer) {
  if (answer.is_committed) {
    widgets::chip(context, "typed", tr("your answer"), cat(answer.typed));
    return false;
  }
  ImGui::PushFont(context.fonts.mono);
  // As high as the chip beside it.
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {context.px(8), std::max((context.px(26) - context.fonts.mono->FontSize) * 0.5f, 0.0f)});
  ImGui::SetNextItemWidth(context.px(104));
  const bool is_entered = ImGui::InputInt("##number", &answer.typed, 0, 0, ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_AutoSelectAll);
  ImGui::PopStyleVar();
  ImGui::PopFont();
  context.log_last_item("lesson.number");
  answer.typed = std::clamp(answer.typed, 0, highest_number);
  ImGui::SetCursorScreenPos({ImGui::GetItemRectMax().x + context.px(8), ImGui::GetItemRectMin().y});
  if (!draw_commit(context, tr("That is my answer")) && !is_entered) return false;
  commit(question, values, answer, answer.typed == values.number(question.subject));
  return true;
}

bool draw_point(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer) {
  if (answer.is_committed) return false;
  ViewState& view = context.view;
  if (view.pinned.is_valid() && view.pinned != answer.passed_over) {
    if (is_hit(context.frame(), question.subject, point_of(view.pinned))) {
      commit(question, values, answer, true);
      return true;
    }
    answer.passed_over = view.pinned;
    answer.remark = miss_sentence(context.frame(), view.pinned);
  }
  widgets::paragraph(context, context.fonts.small, context.theme.secondary_text, answer.remark.english.empty() ? tr("Click it in the window.") : answer.remark.text(),
                     ImGui::GetContentRegionAvail().x);
  if (!draw_commit(context, tr("Show me one"))) return false;
  if (const auto found = first_hit(context.frame(), question.subject)) {
    view.pinned = {found->token, found->is_encoder_slot ? PackedSide::encoder : PackedSide::decoder, found->ignored_slot};
    view.pinned_modality.clear();
  }
  commit(question, values, answer, false);
  return true;
}

void draw_verdict(PanelContext& context, const LessonQuestion& question, LessonAnswer& answer) {
  const Theme& theme = context.theme;
  const float width = ImGui::GetContentRegionAvail().x;
  const bool is_shown = question.kind == QuestionKind::point && !answer.is_right;
  const std::string verdict = answer.is_right ? std::string(tr("Right.")) : is_shown ? std::string(tr("This is one.")) : fill(tr("Not quite: it is {0}."), answer.right);
  widgets::paragraph(context, context.fonts.title, answer.is_right ? theme.good : is_shown ? theme.text : theme.warning, verdict, width);
  context.log_last_item("lesson.verdict");
}

}  // namespace

std::vector<RichPiece> rich_pieces(const LessonParagraph& paragraph, const LessonValues& values) {
  std::vector<RichPiece> pieces;
  pieces.reserve(paragraph.size());
  for (const LessonSpan& span : paragraph) {
    switch (span.style) {
      case LessonStyle::plain: pieces.push_back({RichStyle::plain, span.text}); break;
      case LessonStyle::strong: pieces.push_back({RichStyle::strong, span.text}); break;
      case LessonStyle::code: pieces.push_back({RichStyle::code, span.text}); break;
      case LessonStyle::value: pieces.push_back({RichStyle::value, drawable(values.text(span.text))}); break;
    }
  }
  return pieces;
}

void follow_question(PanelContext& context, const LessonPage& page, const LessonValues& values, LessonAnswer& answer) {
  const int asked = question_of(page, values);
  const bool is_same = asked == answer.question;
  if (is_same && !context.view.pinned.is_valid()) answer.passed_over = {};
  if (is_same && (asked < 0 || !answer.is_committed || answer.right == right_answer(page.questions[static_cast<std::size_t>(asked)], values))) return;
  answer = {.question = asked, .passed_over = context.view.pinned};
  if (is_same) answer.remark = later("The data have changed: what is it now?");
}

bool draw_answers(PanelContext& context, const LessonQuestion& question, const LessonValues& values, LessonAnswer& answer) {
  if (!answer.remark.english.empty() && question.kind != QuestionKind::point) {
    widgets::paragraph(context, context.fonts.small, context.theme.accent, answer.remark.text(), ImGui::GetContentRegionAvail().x);
  }
  bool is_committed_now = false;
  switch (question.kind) {
    case QuestionKind::choice: is_committed_now = draw_choice(context, question, values, answer); break;
    case QuestionKind::number: is_committed_now = draw_number(context, question, values, answer); break;
    case QuestionKind::point: is_committed_now = draw_point(context, question, values, answer); break;
  }
  if (answer.is_committed) draw_verdict(context, question, answer);
  return is_committed_now;
}

}  // namespace maskscope
