// The list itself.
#include "app/panels/action_list.h"

#include <algorithm>
#include <utility>

#include "app/panels/lesson_panel.h"
#include "app/panels/scheme_panel.h"

namespace maskscope {
namespace {

constexpr KeyModifiers ctrl{.ctrl = true};
constexpr KeyModifiers shift{.shift = true};
constexpr KeyModifiers ctrl_shift{.ctrl = true, .shift = true};

const Document& document_of(const PanelContext& context) { return context.session.document(); }
PictureSource source_of(const PanelContext& context) { return document_of(context).inputs.picture; }
BudgetMode mode_of(const PanelContext& context) { return document_of(context).scheme.mode; }
bool is_drawn(const PanelContext& context) { return source_of(context) != PictureSource::dump; }  // nothing of a dump is

// Steps of a tenth until it would be too large or too small.
// The next size of text up or down.
void scale_text(ViewState& view, int direction) {
  static constexpr float sizes[] = {0.75f, 0.9f, 1.0f, 1.1f, 1.25f, 1.5f, 1.75f, 2.0f, 2.5f, 3.0f};
  constexpr float slack = 0.01f;
  float next = direction < 0 ? sizes[0] : std::end(sizes)[-1];
  for (const float size : sizes) {
    if (direction > 0 && size > view.text_size + slack) {
      next = size;
      break;
    }
    if (direction < 0 && size < view.text_size - slack) next = size;
  }
  view.text_size = next;
}

template <BottomTab tab>
void show_tab(PanelContext& context) {
  context.view.bottom_tab = tab;
}
template <BottomTab tab>
bool is_tab_shown(const PanelContext& context) {
  return context.view.shown_tab() == tab;
}

template <int step>
void show_step(PanelContext& context) {
  context.view.steps.go_to(step);
}
template <StepWish wish>
void wish_step(PanelContext& context) {
  context.view.steps.wish = wish;
}
template <int step>
bool is_step_shown(const PanelContext& context) {
  return context.view.steps.position == static_cast<float>(step);
}

template <int chapter>
void show_lesson(PanelContext& context) {
  open_lesson(context.view, chapter);
}
void open_or_close_lesson(PanelContext& context) {
  if (context.view.is_lesson_open) close_lesson(context.view);
  else open_lesson(context.view, context.view.lesson);
}
template <int lesson>
bool is_lesson_shown(const PanelContext& context) {
  return context.view.is_lesson_open && context.view.lesson == lesson;
}

template <ExportWish wish>
void wish_export(PanelContext& context) {
  context.view.export_wish = wish;
}
template <CompareWish wish>
void wish_compare(PanelContext& context) {
  context.view.compare_wish = wish;
}
template <BudgetMode mode>
void set_mode(PanelContext& context) {
  if (mode_of(context) != mode) switch_mode(context.session, mode);
}
template <BudgetMode mode>
bool is_mode(const PanelContext& context) {
  return mode_of(context) == mode;
}

void let_go(PanelContext& context) {
  ViewState& view = context.view;
  if (view.is_shortcut_sheet_open || view.is_about_open || view.is_mask_legend_open) view.is_shortcut_sheet_open = view.is_about_open = view.is_mask_legend_open = false;
  else if (view.pinned.is_valid()) view.pinned = {};
  else view.isolated.reset();
}

}  // namespace

std::vector<Action> make_actions() {
  using C = PanelContext;
  using G = ActionGroup;
  std::vector<Action> all;
  const auto add = [&](Action action) { all.push_back(std::move(action)); };

  add({"file.open", tr_later("Open…"), G::file, {{Key::o, ctrl}}, [](C& c) { c.view.is_open_dialog_wanted = true; }});
  add({"file.edit_text", tr_later("Edit text…"), G::file, {{Key::t, ctrl}}, [](C& c) { c.view.is_text_editor_wanted = true; },
       [](const C& c) { return has_own_text(document_of(c).inputs); }});
  add({"file.scene", tr_later("Bundled scene"), G::file, {}, [](C& c) { c.session.apply(edits::open_scene(document_of(c).inputs.scene_seed)); },
       [](const C&) { return true; }, [](const C& c) { return source_of(c) == PictureSource::scene && !document_of(c).inputs.text; }});
  add({"file.tokenizer", tr_later("Bundled tokenizer"), G::file, {}, [](C& c) { c.session.apply(edits::use_bundled_tokenizer()); },
       [](const C&) { return true; }, [](const C& c) { return document_of(c).inputs.tokenizer.empty(); }});
  const auto is_steppable = [](const C& c) { return source_of(c) == PictureSource::scene || source_of(c) == PictureSource::dataset || source_of(c) == PictureSource::dump; };
  add({"file.previous", tr_later("Previous scene or sample"), G::file, {{Key::page_up, {}, true}}, [](C& c) { step_source(c, -1); }, is_steppable});
  add({"file.next", tr_later("Next scene or sample"), G::file, {{Key::page_down, {}, true}}, [](C& c) { step_source(c, 1); }, is_steppable});
  add({"file.browse", tr_later("Jump to a sample, search, filter…"), G::file, {{Key::g, ctrl}, {Key::f, ctrl}}, [](C& c) { c.view.is_browse_menu_wanted = true; },
       [](const C& c) { return source_of(c) == PictureSource::dataset || source_of(c) == PictureSource::dump; }});
  add({"file.save_session", tr_later("Save session…"), G::file, {{Key::s, ctrl}}, [](C& c) { c.view.is_save_dialog_wanted = true; }});
  add({"file.save_scheme", tr_later("Save scheme…"), G::file, {}, [](C& c) { c.view.is_scheme_dialog_wanted = true; }});
  const auto has_config = [](const C& c) { return c.frame().inputs && c.frame().inputs->config != nullptr; };
  add({"file.update_config", tr_later("Write the numbers back into the configuration"), G::file, {}, [](C& c) { c.view.is_config_update_wanted = true; }, has_config});
  add({"file.close_config", tr_later("Close the configuration"), G::file, {}, [](C& c) { c.session.apply(edits::close_config()); }, has_config});
  add({"file.quit", tr_later("Quit"), G::file, {{Key::q, ctrl}}, [](C& c) { c.view.is_quit_wanted = true; }});

  add({"edit.undo", tr_later("Undo"), G::edit, {{Key::z, ctrl, true}}, [](C& c) { c.session.undo(); }, [](const C& c) { return c.session.can_undo(); }});
  add({"edit.redo", tr_later("Redo"), G::edit, {{Key::y, ctrl, true}, {Key::z, ctrl_shift, true}}, [](C& c) { c.session.redo(); }, [](const C& c) { return c.session.can_redo(); }});
  add({"edit.roll", tr_later("Roll the seed"), G::edit, {{Key::r}}, [](C& c) { roll_seed(c.session); }});
  add({"edit.sampled", tr_later("Budgets: sampled"), G::edit, {}, set_mode<BudgetMode::sampled>, is_drawn, is_mode<BudgetMode::sampled>});
  add({"edit.direct", tr_later("Budgets: direct ratios"), G::edit, {}, set_mode<BudgetMode::direct>, is_drawn, is_mode<BudgetMode::direct>});
  add({"edit.transfer", tr_later("Budgets: transfer"), G::edit, {}, set_mode<BudgetMode::transfer>, is_drawn, is_mode<BudgetMode::transfer>});
  add({"edit.switch_mode", tr_later("Sampled or direct budgets"), G::edit, {{Key::d}},
       [](C& c) { switch_mode(c.session, mode_of(c) == BudgetMode::sampled ? BudgetMode::direct : BudgetMode::sampled); }, is_drawn});
  add({"edit.all_targets", tr_later("All other tokens are targets"), G::edit, {}, [](C& c) { c.session.apply(edits::set_all_targets(document_of(c).scheme.target_tokens.has_value())); },
       [](const C& c) { return is_drawn(c) && mode_of(c) == BudgetMode::sampled; },  // else nothing depends on it
       [](const C& c) { return !document_of(c).scheme.target_tokens; }});
  add({"edit.philox", tr_later("Random numbers: Philox"), G::edit, {}, [](C& c) { c.session.apply(edits::set_random(RandomSource::named)); }, is_drawn,
       [](const C& c) { return document_of(c).random == RandomSource::named; }});
  add({"edit.torch", tr_later("Random numbers: PyTorch"), G::edit, {}, [](C& c) { c.session.apply(edits::set_random(RandomSource::torch)); }, is_drawn,
       [](const C& c) { return document_of(c).random == RandomSource::torch; }});

  add({"view.dark", tr_later("Dark theme"), G::view, {}, [](C& c) { c.view.theme = ThemeKind::dark; }, [](const C&) { return true; },
       [](const C& c) { return c.view.theme == ThemeKind::dark; }});
  add({"view.light", tr_later("Light theme"), G::view, {}, [](C& c) { c.view.theme = ThemeKind::light; }, [](const C&) { return true; },
       [](const C& c) { return c.view.theme == ThemeKind::light; }});
  // By their own names: whoever is lost in the other language finds them.
  add({"view.english", "English", G::view, {}, [](C& c) { c.view.language = Language::english; }, [](const C&) { return true; },
       [](const C& c) { return c.view.language == Language::english; }});
  add({"view.chinese", "中文", G::view, {}, [](C& c) { c.view.language = Language::chinese; }, [](const C&) { return true; },
       [](const C& c) { return c.view.language == Language::chinese; }});
  add({"view.larger", tr_later("Larger text"), G::view, {{Key::equal, ctrl, true}, {Key::equal, ctrl_shift, true}}, [](C& c) { scale_text(c.view, 1); },
       [](const C& c) { return c.view.text_size < 3.0f; }});
  add({"view.smaller", tr_later("Smaller text"), G::view, {{Key::minus, ctrl, true}}, [](C& c) { scale_text(c.view, -1); },
       [](const C& c) { return c.view.text_size > 0.75f; }});
  add({"view.normal", tr_later("Normal text"), G::view, {{Key::n0, ctrl}}, [](C& c) { c.view.text_size = 1; }});
  add({"view.reduced_motion", tr_later("Reduced motion"), G::view, {}, [](C& c) { c.view.is_motion_reduced = !c.view.is_motion_reduced; }, [](const C&) { return true; },
       [](const C& c) { return c.view.is_motion_reduced; }});
  add({"view.tokens", tr_later("Tokens"), G::view, {{Key::n1, ctrl}}, show_tab<BottomTab::tokens>, [](const C& c) { return c.view.are_cards_a_tab; }, is_tab_shown<BottomTab::tokens>});
  const auto always = [](const C&) { return true; };
  add({"view.budgets", tr_later("Budgets"), G::view, {{Key::n2, ctrl}}, show_tab<BottomTab::waterfall>, always, is_tab_shown<BottomTab::waterfall>});
  add({"view.attention", tr_later("Attention"), G::view, {{Key::n3, ctrl}}, show_tab<BottomTab::attention>, always, is_tab_shown<BottomTab::attention>});
  add({"view.embeddings", tr_later("Embeddings"), G::view, {{Key::n4, ctrl}}, show_tab<BottomTab::embeddings>, always, is_tab_shown<BottomTab::embeddings>});
  add({"view.distribution", tr_later("Distribution"), G::view, {{Key::n5, ctrl}}, show_tab<BottomTab::distribution>, always, is_tab_shown<BottomTab::distribution>});
  add({"view.compare", tr_later("Compare"), G::view, {{Key::n6, ctrl}}, show_tab<BottomTab::compare>, always, is_tab_shown<BottomTab::compare>});
  add({"view.table", tr_later("Table"), G::view, {{Key::n7, ctrl}}, show_tab<BottomTab::table>, always, is_tab_shown<BottomTab::table>});
  add({"view.problems", tr_later("Problems"), G::view, {{Key::n8, ctrl}}, show_tab<BottomTab::problems>, always, is_tab_shown<BottomTab::problems>});
  // Only where a card of this sample has ids and a picture to lay them over.
  add({"view.ids_over_picture", tr_later("Ids over the picture"), G::view, {{Key::i}}, [](C& c) { c.view.shows_ids_over_picture = !c.view.shows_ids_over_picture; },
       [](const C& c) { return has_ids_over_picture(c.frame()); }, [](const C& c) { return c.view.shows_ids_over_picture && has_ids_over_picture(c.frame()); }});
  add({"view.let_go", tr_later("Let the pinned token go; show all fates"), G::view, {{Key::escape}}, let_go,
       [](const C& c) { return c.view.pinned.is_valid() || c.view.isolated || c.view.is_shortcut_sheet_open || c.view.is_about_open || c.view.is_mask_legend_open; }});

  add({"steps.play", tr_later("Play or pause the steps"), G::steps, {{Key::space}}, wish_step<StepWish::play_or_pause>, always, [](const C& c) { return c.view.steps.is_playing; }, KeyOwner::panel});
  add({"steps.previous", tr_later("Previous step"), G::steps, {{Key::comma}}, wish_step<StepWish::previous>, [](const C& c) { return c.view.steps.position > 1; }, nullptr, KeyOwner::panel});
  add({"steps.next", tr_later("Next step"), G::steps, {{Key::period}}, wish_step<StepWish::next>, [](const C& c) { return c.view.steps.position < num_steps; }, nullptr, KeyOwner::panel});
  add({"steps.1", tr_later("Step 1: source"), G::steps, {}, show_step<1>, always, is_step_shown<1>});
  add({"steps.2", tr_later("Step 2: budgets"), G::steps, {}, show_step<2>, always, is_step_shown<2>});
  add({"steps.3", tr_later("Step 3: content masks"), G::steps, {}, show_step<3>, always, is_step_shown<3>});
  add({"steps.4", tr_later("Step 4: concatenation"), G::steps, {}, show_step<4>, always, is_step_shown<4>});
  add({"steps.5", tr_later("Step 5: selection"), G::steps, {}, show_step<5>, always, is_step_shown<5>});
  add({"steps.6", tr_later("Step 6: zeroing and attention"), G::steps, {}, show_step<6>, always, is_step_shown<6>});

  add({"lesson.open", tr_later("Lessons"), G::lesson, {{Key::l}}, open_or_close_lesson, always, [](const C& c) { return c.view.is_lesson_open; }});
  add({"lesson.1", tr_later("Lesson 1: what is a token"), G::lesson, {}, show_lesson<0>, always, is_lesson_shown<0>});
  add({"lesson.2", tr_later("Lesson 2: two content masks"), G::lesson, {}, show_lesson<1>, always, is_lesson_shown<1>});
  add({"lesson.3", tr_later("Lesson 3: budgets"), G::lesson, {}, show_lesson<2>, always, is_lesson_shown<2>});
  add({"lesson.4", tr_later("Lesson 4: spans and sentinels"), G::lesson, {}, show_lesson<3>, always, is_lesson_shown<3>});
  add({"lesson.5", tr_later("Lesson 5: packing and ignored slots"), G::lesson, {}, show_lesson<4>, always, is_lesson_shown<4>});
  add({"lesson.6", tr_later("Lesson 6: attention"), G::lesson, {}, show_lesson<5>, always, is_lesson_shown<5>});
  add({"lesson.which_mask", tr_later("Which mask?"), G::lesson, {{Key::m}}, [](C& c) { c.view.is_mask_legend_open = !c.view.is_mask_legend_open; }, always,
       [](const C& c) { return c.view.is_mask_legend_open; }});

  add({"compare.pin", tr_later("Pin this state as A"), G::compare, {{Key::a}}, wish_compare<CompareWish::pin>});
  add({"compare.swap", tr_later("Swap A and B"), G::compare, {{Key::a, shift}}, wish_compare<CompareWish::swap>});
  add({"compare.let_go", tr_later("Let A go"), G::compare, {}, wish_compare<CompareWish::let_go>});

  add({"attention.causal", tr_later("Causal attention in the decoder"), G::attention, {}, [](C& c) { c.view.is_attention_causal = !c.view.is_attention_causal; }, always,
       [](const C& c) { return c.view.is_attention_causal; }});
  add({"attention.separate", tr_later("Separate modalities in the decoder"), G::attention, {}, [](C& c) { c.view.is_attention_separate = !c.view.is_attention_separate; }, always,
       [](const C& c) { return c.view.is_attention_separate; }});

  add({"export.copy_value", tr_later("Copy the value"), G::export_view, {{Key::c, ctrl}}, wish_export<ExportWish::copy_value>, always, nullptr, KeyOwner::panel_first});
  add({"export.copy_view", tr_later("Copy the view"), G::export_view, {{Key::c, ctrl_shift}}, wish_export<ExportWish::copy_view>});
  add({"export.png", tr_later("Save the view as PNG…"), G::export_view, {}, wish_export<ExportWish::save_png>});
  add({"export.svg", tr_later("Save the view as SVG…"), G::export_view, {}, wish_export<ExportWish::save_svg>});
  add({"export.pdf", tr_later("Save the view as PDF…"), G::export_view, {}, wish_export<ExportWish::save_pdf>});
  add({"export.gif", tr_later("Save the steps as GIF…"), G::export_view, {}, wish_export<ExportWish::save_steps_gif>});

  add({"help.palette", tr_later("All commands…"), G::help, {{Key::p, ctrl_shift}, {Key::k, ctrl}}, [](C& c) { c.view.is_palette_wanted = true; }});
  add({"help.keys", tr_later("Keyboard shortcuts"), G::help, {{Key::slash, shift}, {Key::f1}}, [](C& c) { c.view.is_shortcut_sheet_open = !c.view.is_shortcut_sheet_open; }, always,
       [](const C& c) { return c.view.is_shortcut_sheet_open; }});
  add({"help.about", tr_later("About maskscope"), G::help, {}, [](C& c) { c.view.is_about_open = true; }});
  return all;
}

}  // namespace maskscope
