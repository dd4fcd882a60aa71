// The TokenCanvas that draws: each batch is one instanced call of shaders/token.*, made by a callback of ImGui's
// draw list. Only for files of app/render; panels see TokenCanvas.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_map>
#include <vector>

#include "app/render/gl_objects.h"
#include "app/render/token_canvas.h"

namespace maskscope {

class GlTokenCanvas final : public TokenCanvas {
 public:
  GlTokenCanvas();  // needs a current OpenGL 3.3 context; throws Error when a shader is missing or rejected

  PictureHandle upload(const Picture& picture) override;
  void update(PictureHandle handle, const Picture& picture) override;
  void release(PictureHandle handle) noexcept override;
  ImTextureID texture(PictureHandle handle) const override;
  void begin_frame(const CanvasFrame& frame) override;
  void draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) override;

  // Before the draw data is rendered: px of the framebuffer.
  void set_viewport(int width, int height);

  struct Counters {
    std::size_t batches = 0;  // drawn (not clipped away) since begin_frame: one GL call each
    std::size_t quads = 0;
  };
  const Counters& counters() const { return counters_; }
  std::size_t num_pictures() const { return textures_.size(); }

 private:
  struct Batch {
    GlTokenCanvas* canvas;
    PictureHandle picture;
    std::size_t first_quad;
    std::size_t num_quads;
  };

  static void on_draw_command(const ImDrawList* list, const ImDrawCmd* command);
  void draw_batch(const Batch& batch, const ImVec4& clip);
  void store(const gl::Texture& texture, const Picture& picture) const;

  gl::Program program_;
  gl::VertexArray vertices_;
  gl::Buffer instances_;
  GLint viewport_uniform_, scale_uniform_, highlight_uniform_, separator_uniform_, picture_uniform_;
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
