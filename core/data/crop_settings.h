// Which part of the original picture a sample shows. As the image augmenters of fourm/data/image_augmenter.py.
#pragma once

#include "core/data/content_error.h"
#include "core/data/npy.h"
#include "core/transform_draws.h"

namespace maskscope {

struct CropSettings {
  int row = 0, num_rows = 1;           // of crop_settings; 0 of 1 without
  int top = 0, left = 0, height = 0, width = 0;  // pixels of the original
  bool is_flipped = false;
};

struct PixelSize {
  int height = 0, width = 0;
  bool operator==(const PixelSize&) const = default;
};

// A crop_settings array, shape (num_crops, 5): top, left, height, width, flip.
// Throws ContentError when it is not that. Returns num_crops, at least 1.
int check_crop_settings(const NpyArray& array);
// One row of it, 0 <= row < num_crops. The crop may reach beyond the picture, which is black there. Throws ContentError for
// numbers that can't be a crop: no height or width, more than kMaxImagePixels, or farther away than any picture is large.
CropSettings crop_of_row(const NpyArray& array, int row);
// What is odd about a crop of a picture of this size: it reaches beyond it.
void check_crop(const CropSettings& crop, PixelSize picture, Findings& findings);

// Without crop_settings, in validation: the largest centred square, as CenterCropImageAugmenter (which also draws a number for a
// flip that never comes).
CropSettings centre_crop(PixelSize picture);

struct RandomCropOptions {
  double scale[2] = {0.2, 1.0};         // of the picture's area
  double ratio[2] = {0.75, 4.0 / 3.0};  // width / height
  double flip_probability = 0.5;
};
// As RandomCropImageAugmenter, with RandomResizedCrop.get_params of torchvision 0.14.
CropSettings random_crop(PixelSize picture, const RandomCropOptions& options, TransformDraws& draws);

}  // namespace maskscope
