#include "app/panels/view_export.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "app/panels/browser.h"
#include "app/panels/view_text.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;

struct AreaName {
  ExportArea area;
  const char* name;    // in the menu
  const char* widget;  // where the frame's log has it
  const char* file;    // in file names
};

constexpr AreaName areas[] = {{ExportArea::view, tr_later("The view under the tabs"), "view.bottom", ""},
                              {ExportArea::tokens, tr_later("The token cards"), "view.tokens", "tokens"},
                              {ExportArea::packing, tr_later("Encoder and decoder"), "view.packing", "packing"},
                              {ExportArea::inspector, tr_later("The token's story"), "view.inspector", "inspector"},
                              {ExportArea::window, tr_later("The whole window"), "", "window"}};

const AreaName& name_of(ExportArea area) { return areas[static_cast<std::size_t>(area)]; }

// Where the area is in this frame; nothing where there is no room for it.
std::optional<WidgetRect> rect_of(const PanelContext& context, ExportArea area) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  if (area == ExportArea::window) return WidgetRect{0, 0, size.x, size.y};
  const bool is_cards = area == ExportArea::view && context.view.shown_tab() == BottomTab::tokens;
  const auto found = context.widgets.find(is_cards ? "view.tokens" : name_of(area).widget);
  if (found == context.widgets.end()) return std::nullopt;
  return picture_area(found->second, size.x, size.y);
}

// "4M-7-42-attention.png"
std::string file_name(const PanelContext& context, ExportArea area, PictureFormat format) {
  const std::string view = area == ExportArea::view ? name_of(context.view.shown_tab()) : name_of(area).file;
  std::string name = cat(context.frame().scheme.name, "-", context.session.document().seed, "-", format == PictureFormat::gif ? view + "-steps" : view);
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && !std::isalnum(byte) && c != '-' && c != '_' && c != '@') c = '-';
  }
  return name + "." + ending_of(format);
}

const char* const button_label = tr_later("Export");

}  // namespace

std::optional<WidgetRect> picture_area(const WidgetRect& rect, float width, float height) {
  constexpr float least = 8;
  const float left = std::max(std::floor(rect.x), 0.0f), top = std::max(std::floor(rect.y), 0.0f);
  const float right = std::min(std::ceil(rect.x + rect.width), width), bottom = std::min(std::ceil(rect.y + rect.height), height);
  if (right - left < least || bottom - top < least) return std::nullopt;
  return WidgetRect{left, top, right - left, bottom - top};
}

float ViewExport::button_width(const PanelContext& context) const { return widgets::text_width(context.fonts.body, tr(button_label)) + context.px(20); }

void ViewExport::draw_button(PanelContext& context, ImVec2 top_right, float height) {
  ImGui::SetCursorScreenPos({top_right.x - button_width(context), top_right.y + std::floor((height - context.px(26)) * 0.5f)});
  if (widgets::chip(context, "export", "", tr(button_label))) ImGui::OpenPopup("export menu");
  context.log_last_item("export");
  const ImVec2 end = ImGui::GetItemRectMax();
  if (ImGui::IsItemHovered() && !ImGui::IsPopupOpen("export menu")) widgets::tooltip(context, tr("Copy what is seen here, or save it as a picture."));
  ImGui::SetNextWindowPos({end.x, end.y + context.px(4)}, ImGuiCond_Appearing, {1, 0});
  if (ImGui::BeginPopup("export menu")) {
    draw_menu(context);
    ImGui::EndPopup();
  }
}

void ViewExport::draw_menu(PanelContext& context) {
  ViewState& view = context.view;
  widgets::caption(context, tr("COPY"));
  if (view.pinned.is_valid()) {
    if (ImGui::MenuItem(tr("The pinned token's story"))) view.export_wish = ExportWish::copy_value;
    context.log_last_item("export.copy_value");
  }
  if (ImGui::MenuItem(tr("The view's numbers"))) view.export_wish = ExportWish::copy_view;
  context.log_last_item("export.copy_view");
  ImGui::Dummy({1, context.px(4)});
  widgets::caption(context, tr("SAVE AS A PICTURE"));
  for (const AreaName& area : areas) {
    if (!rects_[static_cast<std::size_t>(area.area)]) continue;
    if (ImGui::RadioButton(tr(area.name), area_ == area.area)) area_ = area.area;
    context.log_last_item(cat("export.area.", static_cast<int>(area.area)));
  }
  ImGui::Dummy({1, context.px(4)});
  const auto save = [&](const char* label, const char* id, ExportWish wish, const char* tip) {
    if (widgets::chip(context, id, "", label)) {
      view.export_wish = wish;
      ImGui::CloseCurrentPopup();
    }
    context.log_last_item(id);
    if (ImGui::IsItemHovered()) widgets::tooltip(context, tip);
    ImGui::SameLine(0, context.px(6));
  };
  save("PNG", "export.png", ExportWish::save_png, tr("Pixels, as on this screen."));
  save("SVG", "export.svg", ExportWish::save_svg, tr("Shapes and letters, sharp at any size: for web pages and for drawing programs."));
  save("PDF", "export.pdf", ExportWish::save_pdf, tr("Shapes and letters, sharp at any size: for papers and slides."));
  save("GIF", "export.gif", ExportWish::save_steps_gif, tr("The six steps, moving: for slides and web pages."));
  ImGui::NewLine();
}

