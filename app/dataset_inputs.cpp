#include "app/dataset_inputs.h"

#include <algorithm>

#include "app/dumped_frame.h"
#include "core/data/id_picture.h"
#include "core/data/scheme_config.h"
#include "core/draw.h"
#include "core/error.h"

namespace maskscope {
namespace {

ModalityContent content_of(const ModalityView& view, const Modality& modality, const std::shared_ptr<const Picture>& rgb) {
  ModalityContent content;
  content.modality = view.modality;
  content.picture = view.picture;
  content.text = view.text;
  content.tokens = view.tokenized;
  content.chunk_lengths = view.tokens.chunk_lengths;
  content.num_rows = view.tokens.num_rows;
  if (!view.tokenized) content.ids = view.tokens.ids;
  content.source = cat(view.file, view.summary.empty() ? "" : ": ", view.summary);
  if (modality.kind == ModalityKind::img && !content.ids.empty()) {
    const int columns = std::max(modality.grid_side(), 1), side = modality.input_size;
    content.picture = std::make_shared<const Picture>(picture_of_ids(content.ids, columns, side));
    if (rgb) content.overlay = std::make_shared<const Picture>(overlay_of_ids(content.ids, columns, *rgb));
  }
  return content;
}

// Modalities of the scheme that the data set has no files of at all.
void note_modalities_without_files(const Document& document, const OpenDataset& dataset, std::vector<DataProblem>& problems) {
  const std::vector<std::string>& there = dataset.modalities();
  for (const SchemeModality& entry : document.scheme.modalities) {
    if (!entry.is_in_domain && !entry.is_out_domain) continue;
    if (std::find(there.begin(), there.end(), entry.modality.name) != there.end()) continue;
    if (std::find(document.disabled.begin(), document.disabled.end(), entry.modality.name) != document.disabled.end()) continue;
    problems.push_back({ProblemLevel::warning, dataset.title(), "", entry.modality.name,
                        "The scheme has this modality, the data set has no files of it: all its slots are masked. Choose a scheme "
                        "without it, or switch it off.",
                        dataset.layout() == DatasetLayout::folders ? "Does not start: it looks for a folder of every modality."
                                                                   : "Raises a KeyError when it comes to the first sample."});
  }
}

}  // namespace

void load_config(Inputs& inputs, const Inputs* previous) {
  const std::filesystem::path& path = inputs.spec.dataset.config;
  if (path.empty()) return;
  if (previous && previous->config && previous->spec.dataset.config == path) inputs.config = previous->config;
  else inputs.config = std::make_shared<const LoadedConfig>(read_config(path));
}

std::vector<DataProblem> config_problems(const LoadedConfig& config, const DatasetSpec& spec) {
  std::vector<DataProblem> problems = config.problems;
  for (const ConfigDataset& dataset : config.training) {
    if (dataset.name != spec.config_dataset || dataset.data_path.empty()) continue;
    const std::string why = why_no_dataset(dataset.data_path);
    if (why.empty()) continue;  // other inputs are shown because they were opened
    problems.push_back({ProblemLevel::warning, config.path.string(), "", "",
                        cat("Data set ", dataset.name, ", data_path: ", why, " Other inputs are shown: open the folder with the data, or name it with --data."),
                        "Fails when it looks for the files."});
  }
  return problems;
}

SampleRequest sample_request(const Document& document, const std::shared_ptr<const TextTokenizer>& tokenizer) {
  SampleRequest request;
  request.number = document.inputs.dataset.sample;
  for (const SchemeModality& entry : document.scheme.modalities) request.modalities.push_back(entry.modality);
  request.transforms = document.inputs.dataset.transforms;
  request.random = document.random;
  request.seed = document.seed;
  request.draw = draw_number(document);
  request.tokenizer = tokenizer;
  return request;
}

std::shared_ptr<const Inputs> load_dataset_sample(const Document& document, std::shared_ptr<Inputs> inputs,
                                                  const std::shared_ptr<const Inputs>& previous,
                                                  std::stop_token stop) {
  const DatasetSpec& spec = document.inputs.dataset;
  if (document.random == RandomSource::torch && document.sample_index > 0) {
    throw Error(cat("draw number: found ", document.sample_index, ", but with PyTorch's generators a data set's sample is loaded and masked "
                    "right after seeding. Set the draw to 0."));
  }
  if (draw_number(document) > max_sample_index) throw Error(cat("draw number: found ", draw_number(document), ", expected at most ", max_sample_index, "."));
  if (previous && previous->dataset && same_files(previous->dataset->spec(), spec)) inputs->dataset = previous->dataset;
  else inputs->dataset = OpenDataset::open(spec, stop);

  inputs->loaded = inputs->dataset->load(sample_request(document, inputs->tokenizer), stop);
  inputs->are_problems_final = inputs->dataset->is_settled(spec.sample);
  if (previous && previous->spec == inputs->spec && previous->loaded == inputs->loaded && previous->config == inputs->config &&
      previous->are_problems_final == inputs->are_problems_final) {
    return previous;
  }
  const SampleView& view = inputs->loaded->view;
  inputs->title = view.key;
  std::shared_ptr<const Picture> rgb;
  for (const ModalityView& modality : view.modalities) {
    if (modality.is_present && modality.picture && !rgb) rgb = modality.picture;
  }
  for (std::size_t m = 0; m < view.modalities.size(); ++m) {
    if (view.modalities[m].is_present) inputs->contents.push_back(content_of(view.modalities[m], inputs->loaded->request.modalities[m], rgb));
  }
  inputs->problems = inputs->dataset->problems_of(spec.sample);
  inputs->problems.insert(inputs->problems.end(), view.problems.begin(), view.problems.end());
  note_modalities_without_files(document, *inputs->dataset, inputs->problems);
  if (inputs->config) {
    inputs->problems.insert(inputs->problems.end(), inputs->config->problems.begin(), inputs->config->problems.end());
  }
  return inputs;
}

std::shared_ptr<const Inputs> load_dump_sample(const Document& document, std::shared_ptr<Inputs> inputs, const std::shared_ptr<const Inputs>& previous) {
  const DumpSpec& spec = document.inputs.dump;
  if (previous && previous->dump && previous->spec == inputs->spec) return previous;
  if (previous && previous->dump && previous->spec.dump.path == spec.path) inputs->dump = previous->dump;
  else inputs->dump = std::make_shared<const BatchDump>(read_batch_dump(spec.path));
  DumpView how;
  how.vocabulary = inputs->tokenizer->vocabulary();
  DumpedFrame dumped = make_dumped_frame(*inputs->dump, spec.sample, how);
  inputs->title = dumped.frame.sample.key;
  inputs->problems = std::move(dumped.problems);
  for (int m = 0; m < dumped.frame.scheme.num_modalities(); ++m) {
    const auto at = static_cast<std::size_t>(m);
    const Modality& modality = dumped.frame.scheme.modalities[at].modality;
    const std::vector<std::int32_t>& ids = dumped.frame.sample.modalities[at].ids;
    ModalityContent content;
    content.modality = modality.name;
    content.source = spec.path.filename().string();
    const int columns = std::max(modality.grid_side(), 1);
    if (modality.kind == ModalityKind::img && ids.size() == static_cast<std::size_t>(columns) * static_cast<std::size_t>(columns)) {
      content.ids = ids;
      content.picture = std::make_shared<const Picture>(picture_of_ids(ids, columns, modality.input_size));
    }
    inputs->contents.push_back(std::move(content));
  }
  return inputs;
}

Scheme scheme_of_dataset(const std::vector<std::string>& modalities, const std::string& title) {
  std::vector<std::string_view> known;
  for (const std::string& name : modalities) {
    if (builtin_modality(name)) known.push_back(name);
  }
  if (known.empty()) {
    std::string found;
    for (const std::string& name : modalities) found += (found.empty() ? "" : ", ") + name;
    throw Error(cat(title, ": none of the modalities found here (", found.empty() ? "there are none" : found,
                    ") is one that 4M knows. Describe them in a scheme file and name it with --scheme."));
  }
  return symmetric_scheme(title, known);
}

}  // namespace maskscope
