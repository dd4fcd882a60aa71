#include "core/data/id_picture.h"

#include <algorithm>
#include <cstddef>

namespace maskscope {
namespace {

using Colour = std::array<std::uint8_t, 3>;

constexpr int most_columns = 65535, most_pixels_per_side = 65535;
constexpr Colour unknown_colour = {122, 126, 133};

// A circle of hues of equal lightness and chroma: OKLCH 0.70, 0.105, from 0 degrees on in steps of 22.5. As numbers, because the
// libraries' cosines and roots differ in the last bit.
constexpr std::array<Colour, 16> hues = {{{212, 130, 156}, {216, 131, 128}, {213, 137, 102}, {202, 145, 83},
                                          {184, 155, 75},  {159, 165, 84},  {130, 173, 106}, {97, 178, 133},
                                          {67, 180, 161},  {55, 177, 187},  {73, 172, 207},  {103, 164, 220},
                                          {133, 155, 224}, {160, 146, 218}, {183, 138, 203}, {201, 133, 182}}};

constexpr int mix(int from, int to, int share_of_256) { return (from * (256 - share_of_256) + to * share_of_256 + 128) >> 8; }

Colour mix(const Colour& from, const Colour& to, int share_of_256) {
  Colour result{};
  for (std::size_t c = 0; c < 3; ++c) result[c] = static_cast<std::uint8_t>(mix(from[c], to[c], share_of_256));
  return result;
}

// Bits of an id that look random: Murmur3's last step.
constexpr std::uint32_t scrambled(std::uint32_t bits) {
  bits = (bits ^ bits >> 16) * 0x85ebca6bu;
  bits = (bits ^ bits >> 13) * 0xc2b2ae35u;
  return bits ^ bits >> 16;
}

// Which cell each pixel of a side belongs to, and how near it is to the cell's edge.
struct PixelPlace {
  int cell = 0;
  int to_edge = 0;  // pixels, 0 at the edge
  int cell_pixels = 1;
};

PixelPlace place_of(int pixel, int num_cells, int side) {
  const auto cell = static_cast<int>(static_cast<std::int64_t>(pixel) * num_cells / side);
  const auto first_of = [&](int k) { return static_cast<int>((static_cast<std::int64_t>(k) * side + num_cells - 1) / num_cells); };
  const int first = first_of(cell), last = first_of(cell + 1) - 1;
  return {cell, std::min(pixel - first, last - pixel), last - first + 1};
}

int rows_of(std::size_t num_ids, int columns) {
  const auto needed = (num_ids + static_cast<std::size_t>(columns) - 1) / static_cast<std::size_t>(columns);
  return std::max(columns, static_cast<int>(std::min(needed, static_cast<std::size_t>(most_columns))));
}

// paint(x, y, cell's colour, pixels to the cell's edge, pixels of the cell's shorter side) gives each pixel.
template <class Paint>
Picture paint_cells(std::span<const std::int32_t> ids, int columns, int width, int height, const Paint& paint) {
  Picture picture;
  if (ids.empty() || columns < 1 || columns > most_columns || width < 1 || height < 1 || width > most_pixels_per_side ||
      height > most_pixels_per_side) {
    return picture;
  }
  picture.width = width;
  picture.height = height;
  picture.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  const int rows = rows_of(ids.size(), columns);
  std::vector<PixelPlace> across(static_cast<std::size_t>(width));
  for (int x = 0; x < width; ++x) across[static_cast<std::size_t>(x)] = place_of(x, columns, width);
  auto out = picture.rgb.begin();
  for (int y = 0; y < height; ++y) {
    const PixelPlace down = place_of(y, rows, height);
    for (int x = 0; x < width; ++x) {
      const PixelPlace& right = across[static_cast<std::size_t>(x)];
      const std::size_t at = static_cast<std::size_t>(down.cell) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(right.cell);
      const Colour cell = at < ids.size() ? id_colour(ids[at]) : unknown_colour;
      out = std::ranges::copy(paint(x, y, cell, std::min(down.to_edge, right.to_edge), std::min(down.cell_pixels, right.cell_pixels)), out).out;
    }
  }
  return picture;
}

}  // namespace

std::array<std::uint8_t, 3> id_colour(std::int32_t id) {
  if (id < 0) return unknown_colour;
  // Multiples of the golden ratio spread evenly over the circle, and each is far from the one before.
  const std::uint32_t turn = static_cast<std::uint32_t>(id) * 2654435769u;
  const std::size_t hue = turn >> 28;
  const Colour pure = mix(hues[hue], hues[(hue + 1) % hues.size()], static_cast<int>(turn >> 20 & 255u));
  // Lighter, darker or greyer by chance: ids whose hues happen to meet still differ.
  const std::uint32_t chance = scrambled(static_cast<std::uint32_t>(id));
  const Colour calmed = mix(pure, {150, 150, 150}, static_cast<int>(chance & 3u) * 24);
  const auto shade = static_cast<int>(chance >> 8 & 7u) - 4;  // -4 .. 3
  return shade < 0 ? mix(calmed, {0, 0, 0}, -shade * 18) : mix(calmed, {255, 255, 255}, shade * 22);
}

Picture picture_of_ids(std::span<const std::int32_t> ids, int columns, int side) {
  return paint_cells(ids, columns, side, side, [](int, int, const Colour& cell, int, int) { return cell; });
}

Picture overlay_of_ids(std::span<const std::int32_t> ids, int columns, const Picture& rgb) {
  return paint_cells(ids, columns, rgb.width, rgb.height, [&](int x, int y, const Colour& cell, int to_edge, int cell_pixels) {
    const std::size_t at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(rgb.width) + static_cast<std::size_t>(x)) * 3;
    const Colour below = {rgb.rgb[at], rgb.rgb[at + 1], rgb.rgb[at + 2]};
    const int frame = std::max(cell_pixels * 3 / 16, 1);
    return mix(below, cell, to_edge < frame ? 224 : 72);
  });
}

}  // namespace maskscope
