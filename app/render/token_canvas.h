// Where panels put tokens: cells over a picture, chips behind words, ticks of a strip, bars. Panels see this
// interface and never GL; the GL canvas draws each batch with one or two instanced calls, RecordingCanvas keeps it
// for tests on a window-less ImGui context.
//
// Order of calls: upload pictures at any time outside a frame or within it; begin_frame once a frame, after
// ImGui::NewFrame; draw as often as wanted. Example, one card of 14 x 14 cells:
//   const std::vector<TokenQuad> quads = ...;            // 196
//   canvas.draw(*ImGui::GetWindowDrawList(), picture.handle(), quads);
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <imgui.h>

namespace maskscope {

struct Picture;  // core/data/picture.h

// Names an uploaded picture; 0 names none. Copyable and cheap, owns nothing: see OwnedPicture.
struct PictureHandle {
  std::uint32_t id = 0;
  explicit operator bool() const { return id != 0; }
  bool operator==(const PictureHandle&) const = default;
};

// How a quad is filled and bordered. Each fate has a cue besides its colour, so that the styles stay apart
// in grey. "Picture" is the part u0..v1 of the batch's picture if the quad has TokenFlag::has_picture;
// without it the quad is a chip, filled with a thin wash of its colour.
enum class TokenStyle : std::uint8_t {
  source,       // the plain picture; chip: neutral outline
  encoder,      // picture fully visible, solid border
  decoder,      // picture tinted with the colour and half dark, dashed border
  discarded,    // picture at 20 %, no border; chip: faint outline (strike the text out yourself)
  ignored,      // no picture: diagonal hatching, dashed outline
  sentinel,     // chip: stronger wash, solid border, notched corner
  end_of_text,  // chip: wash, solid border, heavy bottom edge
  band,         // filled with the colour, thin dark line at the right edge: a tick of a strip
  bar,          // filled with the colour: a bar of encoder tokens, a heat map's cell
  striped_bar,  // filled with diagonal stripes of the colour: a bar of decoder tokens
  tile,         // the plain picture with TokenQuad::cover of the colour over it; without picture the colour: a token on its way
};
inline constexpr int token_style_count = 11;

// Bits of TokenQuad::flags.
enum TokenFlag : std::uint8_t {
  has_picture = 1,    // draw the part u0..v1 of the batch's picture
  has_grid = 2,       // thin dark line at the right and bottom edge: a cell of a grid
  is_hovered = 4,     // brighter, with a frame; drawn after its neighbours
  is_pinned = 8,      // strong frame, a little larger than the quad; drawn last of all
  is_dimmed = 16,     // another fate is isolated: nearly transparent
  is_flat_left = 32,  // left corners square, for the inner pieces of a band
  is_flat_right = 64,
};

// One token on the screen. Handed to the GPU as it stands: 48 bytes.
struct TokenQuad {
  float x = 0, y = 0, width = 0, height = 0;    // px of the window, y down; edges are snapped to whole px
  float u0 = 0, v0 = 0, u1 = 1, v1 = 1;         // 0 .. 1 of the picture, v down
  ImU32 colour = IM_COL32_WHITE;                // fate's or modality's colour
  TokenStyle style = TokenStyle::source;
  std::uint8_t flags = 0;                       // TokenFlag bits
  std::uint8_t opacity = 255;                   // of everything: for motion
  std::uint8_t cover = 0;                       // of tiles: how much of the picture the colour hides, 255: all
  float corner_radius = 0;                      // px; at most half the shorter side is used
  float hatch_offset = 0;                       // px added to the phase of hatching and dashes, for motion
};
static_assert(sizeof(TokenQuad) == 48 && std::is_trivially_copyable_v<TokenQuad>);

// What stays the same for all quads of a frame.
struct CanvasFrame {
  float scale = 1;                                  // UI scale: widths of borders, dashes, hatches
  ImU32 highlight = IM_COL32(255, 255, 255, 255);   // frame of hovered and pinned tokens
  ImU32 separator = IM_COL32(12, 14, 17, 140);      // grid lines and ticks of strips
};

// How a picture is drawn larger than it is. Smaller, it is averaged in either case.
enum class Sampling : std::uint8_t {
  smooth,  // between its pixels
  sharp,   // every pixel a rectangle: matrices, one pixel a cell
};

class TokenCanvas {
 public:
  virtual ~TokenCanvas() = default;

