#include "app/panels/view_memory.h"

#include <cmath>

namespace maskscope {
namespace {

// What a session calls as the view does, either way.
template <class From, class To>
void copy_plain(const From& from, To& to) {
  to.isolated = from.isolated;
  to.is_lesson_open = from.is_lesson_open;
  to.lesson = from.lesson;
  to.lesson_page = from.lesson_page;
  to.is_attention_causal = from.is_attention_causal;
  to.is_attention_separate = from.is_attention_separate;
  to.embedding_dim = from.embedding_dim;
  to.shows_target_alphas = from.shows_target_alphas;
  to.shows_ids_over_picture = from.shows_ids_over_picture;
}

}  // namespace

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
  copy_plain(view, saved);
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
  copy_plain(saved, view);
}

}  // namespace maskscope
