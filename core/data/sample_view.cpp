#include "core/data/sample_view.h"

#include <algorithm>
#include <cassert>
#include <cstddef>

#include "core/data/caption_file.h"
#include "core/data/dataset_image.h"
#include "core/data/detection_text.h"
#include "core/data/metadata_chunks.h"
#include "core/data/modality_transform.h"
#include "core/data/palette_text.h"
#include "core/data/pose_text.h"
#include "core/data/resize_bicubic.h"
#include "core/data/sample_file.h"
#include "core/data/token_grid.h"

namespace maskscope {

namespace {

constexpr const char* crop_settings_name = "crop_settings";

enum class Wanted : std::uint8_t { all, texts };

class Loader {
 public:
  Loader(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities, const TransformOptions& options,
         const TextTokenizer& tokenizer, TransformDraws& draws, Wanted wanted)
      : dataset_(dataset), sample_(sample), modalities_(modalities), options_(options), tokenizer_(tokenizer), draws_(draws),
        wanted_(wanted) {}

  // In the reference's order of draws: palettes, the crop, captions, poses, metadata.
  SampleView run() {
    view_.key = sample_.key;
    view_.number = sample_.number;
    images_.resize(modalities_.size());
    sizes_.resize(modalities_.size());
    for (const Modality& modality : modalities_) {
      ModalityView& entry = view_.modalities.emplace_back();
      entry.modality = modality.name;
      const FileRef* file = sample_.find(modality.name);
      if (file) entry.file = file->name();
      const bool is_read = wanted_ == Wanted::all || is_text_transform(transform_of(modality));
      entry.summary = !file ? "no file" : is_read ? "not usable" : "not read";
    }
    for_each(Transform::instances, [](std::size_t, const FileRef&) { refuse_instances(); });
    for_each(Transform::palette, [&](std::size_t m, const FileRef& file) { set_text(m, palette(file)); });
    for_each(Transform::picture, [&](std::size_t m, const FileRef& file) { read_picture(m, file); });
    choose_crop();
    if (wanted_ == Wanted::all) {
      for_each(Transform::picture, [&](std::size_t m, const FileRef&) { set_picture(m); });
      for_each(Transform::tokens, [&](std::size_t m, const FileRef& file) { set_tokens(m, file); });
      for_each(Transform::embeddings, [&](std::size_t m, const FileRef& file) { set_rows(m, file); });
    }
    for_each(Transform::caption, [&](std::size_t m, const FileRef& file) { set_text(m, caption(file)); });
    for_each(Transform::detections, [&](std::size_t m, const FileRef& file) {
      set_text(m, detection_text(read_json(file), crop_of_boxes(), size_of_boxes()));
    });
    for_each(Transform::poses, [&](std::size_t m, const FileRef& file) { set_text(m, poses(file)); });
    for_each(Transform::metadata,
             [&](std::size_t m, const FileRef& file) { set_chunks(m, metadata_chunks(read_json(file), draws_, findings_)); });
    return std::move(view_);
  }

 private:
  // Calls act(m, file) for the modalities of this transform that have a file; what it throws becomes a problem of theirs.
  template <class Act>
  void for_each(Transform transform, Act&& act) {
    for (std::size_t m = 0; m < modalities_.size(); ++m) {
      if (transform_of(modalities_[m]) != transform) continue;
      if (const FileRef* file = sample_.find(modalities_[m].name)) guarded(*file, modalities_[m].name, [&] { act(m, *file); });
    }
  }

  template <class Act>
  void guarded(const FileRef& file, const std::string& modality, Act&& act) {
    findings_.clear();
    try {
      act();
    } catch (const ContentError& error) {
      add_finding(findings_, ProblemLevel::error, error.what(), error.reference());
    } catch (const Error& error) {
      add_finding(findings_, ProblemLevel::error, error.what(), "raises an exception: the sample can't be loaded.");
    }
    for (DataProblem& problem : findings_) {
      problem.file = file.name();
      problem.key = sample_.key;
      problem.modality = modality;
      const std::string prefix = problem.file + ": ";  // readers name the file themselves
      if (problem.sentence.starts_with(prefix)) {
        problem.sentence.erase(0, prefix.size());
        char& first = problem.sentence.front();
        if (first >= 'a' && first <= 'z') first = static_cast<char>(first - 'a' + 'A');
      }
      view_.problems.push_back(std::move(problem));
    }
    findings_.clear();
  }

