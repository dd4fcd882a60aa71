#include "app/session_inputs.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/draw.h"

namespace maskscope::session_json {
namespace {

Json to_json(const DatasetSpec& spec) {
  const TransformOptions& transforms = spec.transforms;
  return {{"path", spec.path},
          {"is_path_by_hand", spec.is_path_by_hand},
          {"modalities", spec.modalities},
          {"modality_name_map", spec.modality_name_map},
          {"is_validation", spec.is_validation},
          {"is_training", transforms.is_training},
          {"has_aligned_captions", transforms.has_aligned_captions},
          {"main_augment_domain", transforms.main_augment_domain},
          {"crop_scale", transforms.crop_scale},
          {"crop_ratio", transforms.crop_ratio},
          {"flip_probability", transforms.flip_probability},
          {"sample", spec.sample},
          {"config", spec.config.string()},
          {"config_dataset", spec.config_dataset}};
}

DatasetSpec dataset_from(const Fields& f) {
  DatasetSpec spec;
  spec.path = f.text("path");
  spec.is_path_by_hand = f.flag("is_path_by_hand");
  spec.modalities = f.get<std::vector<std::string>>("modalities", "a list of modality names");
  spec.modality_name_map = f.get<std::map<std::string, std::string>>("modality_name_map", "an object of folder and modality names");
  spec.is_validation = f.flag("is_validation");
  TransformOptions& transforms = spec.transforms;
  transforms.is_training = f.flag("is_training");
  transforms.has_aligned_captions = f.flag("has_aligned_captions");
  transforms.main_augment_domain = f.text("main_augment_domain");
  const auto range = [&](const char* field, double (&out)[2]) {
    const auto values = f.get<std::vector<double>>(field, "a list of two numbers");
    if (values.size() != 2 || !(values[0] > 0) || !(values[1] >= values[0]) || !(values[1] < 1e6)) f.fail(field, "two numbers above 0, the lower one first");
    out[0] = values[0];
    out[1] = values[1];
  };
  range("crop_scale", transforms.crop_scale);
  range("crop_ratio", transforms.crop_ratio);
  transforms.flip_probability = f.get<double>("flip_probability", "a number from 0 to 1");
  if (!(transforms.flip_probability >= 0 && transforms.flip_probability <= 1)) f.fail("flip_probability", "a number from 0 to 1");
  spec.sample = static_cast<std::int64_t>(std::min(f.count("sample"), max_sample_index));
  spec.config = f.text("config");
  spec.config_dataset = f.text("config_dataset");
  return spec;
}

}  // namespace

Json to_json(const InputSpec& spec) {
  static constexpr const char* pictures[] = {"none", "scene", "photo", "dataset", "dump"};
  Json json = {{"picture", pictures[static_cast<std::size_t>(spec.picture)]},
          {"scene_seed", spec.scene_seed},
          {"photo", spec.photo.string()},
          {"fit", spec.fit == FitMode::centre_crop ? "centre_crop" : "fit"},
          {"text", spec.text ? Json(*spec.text) : Json()},
          {"text_file", spec.text_file.string()},
          {"tokenizer", spec.tokenizer.string()},
          {"input_size", spec.input_size},
          {"patch_size", spec.patch_size}};
  // Only where there is one: sessions without stay as they were.
  if (spec.dataset != DatasetSpec{}) json["dataset"] = to_json(spec.dataset);
  if (spec.dump != DumpSpec{}) json["dump"] = {{"path", spec.dump.path.string()}, {"sample", spec.dump.sample}};
  return json;
}

InputSpec inputs_from(const Fields& f, Losses& losses) {
  InputSpec spec;
  losses.attempt("The bundled scene is shown instead.",
                 [&] { spec.picture = static_cast<PictureSource>(f.choice("picture", {"none", "scene", "photo", "dataset", "dump"})); });
  losses.attempt("The first bundled scene is taken.", [&] { spec.scene_seed = f.count("scene_seed"); });
  losses.attempt("No photo is named.", [&] { spec.photo = f.text("photo"); });
  losses.attempt("The centre of a photo is taken.", [&] { spec.fit = f.choice("fit", {"centre_crop", "fit"}) == 0 ? FitMode::centre_crop : FitMode::fit; });
  losses.attempt("The caption of the scene is taken.", [&] { if (f.has("text")) spec.text = f.text("text"); });
  losses.attempt("The text counts as typed.", [&] { spec.text_file = f.text("text_file"); });
  losses.attempt("The bundled tokenizer is used.", [&] { spec.tokenizer = f.text("tokenizer"); });
  const auto size = [&](const char* field, int InputSpec::*member) {
    InputSpec plain;
    plain.*member = f.integer(field);
    in_file(f.where(), [&] { validate(plain); });
    spec.*member = plain.*member;
  };
  losses.attempt("It is 224 pixels.", [&] { size("input_size", &InputSpec::input_size); });
  losses.attempt("It is 16 pixels.", [&] { size("patch_size", &InputSpec::patch_size); });
  losses.attempt("No data set is opened.", [&] { if (f.has("dataset")) spec.dataset = dataset_from(Fields(f.at("dataset"), f.where() + ", dataset")); });
  losses.attempt("No dumped batch is opened.", [&] {
    if (!f.has("dump")) return;
    const Fields dump(f.at("dump"), f.where() + ", dump");
    spec.dump = {dump.text("path"), dump.integer("sample")};
  });
  const bool is_complete = losses.attempt("The bundled scene is shown instead.", [&] { in_file(f.where(), [&] { validate(spec); }); });
  if (!is_complete) spec.picture = PictureSource::scene;
  return spec;
}

}  // namespace maskscope::session_json