void ViewExport::ask_for_file(PanelContext& context, PictureFormat format) {
  if (!rects_[static_cast<std::size_t>(area_)]) area_ = ExportArea::window;
  format_ = format;
  // The ending says what is wanted, where it says something.
  const auto finish = [format](fs::path path) { return picture_format_of(path) ? path : path += std::string(".") + ending_of(format); };
  dialog_.show_save(dialog_folder(context), file_name(context, area_, format), tr_later("the picture"), finish);
  has_dialog_ = true;
}

void ViewExport::fulfil_wish(PanelContext& context, const std::function<std::optional<std::string>()>& text_of_view) {
  Session& session = context.session;
  const ExportWish wish = std::exchange(context.view.export_wish, ExportWish::nothing);
  switch (wish) {
    case ExportWish::nothing: break;
    case ExportWish::copy_value:
      if (const auto story = story_as_text(context)) {
        ImGui::SetClipboardText(story->c_str());
        session.say(MessageLevel::info, later("Copied: {0}.", story->substr(0, story->find('\n'))));
      } else {
        session.say(MessageLevel::warning, later("There is nothing to copy: point at a token, or pin one."));
      }
      break;
    case ExportWish::copy_view:
      if (const auto text = text_of_view()) {
        ImGui::SetClipboardText(text->c_str());
        session.say(MessageLevel::info, later("Copied the view: {0} lines of text.", std::count(text->begin(), text->end(), '\n')));
      } else {
        session.say(MessageLevel::warning, later("There are no numbers to copy here yet."));
      }
      break;
    case ExportWish::save_png: ask_for_file(context, PictureFormat::png); break;
    case ExportWish::save_svg: ask_for_file(context, PictureFormat::svg); break;
    case ExportWish::save_pdf: ask_for_file(context, PictureFormat::pdf); break;
    case ExportWish::save_steps_gif: ask_for_file(context, PictureFormat::gif); break;
  }
}

void ViewExport::request(PanelContext& context, const fs::path& path) {
  const std::optional<WidgetRect>& rect = rects_[static_cast<std::size_t>(area_)];
  if (!rect) {
    context.session.say(MessageLevel::error, later("There is no room for that view in this window, so no picture was saved. Make the window larger."));
    return;
  }
  context.browser->recent().set_folder(path.parent_path().string());
  request_ = PictureRequest{picture_format_of(path).value_or(format_), path, *rect, file_name(context, area_, format_)};
}

void ViewExport::draw_progress(PanelContext& context) {
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y - context.px(48)}, ImGuiCond_Always, {0.5f, 1.0f});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {context.px(12), context.px(12)});
  if (ImGui::Begin("export progress", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoNav)) {
    const float width = context.px(260), height = context.px(6);
    widgets::paragraph(context, context.fonts.body, context.theme.text, progress_->sentence, width);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float top = at.y + context.px(4), filled = width * static_cast<float>(std::clamp(progress_->fraction, 0.0, 1.0));
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled({at.x, top}, {at.x + width, top + height}, context.theme.track, height * 0.5f);
    list.AddRectFilled({at.x, top}, {at.x + filled, top + height}, context.theme.accent, height * 0.5f);
    ImGui::Dummy({width, context.px(16)});
    if (widgets::chip(context, "cancel", "", tr("Cancel"))) is_cancelled_ = true;
    context.log_last_item("export.cancel");
  }
  ImGui::End();
  ImGui::PopStyleVar();
}

void ViewExport::draw(PanelContext& context, const std::function<std::optional<std::string>()>& text_of_view) {
  if (is_hidden_) return;
  for (const AreaName& area : areas) rects_[static_cast<std::size_t>(area.area)] = rect_of(context, area.area);
  fulfil_wish(context, text_of_view);
  if (has_dialog_) {
    if (const auto path = dialog_.draw(context)) request(context, *path);
    has_dialog_ = dialog_.is_open();
  }
  if (progress_) draw_progress(context);
}

std::optional<PictureRequest> ViewExport::take_request() {
  if (request_) is_cancelled_ = false;
  return std::exchange(request_, std::nullopt);
}

}  // namespace maskscope
