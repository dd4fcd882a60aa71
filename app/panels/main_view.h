// The whole window's content: places the panels for the size there is, and the dialogs above them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/panels/bottom_views.h"
#include "app/panels/browser.h"
#include "app/panels/command_palette.h"
#include "app/panels/file_dialog.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/mask_legend.h"
#include "app/panels/panel_context.h"
#include "app/panels/restore_bar.h"
#include "app/panels/step_bar.h"
#include "app/panels/text_editor.h"
#include "app/panels/view_export.h"
#include "app/session_view.h"

namespace maskscope {

class MainView {
 public:
  // Between begin_frame and end_frame. Any display size, also zero.
  void draw(PanelContext& context);
  // Opens what was dropped or named, data sets in the background; sentences about failures go to the session.
  void open_files(Session& session, const std::vector<std::string>& paths);
  // As a session was looked at.
  void show(const SessionView& saved, const MaskedFrame& frame, ViewState& view);
  // A session to restore: a bar asks, until it was restored or discarded.
  void offer(RestoreOffer offer) { offer_ = std::move(offer); }
  Browser& browser() { return browser_; }
  ViewExport& exporter() { return export_; }
  const BottomViews& bottom_views() const { return bottom_views_; }
  const StepBar& step_bar() const { return step_bar_; }

 private:
  void draw_room(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_panels(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_centre(PanelContext& context, ImVec2 corner, ImVec2 size);
  void draw_dialogs(PanelContext& context);
  void draw_offer(PanelContext& context, ImVec2 corner, ImVec2 size);
  void take_opened_session(PanelContext& context);
  void save(PanelContext& context, const std::filesystem::path& path);

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
  TextEditor text_editor_;
  std::optional<RestoreOffer> offer_;
};

}  // namespace maskscope