  // Copies the picture to a texture. An empty picture (0 x 0) gives handle 0. Throws Error when it is larger
  // than the graphics driver takes. update keeps the handle and the sampling, also when the size changes.
  virtual PictureHandle upload(const Picture& picture, Sampling sampling) = 0;
  PictureHandle upload(const Picture& picture) { return upload(picture, Sampling::smooth); }
  virtual void update(PictureHandle handle, const Picture& picture) = 0;
  // Lets another write pixels of the picture, of which nothing passes through the host. writer: is given the texture's OpenGL
  // name, 8 bits each of red, green, blue, alpha, rows from the top, in the size of the last upload or update; true: it has
  // written. False: it has not, or this canvas has no textures. The handle must be one of upload's.
  virtual bool write(PictureHandle, const std::function<bool(std::uint32_t texture)>&) { return false; }
  virtual void release(PictureHandle handle) noexcept = 0;  // 0 and unknown handles are ignored
  // For ImGui::Image and ImDrawList::AddImage; a null id for handle 0.
  virtual ImTextureID texture(PictureHandle handle) const = 0;

  virtual void begin_frame(const CanvasFrame& frame) = 0;  // forgets the last frame's batches
  // Draws the quads at this point of the draw list, within its present clip rectangle. The quads are copied.
  // Order: as given, then the hovered, then the pinned ones.
  virtual void draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) = 0;
};

// Owns one uploaded picture. Must not outlive its canvas.
class OwnedPicture {
 public:
  OwnedPicture() = default;
  OwnedPicture(TokenCanvas& canvas, const Picture& picture, Sampling sampling = Sampling::smooth)
      : canvas_(&canvas), handle_(canvas.upload(picture, sampling)) {}
  ~OwnedPicture() { reset(); }
  OwnedPicture(OwnedPicture&& other) noexcept : canvas_(other.canvas_), handle_(other.handle_) { other.handle_ = {}; }
  OwnedPicture& operator=(OwnedPicture&& other) noexcept {
    if (this != &other) {
      reset();
      canvas_ = other.canvas_;
      handle_ = other.handle_;
      other.handle_ = {};
    }
    return *this;
  }
  OwnedPicture(const OwnedPicture&) = delete;
  OwnedPicture& operator=(const OwnedPicture&) = delete;

  PictureHandle handle() const { return handle_; }
  void reset() noexcept {
    if (handle_) canvas_->release(handle_);
    handle_ = {};
  }

 private:
  TokenCanvas* canvas_ = nullptr;
  PictureHandle handle_;
};

// Keeps what was drawn; draws nothing. Pictures get handles, texture() gives a null id.
class RecordingCanvas : public TokenCanvas {
 public:
  struct Batch {
    PictureHandle picture;
    ImVec4 clip;  // min x, min y, max x, max y
    std::vector<TokenQuad> quads;
  };

  using TokenCanvas::upload;
  PictureHandle upload(const Picture& picture, Sampling sampling) override;
  void update(PictureHandle handle, const Picture& picture) override;
  void release(PictureHandle handle) noexcept override;
  ImTextureID texture(PictureHandle handle) const override;
  void begin_frame(const CanvasFrame& frame) override;
  void draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) override;

  const CanvasFrame& frame() const { return frame_; }
  const std::vector<Batch>& batches() const { return batches_; }
  std::size_t num_quads() const;
  std::size_t num_pictures() const { return pictures_.size(); }
  std::size_t num_uploads() const { return last_id_; }  // so far

 private:
  CanvasFrame frame_;
  std::vector<Batch> batches_;
  std::vector<std::uint32_t> pictures_;
  std::uint32_t last_id_ = 0;
};

// The order draw() promises: unmarked, hovered, pinned; stable within each.
void append_in_drawing_order(std::span<const TokenQuad> quads, std::vector<TokenQuad>& out);

}  // namespace maskscope
