#include "app/panels/file_dialog.h"

#include <imgui_stdlib.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "app/imgui_compat.h"
#include "app/panels/browser.h"
#include "app/panels/widgets.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_entries = 5000;  // a folder of a million files must not stop the window

std::string size_label(std::uintmax_t bytes) {
  if (bytes < 1024) return cat(bytes, " B");
  if (bytes < 1024 * 1024) return cat(bytes / 1024, " KB");
  return cat(bytes / (1024 * 1024), " MB");
}

fs::path folder_of_inputs(const Document& document) {
  if (document.inputs.picture == PictureSource::dump) return document.inputs.dump.path.parent_path();
  if (document.inputs.picture == PictureSource::dataset) return fs::path(document.inputs.dataset.path).parent_path();
  if (!document.inputs.photo.empty()) return document.inputs.photo.parent_path();
  if (!document.inputs.text_file.empty()) return document.inputs.text_file.parent_path();
  return {};
}

}  // namespace

void FileDialog::show(Purpose purpose, const fs::path& folder, const std::string& name) {
  purpose_ = purpose;
  name_ = name;
  replaced_.reset();
  std::error_code failure;
  enter(fs::is_directory(folder, failure) ? folder : fs::current_path(failure));
  is_wanted_ = true;
}

void FileDialog::show_open(const fs::path& folder) { show(Purpose::open, folder, ""); }

void FileDialog::show_save(const fs::path& folder, const std::string& name, const char* what, Finish finish) {
  what_ = what;
  finish_ = std::move(finish);
  show(Purpose::save, folder, name);
}

void FileDialog::enter(const fs::path& folder) {
  std::error_code failure;
  const fs::path absolute = fs::weakly_canonical(folder, failure);
  folder_ = failure ? folder : absolute;
  read_folder();
}

void FileDialog::read_folder() {
  entries_.clear();
  problem_ = {};
  std::error_code failure;
  for (fs::directory_iterator it(folder_, fs::directory_options::skip_permission_denied, failure), end; !failure && it != end; it.increment(failure)) {
    if (entries_.size() >= max_entries) {
      problem_ = later("Only the first {0} entries are listed; type the name of the others.", max_entries);
      break;
    }
    const std::string name = it->path().filename().string();
    if (name.empty() || name[0] == '.') continue;
    std::error_code ignored;
    const bool is_folder = it->is_directory(ignored);
    entries_.push_back({name, is_folder, is_folder ? 0 : it->file_size(ignored)});
  }
  if (failure) problem_ = later("{0}: the folder can't be read ({1}). Choose another one.", folder_.string(), failure.message());
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.is_folder != b.is_folder ? a.is_folder : a.name < b.name; });
}

std::optional<fs::path> FileDialog::take(const fs::path& named) {
  std::error_code failure;
  if (fs::is_directory(named, failure)) {
    name_.clear();
    enter(named);
    return std::nullopt;
  }
  if (purpose_ == Purpose::open) return named;
  const fs::path finished = finish_ ? finish_(named) : named;
  if (!fs::exists(finished, failure)) return finished;
  replaced_ = finished;
  return std::nullopt;
}

std::optional<fs::path> FileDialog::draw_folder(PanelContext& context) {
  std::optional<fs::path> chosen, folder_to_enter;
  const float bottom = context.px(problem_.english.empty() ? 84 : 108);
  ImGui::BeginChild("entries", {0, std::max(ImGui::GetContentRegionAvail().y - bottom, context.px(60))}, true);
  for (const Entry& entry : entries_) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::string label = (entry.is_folder ? drawable(entry.name) + "/" : drawable(entry.name)) + "##" + entry.name;
    if (ImGui::Selectable(label.c_str(), entry.name == name_, ImGuiSelectableFlags_AllowDoubleClick)) {
      replaced_.reset();
      if (entry.is_folder) folder_to_enter = folder_ / entry.name;
      else {
        name_ = entry.name;
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left) && purpose_ == Purpose::open) chosen = folder_ / name_;
      }
    }
    context.log_last_item("dialog.entry." + entry.name);
    if (!entry.is_folder) {
      widgets::text_right(context, context.fonts.mono_small, {at.x + ImGui::GetContentRegionAvail().x - context.px(4), at.y + ImGui::GetTextLineHeight() * 0.5f},
                          context.theme.secondary_text, size_label(entry.bytes));
    }
  }
  if (entries_.empty() && problem_.english.empty()) ImGui::TextDisabled("%s", tr("This folder is empty."));
  ImGui::EndChild();
  if (folder_to_enter) enter(*folder_to_enter);
  if (!problem_.english.empty()) widgets::paragraph(context, context.fonts.body, context.theme.text, drawable(problem_.text()), ImGui::GetContentRegionAvail().x);
  return chosen;
}

