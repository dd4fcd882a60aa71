// How a session was looked at, as its file keeps it: names instead of positions, so that it fits a scheme that changed.
#pragma once

#include <optional>
#include <string>

#include "app/session_fields.h"
#include "app/view_names.h"
#include "core/passport.h"

namespace maskscope {

struct SessionView {
  double step = 6;                  // 1 .. 6
  std::string tab = "tokens";       // one of tab_names
  // What is pinned: a token, by the name of its modality, or a slot that holds none; neither: nothing.
  std::string pinned_modality;
  int pinned_origin = 0;            // as in TokenIdentity
  bool is_pinned_slot_decoder = false;
  int pinned_slot = -1;             // -1: none
  std::optional<Fate> isolated;
  bool is_lesson_open = false;
  int lesson = 0, lesson_page = 0;  // from 0
  bool is_attention_causal = false;
  bool is_attention_separate = true;
  int embedding_dim = 64;           // one of embedding_dims
  bool shows_target_alphas = false;
  bool shows_ids_over_picture = false;
  bool operator==(const SessionView&) const = default;
};

namespace session_json {

Json to_json(const SessionView& view);
SessionView view_from(const Fields& fields, Losses& losses);

}  // namespace session_json
}  // namespace maskscope
