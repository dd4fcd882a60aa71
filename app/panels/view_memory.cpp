#include "app/panels/view_memory.h"

#include <cmath>

namespace maskscope {

SessionView to_session_view(const ViewState& view) {
  SessionView saved;
  // While it plays, the step is on its way: where it comes from is what is remembered.
  saved.step = view.steps.is_playing ? std::floor(view.steps.position) : view.steps.position;
  saved.tab = name_of(view.bottom_tab);
  if (view.pinned.token.is_valid() && !view.pinned_modality.empty()) {
    saved.pinned_modality = view.pinned_modality;
    saved.pinned_origin = view.pinned.token.origin;
  } else if (view.pinned.ignored_slot >= 0) {
    saved.is_pinned_slot_decoder = view.pinned.side == PackedSide::decoder;
    saved.pinned_slot = view.pinned.ignored_slot;
  }
  saved.isolated = view.isolated;
  saved.is_lesson_open = view.is_lesson_open;
  saved.lesson = view.lesson;
  saved.lesson_page = view.lesson_page;
  saved.is_attention_causal = view.is_attention_causal;
  saved.is_attention_separate = view.is_attention_separate;
  saved.embedding_dim = view.embedding_dim;
  saved.shows_target_alphas = view.shows_target_alphas;
  saved.shows_ids_over_picture = view.shows_ids_over_picture;
  return saved;
}

void show_session_view(const SessionView& saved, const MaskedFrame& frame, ViewState& view) {
  view.steps.position = static_cast<float>(saved.step);
  view.steps.is_playing = false;
  if (const auto tab = tab_of(saved.tab)) view.bottom_tab = *tab;
  view.pinned = {};
  view.pinned_modality.clear();
  if (!saved.pinned_modality.empty()) {
    const int modality = frame.scheme.find(saved.pinned_modality);
    if (modality >= 0) view.pinned.token = {modality, saved.pinned_origin};
    follow_pin(view, frame);  // lets go of what the sample does not have
  } else if (saved.pinned_slot >= 0) {
    const bool is_decoder = saved.is_pinned_slot_decoder;
    const int used = is_decoder ? frame.batch.decoder_valid[0] : frame.batch.encoder_valid[0];
    const int slots = is_decoder ? frame.batch.decoder_slots : frame.batch.encoder_slots;
    if (saved.pinned_slot >= used && saved.pinned_slot < slots) {
      view.pinned.side = is_decoder ? PackedSide::decoder : PackedSide::encoder;
      view.pinned.ignored_slot = saved.pinned_slot;
    }
  }
  view.isolated = saved.isolated;
  view.is_lesson_open = saved.is_lesson_open;
  view.lesson = saved.lesson;
  view.lesson_page = saved.lesson_page;
  view.is_attention_causal = saved.is_attention_causal;
  view.is_attention_separate = saved.is_attention_separate;
  view.embedding_dim = saved.embedding_dim;
  view.shows_target_alphas = saved.shows_target_alphas;
  view.shows_ids_over_picture = saved.shows_ids_over_picture;
}

}  // namespace maskscope
