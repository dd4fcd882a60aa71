#include "core/data/pose_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/data/python_number.h"

namespace maskscope {

namespace {

constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

// A field with one row of numbers a person.
struct Rows {
  NumberArray array;
  std::size_t row_size = 0;
  std::span<const double> row(std::size_t person) const { return {array.values.data() + person * row_size, row_size}; }
};

Rows read_rows(const PythonJson& object, const char* key, std::size_t row_size) {
  const PythonJson* value = object.find(key);
  if (!value) {
    throw ContentError(
        cat("The poses have no \"", key, "\"; it was expected with ", row_size, " numbers a person. Write the file again."),
        cannot_load);
  }
  Rows rows{number_array(*value, cat("\"", key, "\" of the poses")), row_size};
  const bool has_persons = !rows.array.shape.empty();
  const std::size_t num_persons = has_persons ? rows.array.shape.front() : 0;
  if (!has_persons || rows.array.values.size() != num_persons * row_size) {
    throw ContentError(
        cat("\"", key, "\" of the poses holds ", rows.array.values.size(), " numbers for ", num_persons,
            num_persons == 1 ? " person; " : " persons; ", row_size, " a person were expected. Write the file again."),
        "takes other numbers for these, or raises an exception.");
  }
  return rows;
}

struct Poses {
  Rows box, global, pose, shape, camera;
  std::size_t num_persons() const { return box.array.shape.front(); }
};

Poses read_poses(const PythonJson& file) {
  const PythonJson* parameters = file.find("pred_smpl_params");
  if (!parameters || parameters->kind != PythonJson::Kind::object) {
    throw ContentError(cat("The poses are ", file.describe(),
                           " without an object \"pred_smpl_params\"; {} or [] for nobody, or the fields of "
                           "all persons were expected. Write the file again."),
                       cannot_load);
  }
  Poses poses{read_rows(file, "bbox_xyxy", 4), read_rows(*parameters, "global_orient", 9), read_rows(file, "pose_tokenized", 8),
              read_rows(*parameters, "betas", 10), read_rows(file, "pred_cam", 3)};
  const std::pair<const char*, const Rows*> others[] = {
      {"global_orient", &poses.global}, {"pose_tokenized", &poses.pose}, {"betas", &poses.shape}, {"pred_cam", &poses.camera}};
  for (const auto& [key, rows] : others) {
    if (rows->array.shape.front() < poses.num_persons()) {
      throw ContentError(cat("\"", key, "\" of the poses is of ", rows->array.shape.front(), " persons, \"bbox_xyxy\" of ",
                             poses.num_persons(), ". Write the file again."),
                         cannot_load);
    }
  }
  return poses;
}

// The box within the crop, 0 .. 1; nothing if it lies wholly beyond the crop on one axis.
std::optional<std::array<double, 4>> crop_box(std::span<const double> pixels, bool is_integer_array, const CropSettings& crop,
                                              PixelSize picture) {
  std::array<double, 4> box{};
  for (std::size_t c = 0; c < 4; ++c) {
    const bool is_x = c % 2 == 0;
    const int extent = is_x ? picture.width : picture.height;
    double share = pixels[c] / extent;
    if (is_integer_array) share = std::trunc(share);  // the quotient is stored in an array of integers
    box[c] = (share * extent - (is_x ? crop.left : crop.top)) / (is_x ? crop.width : crop.height);
  }
  if ((box[1] < 0 && box[3] < 0) || (box[0] < 0 && box[2] < 0)) return std::nullopt;
  if ((box[1] > 1 && box[3] > 1) || (box[0] > 1 && box[2] > 1)) return std::nullopt;
  for (double& value : box) value = value < 0.0 ? 0.0 : value > 1.0 ? 1.0 : value;
  return box;
}

std::string scaled(const char* name, std::span<const double> values, double scale, double offset) {
  std::string text = name;
  for (const double value : values) text += " v0=" + rounded_text(scale * value + offset);
  return text;
}

std::string camera_group(std::span<const double> values) {
  std::array<double, 3> clipped{};
  for (std::size_t i = 0; i < clipped.size(); ++i) clipped[i] = values[i] < -1.0 ? -1.0 : values[i] > 19.0 ? 19.0 : values[i];
  return scaled("camera", clipped, 49.95, 49.95);
}

std::string pose_group(std::span<const double> ids) {
  constexpr double ids_per_kind = 512;
  std::string text = "pose";
  for (const double id : ids) {
    text += id < ids_per_kind ? " v0=" + rounded_text(id) : " v1=" + rounded_text(id - ids_per_kind);
  }
  return text;
}

}  // namespace

bool is_nobody(const PythonJson& file) {
  return (file.kind == PythonJson::Kind::object && file.object.empty()) ||
         (file.kind == PythonJson::Kind::list && file.list.empty());
}

std::string pose_text(const PythonJson& file, const CropSettings& crop, PixelSize picture, TransformDraws& draws,
                      Findings& findings) {
  const Poses poses = read_poses(file);
  const bool is_integer_array = poses.box.array.is_all_integers;
  if (is_integer_array && poses.num_persons() > 0) {
    add_finding(findings, ProblemLevel::warning,
                "All numbers of \"bbox_xyxy\" are whole, and so the boxes become 0 or 1 of the picture. Write them with a point.",
                "cuts the quotients to integers too.");
  }
  // Numbers are not limited: what leaves 0 .. 999 is no token.
  const auto is_beyond = [](double value) { return !(std::abs(value) < 3.001); };
  std::string text;
  bool has_kept = false, has_large_shape = false;
  for (std::size_t person = 0; person < poses.num_persons(); ++person) {
    const auto box = crop_box(poses.box.row(person), is_integer_array, crop, picture);
    if (!box) continue;
    has_kept = true;
    const auto shape = poses.shape.row(person);
    if (!has_large_shape && std::any_of(shape.begin(), shape.end(), is_beyond)) {
      has_large_shape = true;
      add_finding(findings, ProblemLevel::warning,
                  cat("Person ", person,
                      " of the poses has \"betas\" beyond -3 .. 3, which become numbers beyond 0 .. 999 and no single tokens."));
    }
    const std::array<std::string, 4> groups = {pose_group(poses.pose.row(person)),
                                               scaled("global", poses.global.row(person), 499.5, 499.5),
                                               camera_group(poses.camera.row(person)), scaled("shape", shape, 166.5, 499.5)};
    text += "human";
    for (std::size_t c = 0; c < 4; ++c) text += cat(" v", c, "=", rounded_text((*box)[c] * 999));
    for (const int group : draws.pose_order()) text += " " + groups.at(static_cast<std::size_t>(group));
    text += " ";
  }
  return has_kept ? text : "none";
}

}  // namespace maskscope
