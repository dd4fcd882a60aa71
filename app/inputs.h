// What the user gave to look at, and what it becomes: one picture or one tokenized text per modality.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "app/dataset_spec.h"
#include "core/data/image.h"
#include "core/data_problem.h"
#include "core/data/text_tokenizer.h"
#include "core/sample.h"
#include "core/scheme.h"

namespace maskscope {

class OpenDataset;
struct BatchDump;
struct Document;
struct LoadedConfig;
struct LoadedSample;

enum class PictureSource : std::uint8_t {
  none,
  scene,    // the bundled scene: pictures for every image modality, a caption and detections
  photo,    // a file: feeds rgb@… and tok_rgb@…
  dataset,  // a sample of a data set: whatever it holds
  dump,     // a batch that was masked elsewhere: nothing is drawn
};

// What was asked for; saved in a session. Loading it is load_inputs.
struct InputSpec {
  PictureSource picture = PictureSource::scene;
  std::uint64_t scene_seed = 0;
  std::filesystem::path photo;
  DatasetSpec dataset;
  DumpSpec dump;
  FitMode fit = FitMode::centre_crop;
  std::optional<std::string> text;    // the caption; absent: the scene's own, or none with a photo
  std::filesystem::path text_file;    // where text was read from; empty when typed
  std::filesystem::path tokenizer;    // empty: the bundled one
  int input_size = 224;               // 224 or 448
  int patch_size = 16;                // 16 or 14
  bool operator==(const InputSpec&) const = default;
};

// Throws Error naming the field and the values that exist.
void validate(const InputSpec& spec);

// One modality's content. Scene, photo: a picture, or a text with its tokens. Data set: whatever its files gave.
struct ModalityContent {
  std::string modality;                    // as in Modality::name
  std::shared_ptr<const Picture> picture;  // input_size x input_size. Pre-tokenized: cells coloured by id
  std::shared_ptr<const std::string> text;
  std::shared_ptr<const TokenizedText> tokens;
  std::shared_ptr<const Picture> overlay = nullptr;  // pre-tokenized: the cells over the RGB crop. Null without one
  std::vector<std::int32_t> ids = {};            // of a grid; empty: unknown
  std::vector<std::int32_t> chunk_lengths = {};  // of a text in chunks
  int num_rows = 0;                              // of an embedding
  std::string source = {};                       // for people: the file, and what is in it
};

// Immutable once loaded; shared by undo states and frames.
struct Inputs {
  InputSpec spec;
  std::shared_ptr<const TextTokenizer> tokenizer;
  std::vector<ModalityContent> contents;
  std::vector<std::string> notes;  // sentences: what was converted while loading
  std::vector<DataProblem> problems;  // of the data set, of this sample and of the configuration
  std::string title;               // for people: "bundled scene 1" or the photo's file name
  std::optional<std::string> scene_caption, scene_detections;  // the bundled scene's own texts
  std::vector<int> picture_sizes;  // scene, photo: px per side that pictures are there in

  std::shared_ptr<OpenDataset> dataset;        // null: not one
  std::shared_ptr<const LoadedSample> loaded;  // of the data set
  bool are_problems_final = true;              // false: the index may still find more of this sample
  std::shared_ptr<const LoadedConfig> config;  // null: none was opened
  std::shared_ptr<const BatchDump> dump;       // null: not one

  const ModalityContent* find(std::string_view modality) const;  // nullptr when absent
};

// The tokenizer alone: spec.tokenizer, or the bundled one. Throws Error.
std::shared_ptr<const TextTokenizer> load_tokenizer(const InputSpec& spec);

// What the document's inputs are; a data set's sample depends on its scheme and draws besides. Loads what changed against
// previous (may be null) and shares the rest; previous itself when nothing did. stop: ends the wait for a sample far behind in
// a data set. Throws Error; previous stays usable.
std::shared_ptr<const Inputs> load_inputs(const Document& document, const std::shared_ptr<const Inputs>& previous,
                                          std::stop_token stop = {});

// The same without what takes memory: enough to load it again without opening its data set anew.
std::shared_ptr<const Inputs> without_content(const Inputs& inputs);

// The name of the draws of the sample that is shown: its number in the data set and how often it was drawn before.
std::uint64_t draw_number(const Document& document);

// The sample of these inputs for a scheme: modalities without content are not present.
Sample make_sample(const Inputs& inputs, const Scheme& scheme);

// The scheme's modalities with another grid: "rgb@224" becomes "rgb@448", max_tokens follow. Own modalities stay, and so
// does a scheme whose grids have several sizes.
Scheme with_grid(const Scheme& scheme, int input_size, int patch_size);

// The scheme without those listed in disabled and, unless the inputs are a data set, without those that have no content of
// their kind here. A data set's sample keeps them: they get a budget all the same.
Scheme with_content(const Scheme& scheme, const Inputs& inputs, const std::vector<std::string>& disabled);

}  // namespace maskscope
