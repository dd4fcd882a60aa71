#include "app/panels/menus.h"

#include <string>

#include "app/panels/actions.h"
#include "app/panels/browser.h"
#include "app/panels/lesson_panel.h"
#include "app/panels/widgets.h"
#include "core/data/scheme_config.h"

namespace maskscope {
namespace {

constexpr float longest_path = 420;  // px at scale 1

void item(PanelContext& context, const char* id) {
  const Action& action = *find_action(id);
  const std::string keys = action.keys.empty() ? "" : key_text(action.keys.front());
  const bool is_checked = action.is_checked && action.is_checked(context);
  if (ImGui::MenuItem(cat(action_title(context, action), "###", action.id).c_str(), keys.c_str(), is_checked, action.is_enabled(context))) action.run(context);
  context.log_last_item(cat("menu.", action.id));
}

void items(PanelContext& context, std::initializer_list<const char*> ids) {
  for (const char* id : ids) item(context, id);
}

// A menu is found by its id in every language.
bool begin_menu(PanelContext& context, const char* label, const char* id) {
  const bool is_open = ImGui::BeginMenu(cat(label, "###", id).c_str());
  if (!is_open) context.log_last_item(id);
  return is_open;
}

void draw_recent_menu(PanelContext& context) {
  RecentFiles& recent = context.browser->recent();
  if (!ImGui::BeginMenu(cat(tr("Open recent"), "###menu.recent").c_str(), !recent.paths().empty())) return;
  std::string chosen;
  for (const std::string& path : recent.paths()) {
    // The end of a path tells more than its beginning.
    std::string shown = drawable(path);
    bool is_cut = false;
    while (shown.size() > 1 && widgets::text_width(context.fonts.body, shown) > context.px(longest_path)) {
      std::size_t next = 1;
      while (next < shown.size() && (static_cast<unsigned char>(shown[next]) & 0xc0) == 0x80) ++next;
      shown.erase(0, next);
      is_cut = true;
    }
    if (ImGui::MenuItem(cat(is_cut ? "…" : "", shown, "###", path).c_str())) chosen = path;
    context.log_last_item("recent." + path);
    if (is_cut && ImGui::IsItemHovered()) widgets::tooltip(context, drawable(path));
  }
  ImGui::Separator();
  const bool is_cleared = ImGui::MenuItem(tr("Forget these"));
  ImGui::EndMenu();
  if (is_cleared) recent.clear();
  else if (!chosen.empty()) context.browser->open(context.session, chosen);
}

void draw_file_menu(PanelContext& context) {
  if (!begin_menu(context, group_name(ActionGroup::file), "menu.file")) return;
  item(context, "file.open");
  draw_recent_menu(context);
  items(context, {"file.edit_text", "file.scene", "file.tokenizer"});
  ImGui::Separator();
  items(context, {"file.previous", "file.next", "file.browse"});
  ImGui::Separator();
  items(context, {"file.save_session", "file.save_scheme"});
  if (const auto& config = context.frame().inputs->config) {
    item(context, "file.update_config");
    if (ImGui::IsItemHovered()) {
      std::string files;
      for (const auto& file : config->files) files += "\n" + drawable(file.string());
      widgets::tooltip(context, tr("Only the numbers that were changed are written, into the one of these files that holds them; all else stays byte for byte.") + files);
    }
    item(context, "file.close_config");
  }
  ImGui::Separator();
  if (ImGui::BeginMenu(cat(tr("Export"), "###menu.export").c_str())) {
    items(context, {"export.copy_value", "export.copy_view"});
    ImGui::Separator();
    items(context, {"export.png", "export.svg", "export.pdf", "export.gif"});
    ImGui::EndMenu();
  }
  ImGui::Separator();
  item(context, "file.quit");
  ImGui::EndMenu();
}

void draw_edit_menu(PanelContext& context) {
  if (!begin_menu(context, group_name(ActionGroup::edit), "menu.edit")) return;
  items(context, {"edit.undo", "edit.redo"});
  ImGui::Separator();
  items(context, {"edit.roll", "edit.philox", "edit.torch"});
  ImGui::Separator();
  items(context, {"edit.sampled", "edit.direct", "edit.transfer", "edit.all_targets"});
  ImGui::Separator();
  items(context, {"compare.pin", "compare.swap", "compare.let_go"});
  ImGui::EndMenu();
}

void draw_view_menu(PanelContext& context) {
  if (!begin_menu(context, group_name(ActionGroup::view), "menu.view")) return;
  items(context, {"view.dark", "view.light"});
  ImGui::Separator();
  items(context, {"view.english", "view.chinese"});
  ImGui::Separator();
  items(context, {"view.larger", "view.smaller", "view.normal", "view.reduced_motion"});
  ImGui::Separator();
  items(context, {"view.tokens", "view.budgets", "view.attention", "view.embeddings", "view.distribution", "view.compare", "view.table", "view.problems"});
  ImGui::Separator();
  if (ImGui::BeginMenu(cat(group_name(ActionGroup::steps), "###menu.steps").c_str())) {
    items(context, {"steps.play", "steps.previous", "steps.next"});
    ImGui::Separator();
    items(context, {"steps.1", "steps.2", "steps.3", "steps.4", "steps.5", "steps.6"});
    ImGui::EndMenu();
  }
  items(context, {"attention.causal", "attention.separate", "view.ids_over_picture", "view.let_go"});
  ImGui::EndMenu();
}

void draw_lesson_menu(PanelContext& context) {
  if (!begin_menu(context, group_name(ActionGroup::lesson), "menu.lesson")) return;
  item(context, "lesson.open");
  ImGui::Separator();
  draw_lesson_chapters(context);
  ImGui::EndMenu();
}

void draw_help_menu(PanelContext& context) {
  if (!begin_menu(context, group_name(ActionGroup::help), "menu.help")) return;
  items(context, {"help.palette", "help.keys", "lesson.which_mask", "help.about"});
  ImGui::EndMenu();
}

}  // namespace

void draw_menus(PanelContext& context) {
  draw_file_menu(context);
  draw_edit_menu(context);
  draw_view_menu(context);
  draw_lesson_menu(context);
  draw_help_menu(context);
}

}  // namespace maskscope
