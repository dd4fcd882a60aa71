#include "app/render/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#include <epoxy/gl.h>

#include "app/render/gl_objects.h"
#include "core/error.h"

namespace maskscope {

PixelBuffer read_framebuffer(int width, int height) {
  PixelBuffer pixels{width, height, {}};
  const std::size_t row = static_cast<std::size_t>(width) * 4;
  pixels.rgba.resize(row * static_cast<std::size_t>(height));
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, pixels.rgba.data());
  // OpenGL's rows come from the bottom.
  std::vector<std::uint8_t> spare(row);
  for (int top = 0, bottom = height - 1; top < bottom; ++top, --bottom) {
    std::uint8_t* a = pixels.rgba.data() + static_cast<std::size_t>(top) * row;
    std::uint8_t* b = pixels.rgba.data() + static_cast<std::size_t>(bottom) * row;
    std::memcpy(spare.data(), a, row);
    std::memcpy(a, b, row);
    std::memcpy(b, spare.data(), row);
  }
  return pixels;
}

PixelBuffer crop(const PixelBuffer& pixels, int x, int y, int width, int height) {
  const int left = std::max(x, 0), top = std::max(y, 0), right = std::min(x + width, pixels.width), bottom = std::min(y + height, pixels.height);
  if (right <= left || bottom <= top) return {};
  PixelBuffer part{right - left, bottom - top, {}};
  part.rgba.reserve(static_cast<std::size_t>(part.width) * static_cast<std::size_t>(part.height) * 4);
  for (int row = top; row < bottom; ++row) {
    const auto begin = pixels.rgba.begin() + (static_cast<std::ptrdiff_t>(row) * pixels.width + left) * 4;
    part.rgba.insert(part.rgba.end(), begin, begin + static_cast<std::ptrdiff_t>(part.width) * 4);
  }
  return part;
}

PixelBuffer shrink(PixelBuffer pixels, int max_width) {
  if (pixels.width <= max_width) return pixels;
  const double step = static_cast<double>(pixels.width) / max_width;
  const int height = std::max(1, static_cast<int>(pixels.height / step + 0.5));
  const double step_y = static_cast<double>(pixels.height) / height;
  // First across, then down; each pixel covers a piece of the old ones, those at its ends in part.
  const auto cover = [](double from, double to, int size, const auto& add) {
    for (int at = static_cast<int>(from); at < std::min(size, static_cast<int>(std::ceil(to - 1e-9))); ++at) {
      add(at, static_cast<float>(std::min(to, at + 1.0) - std::max(from, static_cast<double>(at))));
    }
  };
  std::vector<float> across(static_cast<std::size_t>(max_width) * static_cast<std::size_t>(pixels.height) * 4);
  for (int y = 0; y < pixels.height; ++y) {
    for (int x = 0; x < max_width; ++x) {
      float* const sum = &across[(static_cast<std::size_t>(y) * static_cast<std::size_t>(max_width) + static_cast<std::size_t>(x)) * 4];
      cover(x * step, (x + 1) * step, pixels.width, [&](int at, float share) {
        const std::uint8_t* const pixel = &pixels.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(pixels.width) + static_cast<std::size_t>(at)) * 4];
        for (int c = 0; c < 4; ++c) sum[c] += share * static_cast<float>(pixel[c]);
      });
    }
  }
  PixelBuffer small{max_width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(max_width) * static_cast<std::size_t>(height) * 4)};
  const auto row = static_cast<std::size_t>(max_width) * 4;
  std::vector<float> sums(row);
  const auto area = static_cast<float>(step * step_y);
  for (int y = 0; y < height; ++y) {
    std::fill(sums.begin(), sums.end(), 0.0f);
    cover(y * step_y, (y + 1) * step_y, pixels.height, [&](int at, float share) {
      const float* const from = &across[static_cast<std::size_t>(at) * row];
      for (std::size_t i = 0; i < row; ++i) sums[i] += share * from[i];
    });
    for (std::size_t i = 0; i < row; ++i) small.rgba[static_cast<std::size_t>(y) * row + i] = static_cast<std::uint8_t>(std::clamp(sums[i] / area + 0.5f, 0.0f, 255.0f));
  }
  return small;
}

std::vector<std::uint8_t> rgb_of(const PixelBuffer& pixels) {
  std::vector<std::uint8_t> rgb;
  rgb.reserve(pixels.rgba.size() / 4 * 3);
  for (std::size_t at = 0; at + 3 < pixels.rgba.size(); at += 4) rgb.insert(rgb.end(), {pixels.rgba[at], pixels.rgba[at + 1], pixels.rgba[at + 2]});
  return rgb;
}

struct FrameCapture::State {
  gl::Texture texture = gl::Texture::make();
  gl::Framebuffer framebuffer = gl::Framebuffer::make();
  GLint before = 0;  // what was drawn on
  ~State() { glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(before)); }
};

FrameCapture::FrameCapture(int width, int height) : state_(std::make_unique<State>()), width_(width), height_(height) {
  glGetIntegerv(GL_DRAW_FRAMEBUFFER_BINDING, &state_->before);
  glBindTexture(GL_TEXTURE_2D, state_->texture.name());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, state_->texture.name(), 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
    throw Error(cat("The graphics driver can't draw into a picture of ", width, " x ", height, " pixels. Make the window smaller."));
  }
}

FrameCapture::~FrameCapture() = default;

}  // namespace maskscope
