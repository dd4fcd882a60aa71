// What a test needs to know of a running window: where its widgets are and what it shows. Written to the file
// named by MASKSCOPE_STATE_FILE, when set, after every drawn frame that changed something.
#pragma once

#include <filesystem>
#include <string>

#include "app/panels/panel_context.h"
#include "app/window/app_window.h"

namespace maskscope::commands {

class StateFile {
 public:
  StateFile();  // reads MASKSCOPE_STATE_FILE
  void write(const AppWindow& window, const Session& session, const ViewState& view, const WidgetLog& widgets);

 private:
  std::filesystem::path path_;  // empty: not wanted
  std::string last_;            // without the frame counter
};

}  // namespace maskscope::commands
