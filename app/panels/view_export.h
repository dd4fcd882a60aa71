// Copies the view in view, or saves it as a picture: what view.export_wish asks for, and a menu at the end of the tabs.
//
// Panels see no OpenGL: which picture is wanted is left in a request, which whoever owns the renderer takes up after the
// frame, and answers with the progress of longer work.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "app/panels/file_dialog.h"
#include "app/panels/panel_context.h"
#include "app/picture_format.h"

namespace maskscope {

// The part of the window that is saved. view: the one under the tabs.
enum class ExportArea : std::uint8_t { view, tokens, packing, inspector, window };

// The whole pixels of a widget that are in a window of this size; nothing where they are too few for a picture.
std::optional<WidgetRect> picture_area(const WidgetRect& rect, float width, float height);

struct PictureRequest {
  PictureFormat format = PictureFormat::png;
  std::filesystem::path path;
  WidgetRect area;    // whole px of the window
  std::string title;  // of the document
};

struct PictureProgress {
  double fraction = 0;  // 0 .. 1
  std::string sentence;
};

class ViewExport {
 public:
  // The button that opens the menu, its right end here; in the window of the tabs.
  void draw_button(PanelContext& context, ImVec2 top_right, float height);
  float button_width(const PanelContext& context) const;

  // Last of a frame, outside of every window: fulfils the wish; dialog and progress.
  // text_of_view: what copying the view in view copies.
  void draw(PanelContext& context, const std::function<std::optional<std::string>()>& text_of_view);

  // Once after a frame: the picture that was asked for in it.
  std::optional<PictureRequest> take_request();
  // While it is set the progress is shown, and can be cancelled.
  void set_progress(std::optional<PictureProgress> progress) { progress_ = std::move(progress); }
  bool is_cancelled() const { return is_cancelled_; }  // since the last take_request
  // In frames that are drawn for a picture nothing of this is seen.
  void set_hidden(bool is_hidden) { is_hidden_ = is_hidden; }

 private:
  void draw_menu(PanelContext& context);
  void draw_progress(PanelContext& context);
  void fulfil_wish(PanelContext& context, const std::function<std::optional<std::string>()>& text_of_view);
  void ask_for_file(PanelContext& context, PictureFormat format);
  void request(PanelContext& context, const std::filesystem::path& path);

  ExportArea area_ = ExportArea::view;
  std::array<std::optional<WidgetRect>, 5> rects_;  // by ExportArea, of the last frame; nothing where there is no room
  PictureFormat format_ = PictureFormat::png;
  FileDialog dialog_;
  bool has_dialog_ = false;
  std::optional<PictureRequest> request_;
  std::optional<PictureProgress> progress_;
  bool is_cancelled_ = false;
  bool is_hidden_ = false;
};

}  // namespace maskscope
