#include "app/inputs.h"

#include <algorithm>

#include "app/resources.h"
#include "core/data/demo_scene.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const Picture> shared(Picture picture) { return std::make_shared<const Picture>(std::move(picture)); }

std::string at_size(std::string_view name, int input_size) { return cat(name, '@', input_size); }

void add_text(Inputs& inputs, const std::string& modality, const std::string& text) {
  ModalityContent content;
  content.modality = modality;
  content.text = std::make_shared<const std::string>(text);
  content.tokens = std::make_shared<const TokenizedText>(inputs.tokenizer->encode(text));
  inputs.contents.push_back(std::move(content));
}

void add_picture(Inputs& inputs, std::string_view name, std::shared_ptr<const Picture> picture) {
  inputs.contents.push_back({at_size(name, inputs.spec.input_size), std::move(picture), nullptr, nullptr});
}

bool same_pictures(const InputSpec& a, const InputSpec& b) {
  return a.picture == b.picture && a.scene_seed == b.scene_seed && a.photo == b.photo && a.fit == b.fit && a.input_size == b.input_size;
}

void load_pictures(Inputs& inputs, const Inputs* previous, std::optional<std::string>& scene_caption,
                   std::optional<std::string>& scene_detections) {
  const InputSpec& spec = inputs.spec;
  const bool is_reused = previous && same_pictures(spec, previous->spec);
  if (is_reused) {
    inputs.title = previous->title;
    inputs.scene_caption = scene_caption = previous->scene_caption;
    inputs.scene_detections = scene_detections = previous->scene_detections;
    inputs.notes = previous->notes;
    for (const ModalityContent& content : previous->contents) {
      if (content.picture) inputs.contents.push_back(content);
    }
    return;
  }
  if (spec.picture == PictureSource::scene) {
    DemoScene scene = make_demo_scene(spec.scene_seed, spec.input_size);
    const auto rgb = shared(std::move(scene.rgb));
    add_picture(inputs, "rgb", rgb);
    add_picture(inputs, "tok_rgb", rgb);
    add_picture(inputs, "tok_depth", shared(std::move(scene.depth)));
    add_picture(inputs, "tok_normal", shared(std::move(scene.normal)));
    add_picture(inputs, "tok_semseg", shared(std::move(scene.semseg)));
    add_picture(inputs, "tok_canny_edge", shared(std::move(scene.edges)));
    inputs.scene_caption = scene_caption = scene.caption;
    inputs.scene_detections = scene_detections = scene.detections;
    inputs.title = cat("bundled scene ", spec.scene_seed + 1);
  } else if (spec.picture == PictureSource::photo) {
    LoadedImage image = read_image(spec.photo);
    const auto square = shared(to_square(image.picture, spec.input_size, spec.fit));
    add_picture(inputs, "rgb", square);
    add_picture(inputs, "tok_rgb", square);
    inputs.title = spec.photo.filename().string();
    inputs.notes = std::move(image.notes);
  }
}

}  // namespace

void validate(const InputSpec& spec) {
  if (spec.input_size != 224 && spec.input_size != 448) {
    throw Error(cat("input size: found ", spec.input_size, ", expected 224 or 448 pixels."));
  }
  if (spec.patch_size != 16 && spec.patch_size != 14) {
    throw Error(cat("patch size: found ", spec.patch_size, ", expected 16 or 14 pixels."));
  }
  if (spec.picture == PictureSource::photo && spec.photo.empty()) {
    throw Error("inputs: the picture is a photo, but no file is named. Name an image file.");
  }
}

const ModalityContent* Inputs::find(std::string_view modality) const {
  const auto found = std::find_if(contents.begin(), contents.end(), [&](const ModalityContent& c) { return c.modality == modality; });
  return found == contents.end() ? nullptr : &*found;
}

std::shared_ptr<const TextTokenizer> load_tokenizer(const InputSpec& spec) {
  const fs::path path = spec.tokenizer.empty() ? resource_path("assets/tokenizer.json") : spec.tokenizer;
  return std::make_shared<const TextTokenizer>(TextTokenizer::load(path));
}

std::shared_ptr<const Inputs> load_inputs(const InputSpec& spec, const std::shared_ptr<const Inputs>& previous) {
  validate(spec);
  auto inputs = std::make_shared<Inputs>();
  inputs->spec = spec;
  if (previous && previous->tokenizer && previous->spec.tokenizer == spec.tokenizer) {
    inputs->tokenizer = previous->tokenizer;
  } else {
    inputs->tokenizer = load_tokenizer(spec);
  }
  std::optional<std::string> caption, detections;
  load_pictures(*inputs, previous.get(), caption, detections);
  if (spec.text) caption = spec.text;
  if (caption) add_text(*inputs, "caption", *caption);
  if (detections) add_text(*inputs, "det", *detections);
  if (inputs->title.empty()) inputs->title = spec.text_file.empty() ? "text" : spec.text_file.filename().string();
  return inputs;
}

Sample make_sample(const Inputs& inputs, const Scheme& scheme) {
  Sample sample;
  sample.key = inputs.title;
  sample.modalities.resize(scheme.modalities.size());
  for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
    const ModalityContent* content = inputs.find(scheme.modalities[m].modality.name);
    if (!content) continue;
    sample.modalities[m].is_present = true;
    if (content->tokens) sample.modalities[m].ids = content->tokens->ids;
  }
  return sample;
}

Scheme with_grid(const Scheme& scheme, int input_size, int patch_size) {
  Scheme result = scheme;
  long tokens_before = 0, tokens_after = 0;  // of all grids
  for (SchemeModality& entry : result.modalities) {
    if (entry.modality.kind != ModalityKind::img) continue;
    const std::string base = entry.modality.name.substr(0, entry.modality.name.find('@'));
    const auto builtin = builtin_modality(at_size(base, input_size), patch_size);
    if (!builtin || entry.modality.max_tokens <= 0) continue;
    // Direct budgets keep their share of the grid.
    const auto rescale = [&](int tokens) {
      return static_cast<int>(static_cast<long>(tokens) * builtin->max_tokens / entry.modality.max_tokens);
    };
    entry.direct_encoder_tokens = rescale(entry.direct_encoder_tokens);
    entry.direct_decoder_tokens = rescale(entry.direct_decoder_tokens);
    tokens_before += entry.modality.max_tokens;
    tokens_after += builtin->max_tokens;
    entry.modality = *builtin;
  }
  if (scheme.mode == BudgetMode::direct && tokens_before > 0) {
    // So do the slots that take them.
    const auto rescale_slots = [&](int slots) { return std::max(static_cast<int>(slots * tokens_after / tokens_before), 1); };
    result.encoder_slots = rescale_slots(scheme.encoder_slots);
    result.decoder_slots = rescale_slots(scheme.decoder_slots);
  }
  std::sort(result.modalities.begin(), result.modalities.end(),
            [](const SchemeModality& a, const SchemeModality& b) { return a.modality.name < b.modality.name; });
  return result;
}

Scheme with_content(const Scheme& scheme, const Inputs& inputs, const std::vector<std::string>& disabled) {
  Scheme result = scheme;
  std::erase_if(result.modalities, [&](const SchemeModality& entry) {
    const ModalityContent* content = inputs.find(entry.modality.name);
    const bool fits = content && (content->picture != nullptr) == (entry.modality.kind == ModalityKind::img);
    return !fits || std::find(disabled.begin(), disabled.end(), entry.modality.name) != disabled.end();
  });
  return result;
}

}  // namespace maskscope
