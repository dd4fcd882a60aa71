#include "core/data/crop_settings.h"

#include <algorithm>
#include <cmath>

#include "core/data/image.h"

namespace maskscope {

namespace {

constexpr int num_columns = 5;
constexpr std::int64_t longest_side = 65'535;    // pixels of a crop: what lies between the two passes of resizing stays small
constexpr std::int64_t farthest = 1 << 24;  // pixels: beyond the side of any picture that is read
constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

}  // namespace

int check_crop_settings(const NpyArray& array) {
  constexpr const char* expected = "expected whole numbers of shape (crops, 5): top, left, height, width and flip of every crop";
  if (array.kind == NpyKind::boolean || !(array.kind == NpyKind::signed_integer || array.kind == NpyKind::unsigned_integer)) {
    throw ContentError(cat("crop_settings is of dtype ", array.dtype(), "; ", expected, "."), cannot_load);
  }
  if (array.shape.size() != 2 || array.shape[1] != num_columns || array.shape[0] < 1) {
    throw ContentError(cat("crop_settings has the shape ", array.shape_text(), "; ", expected, "."), cannot_load);
  }
  constexpr std::int64_t most_crops = 1'000'000;
  if (array.shape[0] > most_crops) {
    throw ContentError(cat("crop_settings holds ", array.shape[0], " crops, at most ", most_crops, " are read."));
  }
  return static_cast<int>(array.shape[0]);
}

CropSettings crop_of_row(const NpyArray& array, int row) {
  const auto column = [&](int c) { return array.integer(std::int64_t{row} * num_columns + c); };
  const std::int64_t top = column(0), left = column(1), height = column(2), width = column(3);
  const std::string found =
      cat("Crop ", row, " of crop_settings is top ", top, ", left ", left, ", height ", height, ", width ", width);
  if (height < 1 || width < 1) throw ContentError(cat(found, "; at least 1 x 1 pixel was expected."), cannot_load);
  const auto is_far = [](std::int64_t value) { return value < -farthest || value > farthest; };
  if (height > longest_side || width > longest_side || width > kMaxImagePixels / height || is_far(top) || is_far(left)) {
    throw ContentError(cat(found, "; at most ", longest_side, " pixels a side, ", kMaxImagePixels / 1'000'000,
                           " megapixels in all, at the picture were expected."),
                       "takes as much memory as such a crop needs, or fails.");
  }
  CropSettings crop{.row = row, .num_rows = static_cast<int>(array.shape[0]), .top = static_cast<int>(top),
                    .left = static_cast<int>(left), .height = static_cast<int>(height), .width = static_cast<int>(width)};
  crop.is_flipped = column(4) != 0;
  return crop;
}

void check_crop(const CropSettings& crop, PixelSize picture, Findings& findings) {
  const std::int64_t bottom = std::int64_t{crop.top} + crop.height, right = std::int64_t{crop.left} + crop.width;
  if (crop.top >= 0 && crop.left >= 0 && bottom <= picture.height && right <= picture.width) return;
  const bool is_outside = bottom <= 0 || right <= 0 || crop.top >= picture.height || crop.left >= picture.width;
  add_finding(findings, ProblemLevel::warning,
              cat("Crop ", crop.row, " of crop_settings (top ", crop.top, ", left ", crop.left, ", height ", crop.height,
                  ", width ", crop.width, is_outside ? ") lies outside" : ") reaches beyond", " the picture of ", picture.width,
                  " x ", picture.height, " pixels; what is beyond is black. Check that crop_settings belongs to this picture."));
}

CropSettings centre_crop(PixelSize picture) {
  const int side = std::min(picture.height, picture.width);
  return {.top = (picture.height - side) / 2, .left = (picture.width - side) / 2, .height = side, .width = side};
}

CropSettings random_crop(PixelSize picture, const RandomCropOptions& options, TransformDraws& draws) {
  // As Tensor.uniform_: limits and result are float32, what is between them is double.
  const auto uniform = [&](double from, double to) {
    const float low = static_cast<float>(from), extent = static_cast<float>(to) - low;
    return static_cast<float>(static_cast<double>(draws.crop24()) * 0x1p-24 * static_cast<double>(extent) +
                              static_cast<double>(low));
  };
  const double area = static_cast<double>(picture.height) * picture.width;
  const double log_ratio[2] = {static_cast<double>(std::log(static_cast<float>(options.ratio[0]))),
                               static_cast<double>(std::log(static_cast<float>(options.ratio[1])))};
  CropSettings crop;
  constexpr int num_tries = 10;
  for (int i = 0; i < num_tries && crop.height == 0; ++i) {
    const double target_area = area * static_cast<double>(uniform(options.scale[0], options.scale[1]));
    const double ratio = static_cast<double>(std::exp(uniform(log_ratio[0], log_ratio[1])));
    const double width = std::nearbyint(std::sqrt(target_area * ratio)), height = std::nearbyint(std::sqrt(target_area / ratio));
    if (!(width > 0 && width <= picture.width && height > 0 && height <= picture.height)) continue;
    crop.height = static_cast<int>(height);
    crop.width = static_cast<int>(width);
    crop.top = draws.crop_offset(picture.height - crop.height + 1);
    crop.left = draws.crop_offset(picture.width - crop.width + 1);
  }
  if (crop.height == 0) {  // the whole picture, or the largest centred part of the nearest ratio
    const double ratio = static_cast<double>(picture.width) / picture.height;
    crop.height = picture.height;
    crop.width = picture.width;
    if (ratio < options.ratio[0]) crop.height = static_cast<int>(std::nearbyint(crop.width / options.ratio[0]));
    if (ratio > options.ratio[1]) crop.width = static_cast<int>(std::nearbyint(crop.height * options.ratio[1]));
    crop.height = std::clamp(crop.height, 1, picture.height);
    crop.width = std::clamp(crop.width, 1, picture.width);
    crop.top = (picture.height - crop.height) / 2;
    crop.left = (picture.width - crop.width) / 2;
  }
  crop.is_flipped = draws.uniform() < options.flip_probability;
  return crop;
}

}  // namespace maskscope
