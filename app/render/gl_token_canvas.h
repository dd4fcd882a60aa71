// The TokenCanvas that draws: each batch is one instanced call of shaders/token.*, made by a callback of ImGui's
// draw list. A grid's discarded cells go first, in a call of their own with the much cheaper discarded_cell.frag;
// that changes the order among the cells of a grid, which don't overlap, and of nothing else. A batch of nothing but tiles has a
// cheap shader of its own, too: tile.frag, or flat_tile.frag where none of them shows a picture.
// Only for files of app/render; panels see TokenCanvas.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_map>
#include <vector>

#include "app/render/figure_canvas.h"
#include "app/render/gl_objects.h"

namespace maskscope {

class GlTokenCanvas final : public TokenCanvas, public FigureSource {
 public:
  GlTokenCanvas();  // needs a current OpenGL 3.3 context; throws Error when a shader is missing or rejected

  using TokenCanvas::upload;
  PictureHandle upload(const Picture& picture, Sampling sampling) override;
  void update(PictureHandle handle, const Picture& picture) override;
  bool write(PictureHandle handle, const std::function<bool(std::uint32_t texture)>& writer) override;
  void release(PictureHandle handle) noexcept override;
  ImTextureID texture(PictureHandle handle) const override;
  void begin_frame(const CanvasFrame& frame) override;
  void draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) override;

  const CanvasFrame& canvas_frame() const override { return frame_; }
  std::optional<FigureBatch> batch_of(const ImDrawCmd& command) const override;
  PictureHandle handle_of(ImTextureID texture) const override;
  FigurePicture read_picture(PictureHandle handle) const override;  // from the texture

  // Before the draw data is rendered: px of the framebuffer.
  void set_viewport(int width, int height);

  struct Counters {
    std::size_t batches = 0;  // drawn (not clipped away) since begin_frame
    std::size_t calls = 0;    // of GL: one for each batch, two where discarded cells and other quads meet
    std::size_t quads = 0;
  };
  const Counters& counters() const { return counters_; }
  std::size_t num_pictures() const { return textures_.size(); }

 private:
  // A program with the places of its uniforms; -1, which OpenGL ignores, where it has no such uniform.
  struct Painter {
    explicit Painter(const char* fragment_file);
    gl::Program program;
    GLint viewport, scale, highlight, separator, picture;
  };

  struct Batch {
    GlTokenCanvas* canvas;
    PictureHandle picture;
    std::size_t first_quad;
    std::size_t num_discarded_cells;  // of num_quads, the first ones
    std::size_t num_quads;
    const Painter* painter;  // of all but the discarded cells
  };

  static void on_draw_command(const ImDrawList* list, const ImDrawCmd* command);
  void draw_batch(const Batch& batch, const ImVec4& clip);
  void draw_quads(const Painter& painter, std::size_t first, std::size_t count);
  void store(const gl::Texture& texture, const Picture& picture) const;

  Painter tokens_, discarded_cells_, tiles_, flat_tiles_;
  gl::VertexArray vertices_;
  gl::Buffer instances_;
  GLint max_texture_side_ = 0;

  std::unordered_map<std::uint32_t, gl::Texture> textures_;
  gl::Texture white_;  // stands in for no picture
  std::uint32_t last_id_ = 0;

  CanvasFrame frame_;
  int width_ = 0, height_ = 0;
  std::vector<TokenQuad> quads_;   // of all batches of the frame
  std::deque<Batch> batches_;      // a deque: draw lists keep pointers to its elements
  bool are_quads_uploaded_ = false;
  Counters counters_;
};

}  // namespace maskscope
