#include "core/data/metadata_chunks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "core/data/python_number.h"

namespace maskscope {

namespace {

enum class Binning : std::uint8_t { pixels, integer, range, thresholds };

struct Entry {
  std::string_view name;
  Binning binning;
  double high = 0.0;                // range: 0 .. high in 50 bins
  double thresholds[2] = {};        // ascending
  std::size_t num_thresholds = 0;
};

// By number: v1=0, v1=1, …
constexpr std::array entries = {
    Entry{"original_width", Binning::pixels},
    Entry{"original_height", Binning::pixels},
    Entry{"caption_n_chars", Binning::integer},
    Entry{"caption_n_words", Binning::integer},
    Entry{"caption_n_sentences", Binning::integer},
    Entry{"n_humans", Binning::integer},
    Entry{"n_sam_instances", Binning::integer},
    Entry{"n_coco_instances", Binning::integer},
    Entry{"coco_instance_diversity", Binning::integer},
    Entry{"colorfulness", Binning::range, 150},
    Entry{"brightness", Binning::range, 255},
    Entry{"contrast", Binning::range, 127},
    Entry{"saturation", Binning::range, 255},
    Entry{"entropy", Binning::range, 10},
    Entry{"walkability", Binning::range, 1},
    Entry{"objectness", Binning::range, 1},
    Entry{"semantic_diversity", Binning::integer},
    Entry{"geometric_complexity", Binning::range, 0.75},
    Entry{"occlusion_score", Binning::range, 0.25},
    Entry{"watermark_score", Binning::thresholds, 0.0, {0.5}, 1},
    Entry{"aesthetic_score", Binning::thresholds, 0.0, {4.5, 5.5}, 2},
};
constexpr int largest_value = 999;
constexpr int pixels_per_bin = 32;
constexpr int num_bins = 50;
constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

std::string bin_text(const Entry& entry, PythonNumber number) {
  switch (entry.binning) {
    case Binning::pixels: return python_text(clamp(floor_divide(number, pixels_per_bin), 0, largest_value));
    case Binning::integer: return python_text(clamp(number, 0, largest_value));
    case Binning::thresholds: {
      int bin = 0;
      for (std::size_t t = 0; t < entry.num_thresholds && !(number.value < entry.thresholds[t]); ++t) ++bin;
      return std::to_string(bin);
    }
    case Binning::range: break;
  }
  const double value = number.value > entry.high ? entry.high : number.value > 0.0 ? number.value : 0.0;  // NaN: 0
  return std::to_string(static_cast<int>(value / entry.high * (num_bins - 1)));
}

std::string chunk_of(const std::string& name, const PythonJson& value, Findings& findings) {
  const auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == name; });
  if (entry == entries.end()) {
    throw ContentError(cat("The metadata entry \"", name, "\" is none of the ", entries.size(), " that 4M knows (",
                           entries.front().name, ", …, ", entries.back().name, "). Remove or rename it."),
                       cannot_load);
  }
  if (!value.is_number()) {
    throw ContentError(cat("The metadata entry \"", name, "\" is ", value.describe(), ", a number was expected. Correct it."),
                       cannot_load);
  }
  const std::string bin = bin_text(*entry, {value.kind, value.number});
  if (bin.find_first_not_of("0123456789") != std::string::npos) {
    add_finding(
        findings, ProblemLevel::warning,
        cat("The metadata entry \"", name, "\" is ", python_text({value.kind, value.number}),
            " where a whole number was expected; it becomes v0=", bin, ", which is no single token. Write it without a point."));
  }
  return cat("v1=", entry - entries.begin(), " v0=", bin);
}

}  // namespace

std::vector<std::string> metadata_chunks(const PythonJson& file, TransformDraws& draws, Findings& findings) {
  if (file.kind != PythonJson::Kind::object) {
    throw ContentError(
        cat("The metadata is ", file.describe(), ", an object of names and numbers was expected. Write the file again."),
        cannot_load);
  }
  constexpr std::size_t most_entries = 10'000;
  if (file.object.size() > most_entries) {
    throw ContentError(cat("The metadata has ", file.object.size(), " entries, at most ", most_entries, " are read."), cannot_load);
  }
  std::vector<std::string> chunks;
  for (const int place : draws.metadata_order(static_cast<int>(file.object.size()))) {
    const auto& [name, value] = file.object[static_cast<std::size_t>(place)];
    chunks.push_back(chunk_of(name, value, findings));
  }
  return chunks;
}

}  // namespace maskscope