std::optional<fs::path> FileDialog::draw_name(PanelContext& context) {
  std::optional<fs::path> chosen;
  ImGui::SetNextItemWidth(-1);
  if (std::exchange(has_to_focus_, false) || ImGui::IsWindowAppearing()) ImGui::SetKeyboardFocusHere();
  const bool is_entered = ImGui::InputTextWithHint("##name", tr("file name, or a path to go to"), &name_, ImGuiInputTextFlags_EnterReturnsTrue);
  const bool is_confirmed = widgets::chip(context, "ok", "", purpose_ == Purpose::open ? tr("Open") : tr("Save"), true);
  context.log_last_item("dialog.ok");
  ImGui::SameLine(0, context.px(8));
  if (purpose_ == Purpose::open) {
    if (widgets::chip(context, "folder", "", tr("Open this folder as a data set"))) chosen = folder_;
    context.log_last_item("dialog.folder");
    ImGui::SameLine(0, context.px(8));
  }
  const bool is_cancelled = widgets::chip(context, "cancel", "", tr("Cancel")) || imgui_compat::is_key_pressed(Key::escape, false);
  if ((is_entered || is_confirmed) && !name_.empty()) chosen = take(fs::path(name_).is_absolute() ? fs::path(name_) : folder_ / name_);
  if (is_cancelled) ImGui::CloseCurrentPopup();
  return chosen;
}

// In the place of the name. Enter replaces, Escape goes back to the name.
std::optional<fs::path> FileDialog::draw_question(PanelContext& context) {
  bool is_cut = false;
  const std::string name = widgets::ellipsized(context.fonts.body, drawable(replaced_->filename().string()), ImGui::GetContentRegionAvail().x * 0.6f, is_cut);
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(fill(tr("{0} exists already. Replace it?"), name).c_str());
  if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, drawable(replaced_->string()));
  // Where Save was: a double click there must not replace the file.
  const bool is_kept = widgets::chip(context, "keep", "", tr("Cancel")) || imgui_compat::is_key_pressed(Key::escape, false);
  context.log_last_item("dialog.keep");
  ImGui::SameLine(0, context.px(8));
  const bool is_replaced = widgets::chip(context, "replace", "", tr("Replace"), true) || imgui_compat::is_key_pressed(Key::enter, false) || imgui_compat::is_key_pressed(Key::keypad_enter, false);
  context.log_last_item("dialog.replace");
  if (is_replaced) return replaced_;
  if (is_kept) {
    replaced_.reset();
    has_to_focus_ = true;
  }
  return std::nullopt;
}

std::optional<fs::path> FileDialog::draw(PanelContext& context) {
  // The name of the popup is the same in every language.
  const std::string title_text = cat(purpose_ == Purpose::open ? std::string(tr("Open a picture, a text, a data set, a configuration, a dump or a session"))
                                                               : fill(tr("Save {0}"), tr(what_)), "###file dialog");
  const char* const title = title_text.c_str();
  // There are several dialogs, each with a popup of its own.
  ImGui::PushID(this);
  if (std::exchange(is_wanted_, false)) ImGui::OpenPopup(title);
  const ImVec2 room = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({room.x * 0.5f, room.y * 0.5f}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(context.px(680), room.x * 0.94f), std::min(context.px(520), room.y * 0.9f)});
  bool stays = true;
  is_open_ = ImGui::BeginPopupModal(title, &stays, ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove);
  if (!is_open_) {
    ImGui::PopID();
    return std::nullopt;
  }

  if (widgets::chip(context, "up", "", tr("Up")) && folder_.has_parent_path()) {
    replaced_.reset();
    enter(folder_.parent_path());
  }
  ImGui::SameLine(0, context.px(8));
  bool is_cut = false;
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(widgets::ellipsized(context.fonts.body, drawable(folder_.string()), ImGui::GetContentRegionAvail().x, is_cut).c_str());
  std::optional<fs::path> chosen = draw_folder(context);
  const std::optional<fs::path> named = replaced_ ? draw_question(context) : draw_name(context);
  if (!chosen) chosen = named;
  if (chosen) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
  ImGui::PopID();
  return chosen;
}

fs::path dialog_folder(const PanelContext& context) {
  std::error_code failure;
  const fs::path last = context.browser->recent().folder();
  if (!last.empty() && fs::is_directory(last, failure)) return last;
  const fs::path beside = folder_of_inputs(context.session.document());
  return beside.empty() ? fs::current_path(failure) : beside;
}

}  // namespace maskscope
