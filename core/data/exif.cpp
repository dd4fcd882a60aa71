#include "core/data/exif.h"

#include <libexif/exif-data.h>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <utility>

namespace maskscope {

std::optional<int> exif_orientation(std::span<const std::uint8_t> exif) {
  const std::unique_ptr<ExifData, decltype(&exif_data_unref)> data(exif_data_new(), exif_data_unref);
  if (!data || exif.empty()) return std::nullopt;
  exif_data_load_data(data.get(), exif.data(), static_cast<unsigned int>(exif.size()));
  // The thumbnail has a directory of its own; only the main picture's counts.
  const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
  if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components < 1 || entry->size < 2) return std::nullopt;
  return exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
}

Picture upright(Picture picture, int orientation) {
  assert(orientation >= 1 && orientation <= 8);
  if (orientation == 1) return picture;
  const int w = picture.width, h = picture.height;
  const bool is_turned = orientation >= 5;
  Picture result{is_turned ? h : w, is_turned ? w : h, std::vector<std::uint8_t>(picture.rgb.size())};
  // The stored pixel that is seen at column x, row y.
  const auto source = [&](int x, int y) -> std::pair<int, int> {
    switch (orientation) {
      case 2: return {w - 1 - x, y};
      case 3: return {w - 1 - x, h - 1 - y};
      case 4: return {x, h - 1 - y};
      case 5: return {y, x};
      case 6: return {y, h - 1 - x};
      case 7: return {w - 1 - y, h - 1 - x};
      default: return {w - 1 - y, x};
    }
  };
  auto out = result.rgb.begin();
  for (int y = 0; y < result.height; ++y)
    for (int x = 0; x < result.width; ++x) {
      const auto [sx, sy] = source(x, y);
      const auto from = (static_cast<std::ptrdiff_t>(sy) * w + sx) * 3;
      out = std::copy_n(picture.rgb.begin() + from, 3, out);
    }
  return result;
}

}  // namespace maskscope
