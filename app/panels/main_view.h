// The whole window's content: places the panels for the size there is, and the dialogs above them.
#pragma once

#include <filesystem>
#include <string>

#include "app/panels/bottom_views.h"
#include "app/panels/file_dialog.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class MainView {
 public:
  // Between begin_frame and end_frame. Any display size, also zero.
  void draw(PanelContext& context);
  // Opens what was dropped or named; sentences about failures go to the session.
  static void open_files(Session& session, const std::vector<std::string>& paths);

 private:
  void draw_panels(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_centre(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_dialogs(PanelContext& context);
  void draw_text_editor(PanelContext& context);

  BottomViews bottom_views_;
  FileDialog file_dialog_;
  bool is_saving_ = false;
  std::string edited_text_;
};

}  // namespace maskscope
