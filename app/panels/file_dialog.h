// A file browser of our own: a path to type, a list to click, no desktop services needed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope {

class FileDialog {
 public:
  enum class Purpose { open, save };

  // Opens with the next draw. For save, name is proposed and what is in the title: tr("the session").
  void show(Purpose purpose, const std::filesystem::path& folder, const std::string& name, const std::string& what = "");
  // Call every frame. Returns the chosen path once.
  std::optional<std::filesystem::path> draw(PanelContext& context);
  bool is_open() const { return is_open_; }

 private:
  struct Entry {
    std::string name;
    bool is_folder = false;
    std::uintmax_t bytes = 0;
  };
  void read_folder();
  void enter(const std::filesystem::path& folder);

  Purpose purpose_ = Purpose::open;
  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::string name_, what_;
  LaterText problem_;  // why the folder could not be read; empty: it could
  bool is_wanted_ = false;
  bool is_open_ = false;
};

}  // namespace maskscope
