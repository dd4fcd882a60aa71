#include "core/data/detection_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include "core/data/python_number.h"

namespace maskscope {

namespace {

constexpr double least_score = 0.6;
constexpr double largest_bin = 999;
constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

struct Box {
  std::array<double, 4> at{};  // x0, y0, x1, y1
  std::string class_name;
  double distance() const { return at[0] * at[0] + at[1] * at[1]; }
};

ContentError bad_instance(std::size_t i, const std::string& found, const std::string& expected) {
  return {cat("Instance ", i, " of the detections ", found, "; ", expected, " was expected. Write the file again."), cannot_load};
}

const PythonJson& member(const PythonJson& instance, const char* key, std::size_t i) {
  if (const PythonJson* value = instance.find(key)) return *value;
  throw bad_instance(i, cat("has no \"", key, "\""), "an object with boxes, class_name and score");
}

std::vector<Box> confident_boxes(const PythonJson& file) {
  const PythonJson* instances = file.find("instances");
  if (!instances || instances->kind != PythonJson::Kind::list) {
    throw ContentError(cat("The detections are ", instances ? instances->describe() : file.describe(),
                           instances ? " in \"instances\"" : " without \"instances\"",
                           "; {\"instances\": [...]} was expected. Write the file again."),
                       cannot_load);
  }
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < instances->list.size(); ++i) {
    const PythonJson& instance = instances->list[i];
    const PythonJson& score = member(instance, "score", i);
    if (!score.is_number()) throw bad_instance(i, cat("has the score ", score.describe()), "a number");
    if (!(score.number >= least_score)) continue;
    const PythonJson& box = member(instance, "boxes", i);
    const PythonJson& class_name = member(instance, "class_name", i);
    const bool is_box = box.kind == PythonJson::Kind::list && box.list.size() == 4 &&
                        std::all_of(box.list.begin(), box.list.end(), [](const PythonJson& value) { return value.is_number(); });
    if (!is_box) throw bad_instance(i, cat("has as boxes ", box.describe()), "a list of 4 numbers");
    if (class_name.kind != PythonJson::Kind::text) {
      throw bad_instance(i, cat("has the class_name ", class_name.describe()), "a text");
    }
    Box& added = boxes.emplace_back();
    for (std::size_t c = 0; c < 4; ++c) added.at[c] = box.list[c].number;
    added.class_name = class_name.text;
  }
  return boxes;
}

// As bbox_crop of albumentations, step by step: the same bits.
void crop_box(Box& box, const CropSettings& crop, PixelSize picture) {
  for (std::size_t c = 0; c < 4; ++c) {
    const bool is_x = c % 2 == 0;
    const double pixels = box.at[c] * (is_x ? picture.width : picture.height) - (is_x ? crop.left : crop.top);
    box.at[c] = pixels / (is_x ? crop.width : crop.height);
  }
}

// As filter_bboxes: clips to the crop. False: nothing is left.
bool clip_box(Box& box, const CropSettings& crop) {
  for (double& value : box.at) value = value < 0.0 ? 0.0 : value > 1.0 ? 1.0 : value;
  const double width = box.at[2] * crop.width - box.at[0] * crop.width;
  const double height = box.at[3] * crop.height - box.at[1] * crop.height;
  return width * height != 0.0 && width >= 0.0 && height >= 0.0;
}

}  // namespace

std::string detection_text(const PythonJson& file, const CropSettings& crop, PixelSize picture) {
  std::vector<Box> boxes = confident_boxes(file);
  for (Box& box : boxes) crop_box(box, crop, picture);
  std::erase_if(boxes, [&](Box& box) { return !clip_box(box, crop); });
  if (crop.is_flipped) {
    for (Box& box : boxes) box.at = {1 - box.at[2], box.at[1], 1 - box.at[0], box.at[3]};
  }
  std::stable_sort(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) { return a.distance() < b.distance(); });

  std::string text;
  for (const Box& box : boxes) {
    for (std::size_t c = 0; c < 4; ++c) text += cat("v", c, "=", rounded_text(box.at[c] * largest_bin), " ");
    text += box.class_name + " ";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace maskscope
