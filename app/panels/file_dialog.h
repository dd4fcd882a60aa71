// A file browser of our own: a path to type, a list to click, no desktop services needed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/panels/panel_context.h"

namespace maskscope {

class FileDialog {
 public:
  // Both open with the next draw.
  void show_open(const std::filesystem::path& folder);
  // name: proposed. what: tr_later("the session"), for the title. finished: makes of what was typed the path that is written,
  // which the user is asked about if there is such a file.
  using Finish = std::function<std::filesystem::path(std::filesystem::path)>;
  void show_save(const std::filesystem::path& folder, const std::string& name, const char* what, Finish finish = {});
  // Call every frame. Returns the chosen path once: of a file that may be replaced, or of a new one.
  std::optional<std::filesystem::path> draw(PanelContext& context);
  bool is_open() const { return is_open_; }

 private:
  enum class Purpose : std::uint8_t { open, save };
  struct Entry {
    std::string name;
    bool is_folder = false;
    std::uintmax_t bytes = 0;
  };
  void show(Purpose purpose, const std::filesystem::path& folder, const std::string& name);
  void read_folder();
  void enter(const std::filesystem::path& folder);
  // What follows from a path that was typed or clicked: it is gone to, asked about or chosen.
  std::optional<std::filesystem::path> take(const std::filesystem::path& named);
  std::optional<std::filesystem::path> draw_folder(PanelContext& context);
  std::optional<std::filesystem::path> draw_name(PanelContext& context);
  std::optional<std::filesystem::path> draw_question(PanelContext& context);

  Purpose purpose_ = Purpose::open;
  std::filesystem::path folder_;
  std::vector<Entry> entries_;
  std::string name_;
  const char* what_ = "";  // English
  Finish finish_;
  std::optional<std::filesystem::path> replaced_;  // exists: the user is asked
  LaterText problem_;  // why the folder could not be read; empty: it could
  bool is_wanted_ = false;
  bool has_to_focus_ = false;  // the name, when it comes back after the question
  bool is_open_ = false;
};

// Where the dialogs begin: beside the last file, else beside the inputs, else where the program was started.
std::filesystem::path dialog_folder(const PanelContext& context);

}  // namespace maskscope
