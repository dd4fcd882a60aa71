#include "app/inputs.h"

#include <algorithm>
#include <set>

#include "app/dataset_inputs.h"
#include "app/document.h"
#include "app/resources.h"
#include "core/data/demo_scene.h"
#include "core/data/scheme_config.h"
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

void add_picture(Inputs& inputs, std::string_view name, int size, std::shared_ptr<const Picture> picture) {
  inputs.contents.push_back({at_size(name, size), std::move(picture), nullptr, nullptr});
}

// The document's grid, and the other sizes that the scheme has grids of.
std::vector<int> picture_sizes(const Document& document) {
  std::vector<int> sizes{document.inputs.input_size};
  for (const SchemeModality& entry : document.scheme.modalities) {
    const int size = entry.modality.input_size;
    const bool has_pictures = size == 224 || size == 448;
    if (has_pictures && std::find(sizes.begin(), sizes.end(), size) == sizes.end()) sizes.push_back(size);
  }
  return sizes;
}

bool same_pictures(const InputSpec& a, const InputSpec& b) {
  return a.picture == b.picture && a.scene_seed == b.scene_seed && a.photo == b.photo && a.fit == b.fit;
}

// From previous what is of the sizes wanted. False when there is nothing to take over.
bool take_pictures(Inputs& inputs, const Inputs* previous) {
  if (!previous || !same_pictures(inputs.spec, previous->spec) || inputs.picture_sizes != previous->picture_sizes) return false;
  inputs.title = previous->title;
  inputs.scene_caption = previous->scene_caption;
  inputs.scene_detections = previous->scene_detections;
  inputs.notes = previous->notes;
  for (const ModalityContent& content : previous->contents) {
    if (content.picture) inputs.contents.push_back(content);
  }
  return true;
}

void load_scene(Inputs& inputs, int size) {
  DemoScene scene = make_demo_scene(inputs.spec.scene_seed, size);
  const auto rgb = shared(std::move(scene.rgb));
  add_picture(inputs, "rgb", size, rgb);
  add_picture(inputs, "tok_rgb", size, rgb);
  add_picture(inputs, "tok_depth", size, shared(std::move(scene.depth)));
  add_picture(inputs, "tok_normal", size, shared(std::move(scene.normal)));
  add_picture(inputs, "tok_semseg", size, shared(std::move(scene.semseg)));
  add_picture(inputs, "tok_canny_edge", size, shared(std::move(scene.edges)));
  inputs.scene_caption = scene.caption;
  inputs.scene_detections = scene.detections;
  inputs.title = cat("bundled scene ", inputs.spec.scene_seed + 1);
}

void load_pictures(Inputs& inputs, const Inputs* previous) {
  const InputSpec& spec = inputs.spec;
  if (take_pictures(inputs, previous)) return;
  if (spec.picture == PictureSource::scene) {
    for (const int size : inputs.picture_sizes) load_scene(inputs, size);
  } else if (spec.picture == PictureSource::photo) {
    LoadedImage image = read_image(spec.photo);
    for (const int size : inputs.picture_sizes) {
      const auto square = shared(to_square(image.picture, size, spec.fit));
      add_picture(inputs, "rgb", size, square);
      add_picture(inputs, "tok_rgb", size, square);
    }
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
  if (spec.picture == PictureSource::dataset && spec.dataset.path.empty()) {
    throw Error("inputs: they are a data set, but no folder or tar is named. Name one.");
  }
  if (spec.picture == PictureSource::dump && spec.dump.path.empty()) {
    throw Error("inputs: they are a dumped batch, but no file is named. Name an .npz.");
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

std::shared_ptr<const Inputs> load_inputs(const Document& document, const std::shared_ptr<const Inputs>& previous,
                                          std::stop_token stop) {
  const InputSpec& spec = document.inputs;
  validate(spec);
  auto inputs = std::make_shared<Inputs>();
  inputs->spec = spec;
  if (previous && previous->tokenizer && previous->spec.tokenizer == spec.tokenizer) {
    inputs->tokenizer = previous->tokenizer;
  } else {
    inputs->tokenizer = load_tokenizer(spec);
  }
  load_config(*inputs, previous.get());
  if (spec.picture == PictureSource::dataset) {
    return load_dataset_sample(document, std::move(inputs), previous, stop);
  }
  if (spec.picture == PictureSource::dump) return load_dump_sample(document, std::move(inputs), previous);
  inputs->picture_sizes = picture_sizes(document);
  if (previous && previous->spec == spec && previous->picture_sizes == inputs->picture_sizes && previous->config == inputs->config) return previous;
  load_pictures(*inputs, previous.get());
  const std::optional<std::string>& caption = spec.text ? spec.text : inputs->scene_caption;
  if (caption) add_text(*inputs, "caption", *caption);
  if (inputs->scene_detections) add_text(*inputs, "det", *inputs->scene_detections);
  if (inputs->config) inputs->problems = config_problems(*inputs->config, spec.dataset);
  if (inputs->title.empty()) inputs->title = spec.text_file.empty() ? "text" : spec.text_file.filename().string();
  return inputs;
}

std::shared_ptr<const Inputs> without_content(const Inputs& inputs) {
  auto light = std::make_shared<Inputs>();
  light->spec = inputs.spec;
  light->tokenizer = inputs.tokenizer;
  light->dataset = inputs.dataset;
  light->config = inputs.config;
  return light;
}

std::uint64_t draw_number(const Document& document) {
  const bool is_named = document.random == RandomSource::named && document.inputs.picture == PictureSource::dataset;
  return document.sample_index + (is_named ? static_cast<std::uint64_t>(document.inputs.dataset.sample) : 0);
}

Sample make_sample(const Inputs& inputs, const Scheme& scheme) {
  Sample sample;
  sample.key = inputs.title;
  sample.modalities.resize(scheme.modalities.size());
  for (std::size_t m = 0; m < scheme.modalities.size(); ++m) {
    const ModalityContent* content = inputs.find(scheme.modalities[m].modality.name);
    if (!content) continue;
    ModalityTokens& tokens = sample.modalities[m];
    tokens.is_present = true;
    tokens.ids = content->tokens ? content->tokens->ids : content->ids;
    tokens.chunk_lengths = content->chunk_lengths;
    tokens.num_rows = content->num_rows;
  }
  return sample;
}

Scheme with_grid(const Scheme& scheme, int input_size, int patch_size) {
  Scheme result = scheme;
  std::set<int> sizes;
  for (const SchemeModality& entry : scheme.modalities) {
    if (entry.modality.name.find('@') != std::string::npos) sizes.insert(entry.modality.input_size);
  }
  if (sizes.size() > 1) return result;
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
  const bool keeps_absent = inputs.spec.picture == PictureSource::dataset;
  std::erase_if(result.modalities, [&](const SchemeModality& entry) {
    const ModalityContent* content = inputs.find(entry.modality.name);
    const bool fits = content && (content->picture != nullptr) == (entry.modality.kind == ModalityKind::img);
    return (!fits && !keeps_absent) || std::find(disabled.begin(), disabled.end(), entry.modality.name) != disabled.end();
  });
  return result;
}

}  // namespace maskscope
