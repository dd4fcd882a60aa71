// One sample of a data set after the loader's transforms, before masking: what every modality of it becomes.
// As the transforms of fourm/data/modality_transforms.py.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/crop_settings.h"
#include "core/data/dataset.h"
#include "core/data/picture.h"
#include "core/data/t5_rows.h"
#include "core/data/text_tokenizer.h"
#include "core/data_problem.h"
#include "core/modality.h"
#include "core/sample.h"
#include "core/transform_draws.h"

namespace maskscope {

struct TransformOptions {
  bool is_training = false;            // false: crop row 0, centre crop; true: drawn
  bool has_aligned_captions = true;    // one caption per crop; else one is drawn
  std::string main_augment_domain = {};  // whose picture's size and crop the others follow; empty: the first rgb@… there is
  double crop_scale[2] = {0.2, 1.0};   // random resized crop, where no modality is pre-tokenized
  double crop_ratio[2] = {0.75, 4.0 / 3.0};
  double flip_probability = 0.5;
  bool operator==(const TransformOptions&) const = default;
};

struct ModalityView {
  std::string modality;                // as in the scheme
  bool is_present = false;             // false: no file, or it could not be used (problems say why)
  ModalityTokens tokens;               // what is masked
  std::shared_ptr<const Picture> picture;          // pixels: the input_size x input_size picture. Else null
  std::shared_ptr<const std::string> text;         // sequences: the text, or its chunks joined by a space. Else null
  std::shared_ptr<const TokenizedText> tokenized;  // of text; ids as in tokens. Else null
  std::vector<std::string> chunks;     // metadata: in the drawn order
  std::shared_ptr<const T5Rows> rows;       // seq_emb: tokens.num_rows rows. Else null
  std::string file;                    // FileRef::name()
  std::string summary;                 // for people: "JPEG, 320 x 240, crop 0 of 3", "int16 (3, 196), row 0"
};

struct SampleView {
  std::string key;
  std::int64_t number = 0;
  std::optional<CropSettings> crop;    // absent: no picture to crop
  std::vector<ModalityView> modalities;  // parallel to what was asked for
  std::vector<DataProblem> problems;   // of this sample: files and content
};

// Whether ids of this modality are made before training, a row for each crop: then crop_settings says which part is shown.
bool is_pretokenized(const Modality& modality);

// Reads and transforms; what can't be used becomes a problem and an absent modality, the rest stays usable. May be called
// by any thread. modalities: of the scheme, sorted by name. Throws nothing but std::bad_alloc.
SampleView load_sample(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities,
                       const TransformOptions& options, const TextTokenizer& tokenizer, TransformDraws& draws);

// The same sample with its texts only: the same draws, crop and texts as load_sample gives for the same modalities and draws, at a
// fraction of the time. Of pictures only the main one is read, for its size; ids and embeddings are not read: all of these are
// absent, and of their files no problem is told. A picture of which only the pixels are damaged counts as there, while load_sample
// finds no size for the boxes in it.
SampleView load_sample_texts(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities,
                             const TransformOptions& options, const TextTokenizer& tokenizer, TransformDraws& draws);

}  // namespace maskscope
