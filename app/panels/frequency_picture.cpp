#include "app/panels/frequency_picture.h"

namespace maskscope {

void FrequencyPicture::show(TokenCanvas& canvas, const FrequencyMap& map, const DrawingResult& result) {
  // The canvas makes the texture, with its sampling, when the first picture of this size is uploaded.
  const bool has_texture = handle() && picture_.width == map.width();
  if (has_texture && result.counts_on_gpu) {
    const auto paint = [&](std::uint32_t texture) { return shared_.paint(texture, map, result.counts_on_gpu); };
    if (canvas.write(handle(), paint)) return;
  }
  upload(canvas, map, result.tally);
}

void FrequencyPicture::upload(TokenCanvas& canvas, const FrequencyMap& map, const Tally& tally) {
  // Uploading gives the texture new memory.
  shared_.release();
  const int width = map.width();
  picture_.width = picture_.height = width;
  picture_.rgb.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(width) * 3);
  std::uint8_t* next = picture_.rgb.data();
  for (int y = 0; y < width; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint32_t texel = frequency_texel(map, tally.counts().data(), x, y);
      for (int shift = 0; shift < 24; shift += 8) *next++ = static_cast<std::uint8_t>(texel >> shift);
    }
  }
  if (handle()) canvas.update(handle(), picture_);
  else uploaded_ = OwnedPicture(canvas, picture_);
}

}  // namespace maskscope
