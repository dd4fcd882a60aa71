// The whole window's content on an ImGui context without a window: frames, mouse and keyboard.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/imgui_compat.h"
#include "app/panels/language_switch.h"
#include "app/panels/main_view.h"
#include "tests/app/fixtures.h"

namespace maskscope::test {

// On this machine, for the window's text.
bool has_chinese_font();

struct Screen {
  float width = 1600, height = 900, scale = 1;
  ThemeKind theme = ThemeKind::dark;
};

class PanelStage {
 public:
  explicit PanelStage(const Document& document = default_document(), Screen screen = {});
  ~PanelStage();
  PanelStage(const PanelStage&) = delete;
  PanelStage& operator=(const PanelStage&) = delete;

  void frame();
  void frames(int count) {
    for (int i = 0; i < count; ++i) frame();
  }
  // From now on the panels show this frame instead of the session's; the session stays as it is.
  void show(MaskedFrame frame) { shown_ = std::move(frame); }
  void resize(float width, float height) { screen_.width = width, screen_.height = height; }

  void move_to(ImVec2 at);            // and one frame
  void press(), release();            // the left button; and one frame each
  void click(ImVec2 at);              // there, down and up
  void click(const std::string& widget) { click(centre(widget)); }
  void wheel(float lines);            // and one frame
  void drag(ImVec2 from, ImVec2 to, int steps);
  void key(Key key, KeyModifiers held = {});  // down and up
  void type(const std::string& text);
  void open(const std::vector<std::string>& paths) { main_view_.open_files(session_, paths); }  // as a drop does

  bool has_widget(const std::string& id) const { return widgets_.contains(id); }
  const WidgetRect& widget(const std::string& id) const;  // fails the test when it is not there
  ImVec2 centre(const std::string& id) const;

  void show_session(const SessionView& saved) { main_view_.show(saved, masked(), view_); }

  ViewExport& exporter() { return main_view_.exporter(); }
  Session& session() { return session_; }
  ViewState& view() { return view_; }
  const BottomViews& bottom_views() const { return main_view_.bottom_views(); }
  const RecordingCanvas& canvas() const { return canvas_; }
  const MaskedFrame& masked() const { return shown_ ? *shown_ : session_.frame(); }
  const Theme& colours() const { return theme(view_.theme); }
  const Screen& screen() const { return screen_; }

  // The canvas batch that holds a card's cells; fails the test when there is none.
  const RecordingCanvas::Batch& grid_of(const std::string& modality) const;
  ImVec2 cell_centre(const std::string& modality, int slot) const;

 private:
  void follow_fonts();

  Screen screen_;
  ImGuiContext* context_;
  Fonts fonts_;
  std::string font_text_;  // that fonts_ was made for
  Session session_;
  std::optional<MaskedFrame> shown_;
  ViewState view_;
  RecordingCanvas canvas_;
  std::unique_ptr<PictureCache> pictures_;
  WidgetLog widgets_;
  MainView main_view_;
  LanguageSwitch language_switch_;
};

}  // namespace maskscope::test
