#include "core/data/sample_file.h"

#include <algorithm>
#include <string_view>

#include "core/data/caption_file.h"
#include "core/data/gunzip.h"

namespace maskscope {

namespace {

constexpr JsonLimits json_limits{.max_values = 300'000, .max_depth = 64};

bool is_gzipped(const FileRef& file) { return file.extension == "gz" || file.extension.ends_with(".gz"); }
std::string_view plain_extension(const FileRef& file) {
  const std::string_view extension = file.extension;
  return is_gzipped(file) && extension != "gz" ? extension.substr(0, extension.size() - 3) : extension;
}

std::vector<std::uint8_t> read_unpacked(const Dataset& dataset, const FileRef& file, std::string_view extension,
                                        std::size_t max_bytes) {
  if (plain_extension(file) != extension) {
    throw ContentError(
        cat("The file is a .", file.extension, ", a .", extension, " was expected. Convert it, or correct the folder."),
        "raises an exception: the sample can't be loaded.");
  }
  std::vector<std::uint8_t> bytes = dataset.read(file, max_bytes);
  return is_gzipped(file) ? gunzip(bytes, file.name(), max_bytes) : bytes;
}

// Whether an .npy says in its header that it holds Python objects.
bool holds_objects(const std::vector<std::uint8_t>& npy) {
  constexpr std::size_t header_bytes = 128;
  const std::string_view header(reinterpret_cast<const char*>(npy.data()), std::min(npy.size(), header_bytes));
  return header.starts_with("\x93NUMPY") && header.find("'|O'") != std::string_view::npos;
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

bool is_text_file(const FileRef& file) { return plain_extension(file) == "txt"; }

std::string read_sample_text(const Dataset& dataset, const FileRef& file) {
  const auto bytes = read_unpacked(dataset, file, "txt", max_sample_text_bytes);
  return caption_of_text(as_text(bytes), dataset.layout() == DatasetLayout::folders);
}

PythonJson read_sample_json(const Dataset& dataset, const FileRef& file, Findings& findings) {
  const auto bytes = read_unpacked(dataset, file, "json", max_sample_text_bytes);
  if (is_gzipped(file) && dataset.layout() == DatasetLayout::folders && !file.modality.starts_with("caption")) {
    add_finding(findings, ProblemLevel::warning, "In folders only captions may be .json.gz. Unpack the file.",
                "opens it as a text and raises an exception.");
  }
  return parse_python_json(as_text(bytes), findings, json_limits);
}

NpyArray read_sample_npy(const Dataset& dataset, const FileRef& file) {
  const std::vector<std::uint8_t> bytes = read_unpacked(dataset, file, "npy", max_sample_array_bytes);
  try {
    return parse_npy(bytes, file.name(), max_sample_array_bytes);
  } catch (const Error& error) {
    if (dataset.layout() == DatasetLayout::shards && holds_objects(bytes)) {
      throw ContentError(error.what(), "unpickles it, and so runs whatever code it holds.");
    }
    throw;
  }
}

std::vector<NpzMember> read_sample_npz(const Dataset& dataset, const FileRef& file) {
  const NpzLimits limits{.max_members = 100, .max_bytes = max_sample_array_bytes};
  return parse_npz(read_unpacked(dataset, file, "npz", max_sample_array_bytes), file.name(), limits);
}

std::vector<std::uint8_t> read_sample_image(const Dataset& dataset, const FileRef& file) {
  return dataset.read(file, max_sample_image_bytes);
}

}  // namespace maskscope
