#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "core/data/gif_write.h"

namespace maskscope {
namespace {

struct Counted {
  GifColour colour{};
  std::uint64_t count = 0;
};

// The colours of a box in the cube of colours, and which channel it is widest in.
struct ColourBox {
  std::size_t begin = 0, end = 0;  // of the counted colours
  std::uint64_t count = 0;
  int widest = 0, width = 0;
};

ColourBox measure(const std::vector<Counted>& colours, std::size_t begin, std::size_t end) {
  ColourBox box{begin, end, 0, 0, 0};
  for (std::size_t c = 0; c < 3; ++c) {
    int low = 255, high = 0;
    for (std::size_t i = begin; i < end; ++i) {
      low = std::min<int>(low, colours[i].colour[c]);
      high = std::max<int>(high, colours[i].colour[c]);
    }
    if (high - low > box.width) box.width = high - low, box.widest = static_cast<int>(c);
  }
  for (std::size_t i = begin; i < end; ++i) box.count += colours[i].count;
  return box;
}

GifColour mean(const std::vector<Counted>& colours, const ColourBox& box) {
  std::array<std::uint64_t, 3> sum{};
  for (std::size_t i = box.begin; i < box.end; ++i) {
    for (std::size_t c = 0; c < 3; ++c) sum[c] += colours[i].colour[c] * colours[i].count;
  }
  GifColour result;
  for (std::size_t c = 0; c < 3; ++c) result[c] = static_cast<std::uint8_t>((sum[c] + box.count / 2) / box.count);
  return result;
}

// Median cut: the box with the most to gain is halved until there are enough.
void cut_into(std::vector<Counted> colours, std::size_t wanted, std::vector<GifColour>& palette) {
  if (colours.empty() || wanted == 0) return;
  std::vector<ColourBox> boxes = {measure(colours, 0, colours.size())};
  while (boxes.size() < wanted) {
    // By the root of how often: a small square of a modality's colour counts beside a large ground.
    const auto gain = [](const ColourBox& box) { return std::sqrt(static_cast<double>(box.count)) * box.width * box.width; };
    const auto box = std::max_element(boxes.begin(), boxes.end(), [&](const ColourBox& a, const ColourBox& b) { return gain(a) < gain(b); });
    if (box->width == 0) break;
    const auto channel = static_cast<std::size_t>(box->widest);
    const auto first = colours.begin() + static_cast<std::ptrdiff_t>(box->begin), last = colours.begin() + static_cast<std::ptrdiff_t>(box->end);
    std::sort(first, last, [channel](const Counted& a, const Counted& b) { return std::pair(a.colour[channel], a.colour) < std::pair(b.colour[channel], b.colour); });
    std::uint64_t before = 0;
    std::size_t middle = box->begin;
    while (middle + 1 < box->end && (middle == box->begin || 2 * (before + colours[middle].count) <= box->count)) before += colours[middle++].count;
    const std::size_t begin = box->begin, end = box->end;
    *box = measure(colours, begin, middle);
    boxes.push_back(measure(colours, middle, end));
  }
  for (const ColourBox& box : boxes) palette.push_back(mean(colours, box));
}

}  // namespace

std::vector<GifColour> make_palette(std::span<const std::vector<std::uint8_t>> pictures) {
  std::unordered_map<std::uint32_t, std::uint64_t> counts;
  std::uint64_t total = 0;
  for (const std::vector<std::uint8_t>& rgb : pictures) {
    for (std::size_t at = 0; at + 2 < rgb.size(); at += 3, ++total) {
      ++counts[std::uint32_t{rgb[at]} << 16 | std::uint32_t{rgb[at + 1]} << 8 | rgb[at + 2]];
    }
  }
  std::vector<Counted> colours;
  colours.reserve(counts.size());
  for (const auto& [colour, count] : counts) {
    colours.push_back({{static_cast<std::uint8_t>(colour >> 16), static_cast<std::uint8_t>(colour >> 8), static_cast<std::uint8_t>(colour)}, count});
  }
  // Most frequent first; a set order, so that the same pictures give the same palette.
  std::sort(colours.begin(), colours.end(), [](const Counted& a, const Counted& b) { return a.count != b.count ? a.count > b.count : a.colour < b.colour; });
  std::vector<GifColour> palette;
  if (colours.size() <= max_gif_colours) {
    for (const Counted& counted : colours) palette.push_back(counted.colour);
    return palette;
  }
  constexpr std::size_t max_kept = 128;
  std::size_t kept = 0;
  while (kept < max_kept && colours[kept].count * 25000 >= total) palette.push_back(colours[kept++].colour);
  cut_into({colours.begin() + static_cast<std::ptrdiff_t>(kept), colours.end()}, max_gif_colours - kept, palette);
  return palette;
}

}  // namespace maskscope
