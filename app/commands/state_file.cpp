#include "app/commands/state_file.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/open_dataset.h"
#include "core/data/batch_dump.h"

namespace maskscope::commands {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Session& session, const Pointed& pointed) {
  if (!pointed.is_valid()) return nullptr;
  const MaskedFrame& frame = session.frame();
  if (!pointed.token.is_valid()) {
    return {{"modality", nullptr}, {"slot", pointed.ignored_slot}, {"fate", fate_name(Fate::ignored)}};
  }
  if (pointed.token.modality >= frame.scheme.num_modalities()) return nullptr;
  const TokenPassport passport = make_passport(frame.masks(), pointed.token);
  return {{"modality", frame.scheme.modalities[static_cast<std::size_t>(pointed.token.modality)].modality.name},
          {"slot", pointed.token.origin},
          {"fate", fate_name(passport.fate)}};
}

// Which sample of a data set or dump is shown; null for other inputs.
Json sample_json(const Session& session) {
  const Inputs& inputs = *session.frame().inputs;
  if (!inputs.dataset && !inputs.dump) return nullptr;
  const bool is_dump = inputs.dump != nullptr;
  const auto number = is_dump ? std::int64_t{inputs.spec.dump.sample} : inputs.spec.dataset.sample;
  Json json = {{"number", number},
               {"key", inputs.title},
               {"split", inputs.spec.dataset.is_validation ? "validation" : "training"},
               {"count", is_dump ? std::int64_t{inputs.dump->batch_size} : inputs.dataset->status().num_samples},
               {"problems", inputs.problems.size()}};
  return json;
}

}  // namespace

StateFile::StateFile() {
  if (const char* path = std::getenv("MASKSCOPE_STATE_FILE")) path_ = path;
}

void StateFile::write(const AppWindow& window, const Session& session, const ViewState& view, const WidgetLog& widgets) {
  if (path_.empty()) return;
  const MaskedFrame& frame = session.frame();
  const Document& document = session.document();
  Json rects = Json::object(), budgets = Json::object();
  for (const auto& [id, rect] : widgets) rects[id] = {rect.x, rect.y, rect.width, rect.height};
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    budgets[frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name] = {frame.masks().input_budget(m), frame.masks().target_budget(m)};
  }
  const ModalityContent* caption = frame.inputs ? frame.inputs->find("caption") : nullptr;
  Json state = {{"window", {{"width", window.width()}, {"height", window.height()}, {"scale", window.monitor_scale()}}},
                {"widgets", rects},
                {"hovered", to_json(session, view.hovered)},
                {"pinned", to_json(session, view.pinned)},
                {"seed", document.seed},
                {"mode", to_string(document.scheme.mode)},
                {"rng", document.random == RandomSource::torch ? "torch" : "philox"},
                {"budgets", budgets},
                {"inputs",
                 {{"image", document.inputs.picture == PictureSource::photo ? document.inputs.photo.string() : ""},
                  {"text", caption && caption->text ? *caption->text : ""},
                  {"tokenizer", document.inputs.tokenizer.string()}}},
                {"sample", sample_json(session)},
                {"tab", static_cast<int>(view.bottom_tab)},
                {"language", language_code(view.language)},
                {"theme", view.theme == ThemeKind::dark ? "dark" : "light"},
                {"text_size", std::round(static_cast<double>(view.text_size) * 100) / 100},
                {"steps", {{"position", view.steps.position}, {"is_playing", view.steps.is_playing}}},
                {"lesson", {{"is_open", view.is_lesson_open}, {"chapter", view.lesson + 1}, {"page", view.lesson_page + 1}}},
                {"is_which_mask_open", view.is_mask_legend_open},
                {"can_undo", session.can_undo()},
                {"status", session.current_message() ? session.current_message()->sentence : ""}};
  const std::string text = state.dump(1, ' ', false, Json::error_handler_t::replace);
  if (text == last_) return;
  last_ = text;
  state["frames_drawn"] = window.counters().frames;
  const std::filesystem::path temporary = path_.string() + ".part";
  std::ofstream(temporary) << state.dump(1, ' ', false, Json::error_handler_t::replace);
  std::error_code ignored;
  std::filesystem::rename(temporary, path_, ignored);
}

}  // namespace maskscope::commands
