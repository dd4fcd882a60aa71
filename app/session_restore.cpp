#include "app/session_restore.h"

#include <system_error>
#include <utility>

#include "app/dataset_inputs.h"
#include "app/open_dataset.h"
#include "core/data/batch_dump.h"
#include "core/data/image.h"
#include "core/data/scheme_config.h"
#include "core/error.h"

namespace maskscope {
namespace {

// Why a step fails; empty where it doesn't.
template <class Step>
std::string why_not(const Step& step) {
  try {
    step();
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

void show_scene(InputSpec& inputs) {
  inputs.picture = PictureSource::scene;
  inputs.photo.clear();
  inputs.dump = {};
  // The configuration is no input: it stays.
  DatasetSpec without;
  without.config = inputs.dataset.config;
  without.config_dataset = inputs.dataset.config_dataset;
  inputs.dataset = without;
}

// Why the picture of the inputs can't be shown; its sample number is put right on the way. is_moved: it was.
std::string why_no_picture(const Document& document, std::stop_token stop, InputSpec& inputs, bool& is_moved) {
  if (inputs.picture == PictureSource::photo) return why_not([&] { read_image(inputs.photo); });
  const auto load = [&] {
    Document changed = document;
    changed.inputs = inputs;
    return why_not([&] { load_inputs(changed, nullptr, stop); });
  };
  const std::string why = load();
  if (why.empty()) return why;
  is_moved = true;
  if (inputs.picture == PictureSource::dataset) inputs.dataset.sample = 0;
  if (inputs.picture == PictureSource::dump) inputs.dump.sample = 0;
  return load().empty() ? "" : why;
}

}  // namespace

void restore_inputs(SavedSession& session, const std::string& source_name, std::stop_token stop) {
  Document& document = session.document;
  InputSpec& inputs = document.inputs;
  const auto lose = [&](const char* field, const std::string& why, const char* instead) {
    session.losses.push_back(cat(source_name, ", inputs, ", field, ": ", why, ' ', instead));
  };
  std::error_code failure;
  if (!inputs.text_file.empty() && !std::filesystem::exists(inputs.text_file, failure)) {
    lose("text_file", cat(inputs.text_file.string(), ": no such file."), "Its text is in the session, so nothing else is missing.");
    inputs.text_file.clear();
  }
  const std::string why = why_not([&] { load_inputs(document, nullptr, stop); });
  if (!why.empty()) {
    if (!inputs.tokenizer.empty()) {
      const std::string why_no_tokenizer = why_not([&] { load_tokenizer(inputs); });
      if (!why_no_tokenizer.empty()) lose("tokenizer", why_no_tokenizer, "The bundled tokenizer is used instead.");
      if (!why_no_tokenizer.empty()) inputs.tokenizer.clear();
    }
    if (!inputs.dataset.config.empty()) {
      const std::string why_no_config = why_not([&] { read_config(inputs.dataset.config); });
      if (!why_no_config.empty()) {
        lose("config", why_no_config, "The scheme is the session's own; the configuration is let go of.");
        inputs.dataset.config.clear();
        inputs.dataset.config_dataset.clear();
      }
    }
    const PictureSource source = inputs.picture;
    const char* const field = source == PictureSource::photo ? "photo" : source == PictureSource::dataset ? "dataset" : source == PictureSource::dump ? "dump" : "picture";
    bool is_moved = false;
    const InputSpec before = inputs;
    const std::string why_not_shown = why_no_picture(document, stop, inputs, is_moved);
    if (!why_not_shown.empty()) {
      inputs = before;
      lose(field, why_not_shown, "The bundled scene is shown instead.");
      show_scene(inputs);
    } else if (is_moved) {
      lose(field, why, "Sample 0 is shown instead.");
    }
  }
  if (session.losses.empty()) return;
  // What is shown instead may have nothing that the scheme speaks of.
  const std::string why_none = why_not([&] {
    if (inputs.picture == PictureSource::dump) return;
    const auto loaded = load_inputs(document, nullptr, stop);
    if (with_content(document.scheme, *loaded, {}).modalities.empty()) throw Error("The scheme has no modality in common with what is shown instead.");
  });
  if (!why_none.empty()) {
    session.losses.push_back(cat(source_name, ", scheme: ", why_none, " The default scheme is taken."));
    show_scene(inputs);
    document.scheme = default_document().scheme;
    document.disabled.clear();
  }
}

}  // namespace maskscope
