#include "app/session_view.h"

#include <algorithm>
#include <iterator>

#include "app/embedding_view.h"

namespace maskscope::session_json {
namespace {

// By value of Fate.
constexpr const char* fate_names[] = {"encoder", "decoder", "discarded", "ignored", "sentinel", "end_of_text"};

int integer_in(const Fields& fields, const char* field, int low, int high) {
  const int value = fields.integer(field);
  if (value < low || value > high) fields.fail(field, cat("a whole number from ", low, " to ", high).c_str());
  return value;
}

}  // namespace

Json to_json(const SessionView& view) {
  Json pinned;
  if (!view.pinned_modality.empty()) pinned = {{"modality", view.pinned_modality}, {"origin", view.pinned_origin}};
  else if (view.pinned_slot >= 0) pinned = {{"side", view.is_pinned_slot_decoder ? "decoder" : "encoder"}, {"slot", view.pinned_slot}};
  return {{"step", view.step},
          {"tab", view.tab},
          {"pinned", pinned},
          {"isolated", view.isolated ? Json(fate_names[static_cast<std::size_t>(*view.isolated)]) : Json()},
          {"lesson", {{"open", view.is_lesson_open}, {"chapter", view.lesson + 1}, {"page", view.lesson_page + 1}}},
          {"attention", {{"causal", view.is_attention_causal}, {"separate", view.is_attention_separate}}},
          {"embedding_dim", view.embedding_dim},
          {"alphas", view.shows_target_alphas ? "target" : "input"},
          {"ids_over_picture", view.shows_ids_over_picture}};
}

SessionView view_from(const Fields& f, Losses& losses) {
  SessionView view;
  // Every field may be missing: a later version may have more of them, an earlier one fewer.
  const auto take = [&](const char* field, const char* instead, const auto& read) {
    if (f.has(field)) losses.attempt(instead, read);
  };
  take("step", "The last step is shown.", [&] {
    const double step = f.get<double>("step", "a number from 1 to 6");
    if (!(step >= 1 && step <= 6)) f.fail("step", "a number from 1 to 6");
    view.step = step;
  });
  take("tab", "The first view is shown.", [&] {
    const std::string tab = f.text("tab");
    if (!tab_of(tab)) f.fail("tab", "the name of a view");
    view.tab = tab;
  });
  take("pinned", "Nothing is pinned.", [&] {
    const Fields pinned(f.at("pinned"), f.where() + ", pinned");
    if (pinned.has("modality")) {
      const std::string modality = pinned.text("modality");
      view.pinned_origin = pinned.integer("origin");
      view.pinned_modality = modality;
    } else {
      view.is_pinned_slot_decoder = pinned.choice("side", {"encoder", "decoder"}) == 1;
      view.pinned_slot = integer_in(pinned, "slot", 0, 1 << 20);
    }
  });
  take("isolated", "All fates are shown.", [&] {
    view.isolated = static_cast<Fate>(f.choice("isolated", {fate_names[0], fate_names[1], fate_names[2], fate_names[3], fate_names[4], fate_names[5]}));
  });
  take("lesson", "No lesson is opened.", [&] {
    const Fields lesson(f.at("lesson"), f.where() + ", lesson");
    const int chapter = integer_in(lesson, "chapter", 1, 100), page = integer_in(lesson, "page", 1, 100);
    view.is_lesson_open = lesson.flag("open");
    view.lesson = chapter - 1;
    view.lesson_page = page - 1;
  });
  take("attention", "Modalities are separate, and the order is not causal.", [&] {
    const Fields attention(f.at("attention"), f.where() + ", attention");
    const bool is_causal = attention.flag("causal"), is_separate = attention.flag("separate");
    view.is_attention_causal = is_causal;
    view.is_attention_separate = is_separate;
  });
  take("embedding_dim", "It is 64.", [&] {
    const int dim = f.integer("embedding_dim");
    if (std::find(std::begin(embedding_dims), std::end(embedding_dims), dim) == std::end(embedding_dims)) f.fail("embedding_dim", "16, 32, 64, 128, 256 or 768");
    view.embedding_dim = dim;
  });
  take("alphas", "Those of the input are shown.", [&] { view.shows_target_alphas = f.choice("alphas", {"input", "target"}) == 1; });
  take("ids_over_picture", "They are not laid over the picture.", [&] { view.shows_ids_over_picture = f.flag("ids_over_picture"); });
  return view;
}

}  // namespace maskscope::session_json
