#include "tests/data/view_check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "core/sha256.h"
#include "tests/catch.h"

namespace maskscope::test {

namespace {

using nlohmann::json;
using Ids = std::vector<std::int32_t>;

void check_text(const ModalityView& view, const json& recorded) {
  REQUIRE(view.text);
  CHECK(*view.text == recorded["text"].get<std::string>());
  CHECK(view.tokens.ids == recorded["ids"].get<Ids>());
  REQUIRE(view.tokenized);
  CHECK(view.tokenized->ids == view.tokens.ids);
}

void check_chunks(const ModalityView& view, const json& recorded) {
  CHECK(view.chunks == recorded["chunks"].get<std::vector<std::string>>());
  Ids ids, lengths;
  for (const json& chunk : recorded["ids"]) {
    const auto chunk_ids = chunk.get<Ids>();
    ids.insert(ids.end(), chunk_ids.begin(), chunk_ids.end());
    lengths.push_back(static_cast<std::int32_t>(chunk_ids.size()));
  }
  CHECK(view.tokens.ids == ids);
  CHECK(view.tokens.chunk_lengths == lengths);
}

void check_rows(const ModalityView& view, const json& recorded) {
  REQUIRE(view.rows);
  CHECK(view.tokens.num_rows == recorded["num_rows"].get<int>());
  CHECK(view.rows->num_rows == view.tokens.num_rows);
  CHECK(view.rows->dim == recorded["dim"].get<int>());
  CHECK(view.rows->dtype == recorded["dtype"].get<std::string>());
  std::string bytes(view.rows->values.size() * sizeof(float), '\0');
  if (!bytes.empty()) std::memcpy(bytes.data(), view.rows->values.data(), bytes.size());
  std::string hexadecimal;
  for (const std::uint8_t byte : sha256(bytes)) {
    hexadecimal += "0123456789abcdef"[byte >> 4];
    hexadecimal += "0123456789abcdef"[byte & 15];
  }
  CHECK(hexadecimal == recorded["sha256_float32_le"].get<std::string>());
}

void check_pixels(const Picture& picture, const json& recorded, int tolerance) {
  int worst = 0;
  for (const json& entry : recorded) {
    const auto pixel = entry.get<std::array<int, 5>>();
    for (std::size_t c = 0; c < 3; ++c) {
      const int found = picture.rgb.at(
          (static_cast<std::size_t>(pixel[0]) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(pixel[1])) * 3 +
          c);
      worst = std::max(worst, std::abs(found - pixel[2 + c]));
    }
  }
  CHECK(worst <= tolerance);
}

void check_picture(const ModalityView& view, const json& recorded, const CropSettings* crop, PixelTolerance tolerance) {
  REQUIRE(view.picture);
  REQUIRE(crop);
  const Picture& picture = *view.picture;
  CHECK(std::vector<int>{3, picture.height, picture.width} == recorded["tensor_shape"].get<std::vector<int>>());
  CHECK(std::vector<int>{crop->top, crop->left, crop->height, crop->width} == recorded["crop"].get<std::vector<int>>());
  CHECK(static_cast<int>(crop->is_flipped) == recorded["flip"].get<int>());
  check_pixels(picture, recorded["pixels"], tolerance.pixel);
  check_pixels(picture, recorded["edge_pixels"], tolerance.pixel);

  constexpr double imagenet_mean[3] = {0.485, 0.456, 0.406}, imagenet_std[3] = {0.229, 0.224, 0.225};
  const auto num_pixels = static_cast<double>(picture.rgb.size() / 3);
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0, sum_of_squares = 0;
    std::array<std::array<double, 7>, 7> blocks{};
    for (std::size_t p = 0; p < picture.rgb.size() / 3; ++p) {
      const double value = (picture.rgb[3 * p + c] / 255.0 - imagenet_mean[c]) / imagenet_std[c];
      sum += value;
      sum_of_squares += value * value;
      blocks[p / static_cast<std::size_t>(picture.width) / 32][p % static_cast<std::size_t>(picture.width) / 32] +=
          picture.rgb[3 * p + c] / 1024.0;
    }
    const double mean = sum / num_pixels;
    CHECK(std::abs(mean - recorded["mean"][c].get<double>()) <= tolerance.channel);
    CHECK(std::abs(std::sqrt(sum_of_squares / num_pixels - mean * mean) - recorded["std"][c].get<double>()) <= tolerance.channel);
    for (std::size_t y = 0; y < 7; ++y) {
      for (std::size_t x = 0; x < 7; ++x)
        CHECK(std::abs(blocks[y][x] - recorded["block_means"][y][x][c].get<double>()) <= tolerance.block_mean);
    }
  }
}

}  // namespace

void check_modality(const ModalityView& view, const json& recorded, const CropSettings* crop, PixelTolerance tolerance) {
  INFO(view.modality);
  REQUIRE(view.is_present);
  REQUIRE(view.tokens.is_present);
  if (recorded.contains("chunks")) return check_chunks(view, recorded);
  if (recorded.contains("text")) return check_text(view, recorded);
  if (recorded.contains("tokens")) {
    CHECK(view.tokens.ids == recorded["tokens"].get<Ids>());
    return;
  }
  if (recorded.contains("num_rows")) return check_rows(view, recorded);
  check_picture(view, recorded, crop, tolerance);
}

}  // namespace maskscope::test
