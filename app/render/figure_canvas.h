// What a figure needs of a finished frame beyond ImGui's draw lists: which quads a callback stands for, and the pixels of
// pictures. FigureCanvas keeps both without OpenGL; GlTokenCanvas gives them of the window's own frame.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "app/render/token_canvas.h"
#include "core/data/picture.h"

namespace maskscope {

struct FigurePicture {
  Picture pixels;
  Sampling sampling = Sampling::smooth;
};

struct FigureBatch {
  PictureHandle picture;
  std::span<const TokenQuad> quads;  // in drawing order
};

class FigureSource {
 public:
  virtual ~FigureSource() = default;
  virtual const CanvasFrame& canvas_frame() const = 0;
  // Nothing for callbacks that are not the canvas's. The quads live until the next frame begins.
  virtual std::optional<FigureBatch> batch_of(const ImDrawCmd& command) const = 0;
  virtual PictureHandle handle_of(ImTextureID texture) const = 0;  // 0 for textures that are none of its pictures
  virtual FigurePicture read_picture(PictureHandle handle) const = 0;  // 0 x 0 for 0 and unknown handles
};

// Keeps pictures and batches; the draw lists get callbacks that mark the batches' places and are never called.
class FigureCanvas final : public TokenCanvas, public FigureSource {
 public:
  using TokenCanvas::upload;
  PictureHandle upload(const Picture& picture, Sampling sampling) override;
  void update(PictureHandle handle, const Picture& picture) override;
  void release(PictureHandle handle) noexcept override;
  ImTextureID texture(PictureHandle handle) const override;
  void begin_frame(const CanvasFrame& frame) override;
  void draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) override;

  const CanvasFrame& canvas_frame() const override { return frame_; }
  std::optional<FigureBatch> batch_of(const ImDrawCmd& command) const override;
  PictureHandle handle_of(ImTextureID texture) const override;
  FigurePicture read_picture(PictureHandle handle) const override;

 private:
  struct Batch {
    PictureHandle picture;
    std::vector<TokenQuad> quads;
  };
  CanvasFrame frame_;
  std::deque<Batch> batches_;  // a deque: draw lists keep pointers to its elements
  std::unordered_map<std::uint32_t, FigurePicture> pictures_;
  std::uint32_t last_id_ = 0;
};

}  // namespace maskscope
