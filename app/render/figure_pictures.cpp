#include "app/render/figure_pictures.h"

#include <algorithm>
#include <cmath>

namespace maskscope {
namespace {

Rgb pixel_at(const Picture& picture, int x, int y) {
  const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(x)) * 3;
  return {static_cast<float>(picture.rgb[at]), static_cast<float>(picture.rgb[at + 1]), static_cast<float>(picture.rgb[at + 2])};
}

}  // namespace

Rgb channels(ImU32 colour) {
  return {static_cast<float>(colour >> IM_COL32_R_SHIFT & 255), static_cast<float>(colour >> IM_COL32_G_SHIFT & 255), static_cast<float>(colour >> IM_COL32_B_SHIFT & 255)};
}

ImU32 packed(const Rgb& rgb) {
  const auto byte = [](float value) { return static_cast<ImU32>(std::lround(std::clamp(value, 0.0f, 255.0f))); };
  return byte(rgb[0]) << IM_COL32_R_SHIFT | byte(rgb[1]) << IM_COL32_G_SHIFT | byte(rgb[2]) << IM_COL32_B_SHIFT | IM_COL32_A_MASK;
}

Rgb tint_pixel(const Rgb& pixel, const Rgb& tint) {
  const float grey = (0.2126f * pixel[0] + 0.7152f * pixel[1] + 0.0722f * pixel[2]) / 255.0f;
  Rgb result;
  for (std::size_t c = 0; c < 3; ++c) result[c] = pixel[c] * 0.5f * 0.3f + tint[c] * (0.20f + 0.56f * grey) * 0.7f;
  return result;
}

std::optional<Rgb> single_colour(const Picture& picture, const TokenQuad& quad) {
  const auto range = [](float from, float to, int size) {
    const float low = std::min(from, to) * static_cast<float>(size) - 0.5f, high = std::max(from, to) * static_cast<float>(size) - 0.5f;
    const int first = std::clamp(static_cast<int>(std::floor(low + 0.01f)), 0, size - 1);
    return std::pair(first, std::clamp(static_cast<int>(std::ceil(high - 0.01f)), first, size - 1));
  };
  const auto [left, right] = range(quad.u0, quad.u1, picture.width);
  const auto [top, bottom] = range(quad.v0, quad.v1, picture.height);
  const Rgb colour = pixel_at(picture, left, top);
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) {
      if (pixel_at(picture, x, y) != colour) return std::nullopt;
    }
  }
  return colour;
}

const FigurePicture& FigurePictures::picture(PictureHandle handle) {
  const auto found = pictures_.find(handle.id);
  return found != pictures_.end() ? found->second : pictures_.emplace(handle.id, source_.read_picture(handle)).first->second;
}

cairo_surface_t* FigurePictures::plain(PictureHandle handle) {
  Surface& surface = surfaces_[{handle.id, 0}];
  if (!surface) surface = surface_of(pixels(handle));
  return surface.get();
}

cairo_surface_t* FigurePictures::tinted(PictureHandle handle, ImU32 tint) {
  Surface& surface = surfaces_[{handle.id, tint}];
  if (surface) return surface.get();
  Picture picture = pixels(handle);
  const Rgb full = channels(tint);
  for (std::size_t at = 0; at + 2 < picture.rgb.size(); at += 3) {
    const Rgb shown = tint_pixel({static_cast<float>(picture.rgb[at]), static_cast<float>(picture.rgb[at + 1]), static_cast<float>(picture.rgb[at + 2])}, full);
    for (std::size_t c = 0; c < 3; ++c) picture.rgb[at + c] = static_cast<std::uint8_t>(std::lround(shown[c]));
  }
  surface = surface_of(picture);
  return surface.get();
}

}  // namespace maskscope
