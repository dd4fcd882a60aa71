// The whole window's content: places the panels for the size there is, and the dialogs above them.
#pragma once

#include <filesystem>
#include <string>

#include "app/panels/bottom_views.h"
#include "app/panels/browser.h"
#include "app/panels/command_palette.h"
#include "app/panels/file_dialog.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/mask_legend.h"
#include "app/panels/panel_context.h"
#include "app/panels/step_bar.h"
#include "app/panels/view_export.h"

namespace maskscope {

class MainView {
 public:
  // Between begin_frame and end_frame. Any display size, also zero.
  void draw(PanelContext& context);
  // Opens what was dropped or named, data sets in the background; sentences about failures go to the session.
  void open_files(Session& session, const std::vector<std::string>& paths);
  Browser& browser() { return browser_; }
  const StepBar& step_bar() const { return step_bar_; }

 private:
  void draw_panels(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_centre(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_dialogs(PanelContext& context);
  void draw_text_editor(PanelContext& context);
  void save(Session& session, const std::filesystem::path& path);

  Browser browser_;
  BottomViews bottom_views_;
  LessonPanel lesson_;
  StepBar step_bar_;
  MaskLegend mask_legend_;
  CommandPalette palette_;
  ViewExport export_;
  FileDialog file_dialog_;
  enum class Saved : std::uint8_t { nothing, session, scheme };
  Saved saved_ = Saved::nothing;  // what the dialog is open for
  std::string edited_text_;
};

}  // namespace maskscope