  PythonJson read_json(const FileRef& file) { return read_sample_json(dataset_, file, findings_); }
  std::string palette(const FileRef& file) {
    const PythonJson json = read_json(file);
    return palette_text(json, draws_.palette_length(), findings_);
  }
  // Of its pixels nothing that is drawn or written depends, of the main picture's size both may.
  void read_picture(std::size_t m, const FileRef& file) {
    if (wanted_ == Wanted::all) {
      images_[m] = decode_dataset_image(read_sample_image(dataset_, file), file.name(), findings_);
      sizes_[m] = PixelSize{images_[m]->picture.height, images_[m]->picture.width};
    } else if (is_main(m)) {
      sizes_[m] = dataset_image_size(read_sample_image(dataset_, file), file.name());
    }
  }
  std::string caption(const FileRef& file) {
    if (is_text_file(file)) return read_sample_text(dataset_, file);
    return caption_of_json(read_json(file), {.is_aligned = options_.has_aligned_captions, .crop_row = crop_row_}, draws_);
  }
  std::string poses(const FileRef& file) {
    const PythonJson json = read_json(file);
    if (is_nobody(json)) return "none";
    return pose_text(json, crop_of_boxes(), size_of_boxes(), draws_, findings_);
  }

  [[noreturn]] static void refuse_instances() {
    throw ContentError(
        "Instances are stored as a Python pickle, and reading one runs what is written in it: it was not opened. The modality "
        "keeps its place in the scheme, without ids.",
        "unpickles the file, and so runs whatever code it holds; it also draws random numbers there, so that "
        "what it draws later differs.");
  }

  // Whether boxes may be relative to the size of this picture: to the first such that is there, and a picture.
  bool is_main(std::size_t m) const {
    const std::string& name = modalities_[m].name;
    return options_.main_augment_domain.empty() ? name.starts_with("rgb") : name == options_.main_augment_domain;
  }

  void choose_crop() {
    for (std::size_t m = 0; m < modalities_.size() && !size_; ++m) {
      if (is_main(m)) size_ = sizes_[m];
    }
    if (std::any_of(modalities_.begin(), modalities_.end(), is_pretokenized)) {
      choose_row();
    } else if (size_ && options_.is_training) {
      const RandomCropOptions random{{options_.crop_scale[0], options_.crop_scale[1]},
                                     {options_.crop_ratio[0], options_.crop_ratio[1]},
                                     options_.flip_probability};
      view_.crop = random_crop(*size_, random, draws_);
    } else if (size_) {
      view_.crop = centre_crop(*size_);
      draws_.uniform();  // the reference asks whether to flip, and never does
    }
  }

  void choose_row() {
    const FileRef* file = sample_.find(crop_settings_name);
    if (!file) {
      view_.problems.push_back(
          {ProblemLevel::error,
           {},
           sample_.key,
           crop_settings_name,
           "There is no crop_settings file, and ids that were made beforehand need one. The first row of the ids and the "
           "centre of the picture were taken.",
           "raises an exception, or pairs the samples wrongly."});
      if (size_) view_.crop = centre_crop(*size_);
      return;
    }
    guarded(*file, crop_settings_name, [&] {
      const NpyArray table = read_sample_npy(dataset_, *file);
      const int num_rows = check_crop_settings(table);
      crop_row_ = options_.is_training ? draws_.crop_row(num_rows) : 0;
      view_.crop = crop_of_row(table, crop_row_);
      if (size_) check_crop(*view_.crop, *size_, findings_);
    });
  }

  const CropSettings& crop_of_boxes() const {
    if (!view_.crop)
      throw ContentError("It is not known which part of the picture is shown: there is no crop for it.",
                         "raises an exception: the sample can't be loaded.");
    return *view_.crop;
  }
  PixelSize size_of_boxes() const {
    if (size_) return *size_;
    throw ContentError(cat("Boxes are cropped with their picture, and its size is not known: ",
                           options_.main_augment_domain.empty() ? "no rgb modality" : options_.main_augment_domain,
                           " (the main augmentation modality) was ", options_.main_augment_domain.empty() ? "" : "not ",
                           "loaded. Add the picture to the modalities."),
                       "raises TypeError: the sample can't be loaded.");
  }

