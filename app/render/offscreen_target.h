// An OpenGL 3.3 context without any display (EGL surfaceless, else an EGL device) and a framebuffer to read back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace maskscope {

// 8-bit RGBA, rows from the top, 4 * width * height bytes.
struct PixelBuffer {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgba;
};

class OffscreenTarget {
 public:
  static constexpr int max_side = 16384;

  // Creates the context and makes it current on this thread, with its framebuffer bound. Throws Error when there is
  // no EGL, when OpenGL is older than 3.3 (the version found is named), or a side is not in 1 .. max_side.
  OffscreenTarget(int width, int height);
  ~OffscreenTarget();
  OffscreenTarget(const OffscreenTarget&) = delete;
  OffscreenTarget& operator=(const OffscreenTarget&) = delete;

  int width() const;
  int height() const;
  void resize(int width, int height);  // throws as the constructor; the content is lost
  void make_current();                 // and binds the framebuffer
  void wait() const;                   // until all drawing is done
  PixelBuffer read_pixels() const;     // waits for the drawing to end
  std::string description() const;     // "OpenGL 4.5, llvmpipe (LLVM 15.0.6)"

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace maskscope
