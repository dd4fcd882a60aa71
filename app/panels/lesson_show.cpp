#include "app/panels/lesson_show.h"

#include "app/lesson_names.h"
#include "app/panels/scheme_panel.h"
#include "app/panels/view_places.h"

namespace maskscope {

void apply_show(ViewState& view, const MaskedFrame& frame, const LessonShow& show, const LessonValues& values) {
  if (show.step > 0) {  // where the page begins: there at once
    view.steps.position = static_cast<float>(show.step);
    view.steps.is_playing = false;
  }
  if (show.plays) view.steps.wish = StepWish::play_from_first;
  if (const auto tab = tab_of(show.tab)) view.bottom_tab = *tab;
  if (show.resets_attention) {
    view.is_attention_causal = false;
    view.is_attention_separate = true;
  }
  if (show.opens_mask_legend) view.is_mask_legend_open = true;
  if (show.isolate == "none") view.isolated.reset();
  else if (!show.isolate.empty()) view.isolated = static_cast<Fate>(index_in(lesson_fates, show.isolate));
  if (show.place.empty()) return;
  go_to(view, frame,
        {static_cast<PlaceKind>(index_in(lesson_places, show.place)), -1, show.side == "decoder" ? PackedSide::decoder : PackedSide::encoder,
         show.slot.empty() ? -1 : static_cast<int>(values.number(show.slot))});
}

bool is_action_offered(const PanelContext& context, std::string_view action) {
  const PictureSource source = context.session.document().inputs.picture;
  const BudgetMode mode = context.session.document().scheme.mode;
  const bool is_dump = source == PictureSource::dump;  // masked already: nothing can be changed
  if (action == "roll") return !is_dump;
  if (action == "direct") return !is_dump && mode != BudgetMode::direct;
  if (action == "sampled") return !is_dump && mode != BudgetMode::sampled;
  if (action == "text") return !is_dump && source != PictureSource::dataset;
  if (action == "scene") return source != PictureSource::scene;
  return true;
}

void apply_action(PanelContext& context, std::string_view action) {
  Session& session = context.session;
  session.end_merge();
  if (action == "roll") session.apply(edits::set_seed(session.document().seed + 1));
  else if (action == "text") context.view.is_text_editor_wanted = true;
  else if (action == "scene") session.apply(edits::open_scene(0));
  else if (action == "direct") switch_mode(session, BudgetMode::direct);
  else if (action == "sampled") switch_mode(session, BudgetMode::sampled);
  else if (action == "play") context.view.steps.wish = StepWish::play_from_first;
  else if (action == "legend") context.view.is_mask_legend_open = true;
  session.end_merge();
}

}  // namespace maskscope