  void set_picture(std::size_t m) {
    if (!images_[m]) return;
    const DatasetImage& image = *images_[m];
    ModalityView& entry = view_.modalities[m];
    const CropSettings& crop = crop_of_boxes();
    entry.picture = std::make_shared<const Picture>(crop_and_resize(image.picture, crop, modalities_[m].input_size));
    entry.tokens.is_present = entry.is_present = true;
    entry.summary =
        cat(image.format, ", ", image.picture.width, " x ", image.picture.height, ", crop ", crop.row, " of ", crop.num_rows);
  }

  void set_tokens(std::size_t m, const FileRef& file) {
    const NpyArray array = read_sample_npy(dataset_, file);
    ModalityView& entry = view_.modalities[m];
    entry.tokens.ids = token_row(array, modalities_[m], crop_row_, findings_);
    entry.tokens.is_present = entry.is_present = true;
    entry.summary = cat(array.dtype(), " ", array.shape_text(), ", row ", crop_row_);
  }

  void set_rows(std::size_t m, const FileRef& file) {
    ModalityView& entry = view_.modalities[m];
    const auto rows = std::make_shared<const T5Rows>(t5_rows(read_sample_npz(dataset_, file), crop_row_));
    entry.tokens.num_rows = rows->num_rows;
    entry.tokens.is_present = entry.is_present = true;
    entry.summary = cat(rows->dtype, ", ", rows->num_rows, rows->num_rows == 1 ? " row of " : " rows of ", rows->dim);
    entry.rows = rows;
  }

  void set_text(std::size_t m, std::string text) {
    TokenizedText tokenized = tokenizer_.encode(text);
    set_tokenized(m, std::move(text), std::move(tokenized));
  }

  // Each chunk is tokenized by itself.
  void set_chunks(std::size_t m, std::vector<std::string> chunks) {
    TokenizedText all;
    std::string text;
    std::vector<std::int32_t> lengths;
    for (const std::string& chunk : chunks) {
      if (!text.empty()) text += ' ';
      const TokenizedText part = tokenizer_.encode(chunk);
      lengths.push_back(static_cast<std::int32_t>(part.ids.size()));
      all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
      all.pieces.insert(all.pieces.end(), part.pieces.begin(), part.pieces.end());
      const auto offset = static_cast<std::uint32_t>(text.size());
      for (const ByteRange& range : part.ranges) all.ranges.push_back({range.begin + offset, range.end + offset});
      all.num_steps += part.num_steps;
      text += chunk;
    }
    set_tokenized(m, std::move(text), std::move(all));
    view_.modalities[m].chunks = std::move(chunks);
    view_.modalities[m].tokens.chunk_lengths = std::move(lengths);
  }

  void set_tokenized(std::size_t m, std::string text, TokenizedText tokenized) {
    ModalityView& entry = view_.modalities[m];
    entry.tokens.ids = tokenized.ids;
    entry.tokens.is_present = entry.is_present = true;
    entry.summary = cat("text of ", tokenized.ids.size(), tokenized.ids.size() == 1 ? " token" : " tokens");
    entry.text = std::make_shared<const std::string>(std::move(text));
    entry.tokenized = std::make_shared<const TokenizedText>(std::move(tokenized));
  }

  const Dataset& dataset_;
  const SampleRef& sample_;
  const std::vector<Modality>& modalities_;
  const TransformOptions& options_;
  const TextTokenizer& tokenizer_;
  TransformDraws& draws_;
  Wanted wanted_;

  SampleView view_;
  Findings findings_;                                // of the file at hand
  std::vector<std::optional<DatasetImage>> images_;  // parallel to modalities_
  std::vector<std::optional<PixelSize>> sizes_;      // likewise
  std::optional<PixelSize> size_;                    // of the main picture
  int crop_row_ = 0;
};

}  // namespace

bool is_pretokenized(const Modality& modality) {
  const Transform transform = transform_of(modality);
  return transform == Transform::tokens || transform == Transform::instances;
}

SampleView load_sample(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities,
                       const TransformOptions& options, const TextTokenizer& tokenizer, TransformDraws& draws) {
  return Loader(dataset, sample, modalities, options, tokenizer, draws, Wanted::all).run();
}

SampleView load_sample_texts(const Dataset& dataset, const SampleRef& sample, const std::vector<Modality>& modalities,
                             const TransformOptions& options, const TextTokenizer& tokenizer, TransformDraws& draws) {
  return Loader(dataset, sample, modalities, options, tokenizer, draws, Wanted::texts).run();
}

}  // namespace maskscope
