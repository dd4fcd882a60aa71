#include "app/render/gl_token_canvas.h"

#include <algorithm>
#include <cmath>

#include "app/imgui_compat.h"
#include "core/data/picture.h"
#include "core/error.h"

namespace maskscope {
namespace {

void set_colour(GLint uniform, ImU32 colour) {
  const ImVec4 c = ImGui::ColorConvertU32ToFloat4(colour);
  glUniform4f(uniform, c.x, c.y, c.z, c.w);
}

const void* offset(std::size_t bytes) { return reinterpret_cast<const void*>(bytes); }

// What shaders/discarded_cell.frag draws as shaders/token.frag would.
bool is_discarded_cell(const TokenQuad& quad) {
  constexpr int wanted = has_picture | has_grid, unwanted = is_hovered | is_pinned;
  return quad.style == TokenStyle::discarded && (quad.flags & (wanted | unwanted)) == wanted && quad.corner_radius <= 0;
}

// Of the texture that is bound.
void set_sampling(Sampling sampling) {
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, sampling == Sampling::sharp ? GL_NEAREST : GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
}

// What shaders/tile.frag and flat_tile.frag draw as shaders/token.frag would.
bool is_plain_tile(const TokenQuad& quad) {
  return quad.style == TokenStyle::tile && (quad.flags & (has_grid | is_hovered | is_pinned)) == 0 && quad.corner_radius <= 0;
}

// Moves the discarded cells of a grid to its front and counts them. Only cells before the first quad that is none,
// or is marked, change places: they don't overlap.
std::size_t bring_discarded_cells_forward(std::span<TokenQuad> quads) {
  const auto is_unmarked_cell = [](const TokenQuad& quad) { return (quad.flags & (has_grid | is_hovered | is_pinned)) == has_grid; };
  const auto cells_end = std::find_if_not(quads.begin(), quads.end(), is_unmarked_cell);
  return static_cast<std::size_t>(std::partition(quads.begin(), cells_end, is_discarded_cell) - quads.begin());
}

}  // namespace

GlTokenCanvas::Painter::Painter(const char* fragment_file)
    : program(gl::load_program("shaders/token.vert", fragment_file)),
      viewport(glGetUniformLocation(program.name(), "viewport")),
      scale(glGetUniformLocation(program.name(), "scale")),
      highlight(glGetUniformLocation(program.name(), "highlight")),
      separator(glGetUniformLocation(program.name(), "separator")),
      picture(glGetUniformLocation(program.name(), "picture")) {}

GlTokenCanvas::GlTokenCanvas()
    : tokens_("shaders/token.frag"),
      discarded_cells_("shaders/discarded_cell.frag"),
      tiles_("shaders/tile.frag"),
      flat_tiles_("shaders/flat_tile.frag"),
      vertices_(gl::VertexArray::make()),
      instances_(gl::Buffer::make()),
      white_(gl::Texture::make()) {
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &max_texture_side_);
  store(white_, Picture{1, 1, {255, 255, 255}});
  set_sampling(Sampling::smooth);
  glBindVertexArray(vertices_.name());
  for (GLuint attribute = 0; attribute < 5; ++attribute) {
    glEnableVertexAttribArray(attribute);
    glVertexAttribDivisor(attribute, 1);
  }
  glBindVertexArray(0);
}

void GlTokenCanvas::store(const gl::Texture& texture, const Picture& picture) const {
  if (picture.width > max_texture_side_ || picture.height > max_texture_side_)
    throw Error(cat("A picture of ", picture.width, " x ", picture.height, " pixels can't be shown: the graphics driver takes at most ",
                    max_texture_side_, " per side. Open a smaller picture."));
  if (picture.rgb.size() != static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3)
    throw Error(cat("A picture of ", picture.width, " x ", picture.height, " pixels came with ", picture.rgb.size(),
                    " bytes, expected 3 for each pixel. Open it again."));
  glBindTexture(GL_TEXTURE_2D, texture.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  // With alpha, which CUDA needs to share it; drivers keep four bytes a pixel in any case.
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, picture.width, picture.height, 0, GL_RGB, GL_UNSIGNED_BYTE, picture.rgb.data());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glGenerateMipmap(GL_TEXTURE_2D);
}

PictureHandle GlTokenCanvas::upload(const Picture& picture, Sampling sampling) {
  if (picture.width <= 0 || picture.height <= 0) return {};
  gl::Texture texture = gl::Texture::make();
  store(texture, picture);
  set_sampling(sampling);
  textures_.emplace(++last_id_, std::move(texture));
  return {last_id_};
}

void GlTokenCanvas::update(PictureHandle handle, const Picture& picture) {
  const auto found = textures_.find(handle.id);
  if (found != textures_.end() && picture.width > 0 && picture.height > 0) store(found->second, picture);
}

bool GlTokenCanvas::write(PictureHandle handle, const std::function<bool(std::uint32_t texture)>& writer) {
  const auto found = textures_.find(handle.id);
  if (found == textures_.end() || !writer(found->second.name())) return false;
  glBindTexture(GL_TEXTURE_2D, found->second.name());
  glGenerateMipmap(GL_TEXTURE_2D);
  return true;
}

void GlTokenCanvas::release(PictureHandle handle) noexcept { textures_.erase(handle.id); }

ImTextureID GlTokenCanvas::texture(PictureHandle handle) const {
  const auto found = textures_.find(handle.id);
  return found != textures_.end() ? imgui_compat::texture_id(found->second.name()) : ImTextureID{};
}

void GlTokenCanvas::begin_frame(const CanvasFrame& frame) {
  frame_ = frame;
  quads_.clear();
  batches_.clear();
  are_quads_uploaded_ = false;
  counters_ = {};
}

void GlTokenCanvas::draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) {
  if (quads.empty()) return;
  const std::size_t first = quads_.size();
  append_in_drawing_order(quads, quads_);
  const auto added = std::span(quads_).subspan(first);
  const bool are_tiles = std::all_of(added.begin(), added.end(), is_plain_tile);
  const std::size_t num_discarded_cells = are_tiles ? 0 : bring_discarded_cells_forward(added);
  const bool are_flat = are_tiles && std::none_of(added.begin(), added.end(), [](const TokenQuad& quad) { return quad.flags & has_picture; });
  batches_.push_back({this, picture, first, num_discarded_cells, quads.size(), are_flat ? &flat_tiles_ : are_tiles ? &tiles_ : &tokens_});
  list.AddCallback(on_draw_command, &batches_.back());
  list.AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

std::optional<FigureBatch> GlTokenCanvas::batch_of(const ImDrawCmd& command) const {
  if (command.UserCallback != on_draw_command) return std::nullopt;
  const Batch& batch = *static_cast<const Batch*>(command.UserCallbackData);
  return FigureBatch{batch.picture, std::span(quads_).subspan(batch.first_quad, batch.num_quads)};
}

PictureHandle GlTokenCanvas::handle_of(ImTextureID texture) const {
  for (const auto& item : textures_) {
    if (imgui_compat::texture_id(item.second.name()) == texture) return {item.first};
  }
  return {};
}

FigurePicture GlTokenCanvas::read_picture(PictureHandle handle) const {
  const auto found = textures_.find(handle.id);
  if (found == textures_.end()) return {};
  glBindTexture(GL_TEXTURE_2D, found->second.name());
  GLint width = 0, height = 0;
  glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_WIDTH, &width);
  glGetTexLevelParameteriv(GL_TEXTURE_2D, 0, GL_TEXTURE_HEIGHT, &height);
  GLint filter = GL_LINEAR;
  glGetTexParameteriv(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, &filter);
  Picture picture{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
  glPixelStorei(GL_PACK_ALIGNMENT, 1);
  glGetTexImage(GL_TEXTURE_2D, 0, GL_RGB, GL_UNSIGNED_BYTE, picture.rgb.data());
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  return {std::move(picture), filter == GL_NEAREST ? Sampling::sharp : Sampling::smooth};
}

void GlTokenCanvas::set_viewport(int width, int height) {
  width_ = width;
  height_ = height;
}

void GlTokenCanvas::on_draw_command(const ImDrawList*, const ImDrawCmd* command) {
  const Batch& batch = *static_cast<const Batch*>(command->UserCallbackData);
  batch.canvas->draw_batch(batch, command->ClipRect);
}

void GlTokenCanvas::draw_batch(const Batch& batch, const ImVec4& clip) {
  const int left = std::max(0, static_cast<int>(clip.x)), top = std::max(0, static_cast<int>(clip.y));
  const int right = std::min(width_, static_cast<int>(clip.z)), bottom = std::min(height_, static_cast<int>(clip.w));
  if (right <= left || bottom <= top) return;

  glBindBuffer(GL_ARRAY_BUFFER, instances_.name());
  if (!are_quads_uploaded_) {
    glBufferData(GL_ARRAY_BUFFER, static_cast<GLsizeiptr>(quads_.size() * sizeof(TokenQuad)), quads_.data(), GL_STREAM_DRAW);
    are_quads_uploaded_ = true;
  }
  const auto found = textures_.find(batch.picture.id);
  glBindTexture(GL_TEXTURE_2D, (found != textures_.end() ? found->second : white_).name());

  glEnable(GL_SCISSOR_TEST);
  glScissor(left, height_ - bottom, right - left, bottom - top);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);

  glBindVertexArray(vertices_.name());
  draw_quads(discarded_cells_, batch.first_quad, batch.num_discarded_cells);
  draw_quads(*batch.painter, batch.first_quad + batch.num_discarded_cells, batch.num_quads - batch.num_discarded_cells);
  ++counters_.batches;
  counters_.quads += batch.num_quads;
}

void GlTokenCanvas::draw_quads(const Painter& painter, std::size_t first, std::size_t count) {
  if (count == 0) return;
  glUseProgram(painter.program.name());
  glUniform2f(painter.viewport, static_cast<float>(width_), static_cast<float>(height_));
  glUniform1f(painter.scale, frame_.scale);
  glUniform1i(painter.picture, 0);
  set_colour(painter.highlight, frame_.highlight);
  set_colour(painter.separator, frame_.separator);

  // OpenGL 3.3 has no first instance: the attributes start at the first quad instead.
  const std::size_t start = first * sizeof(TokenQuad);
  const auto at = [start](std::size_t member) { return offset(start + member); };
  constexpr GLsizei stride = sizeof(TokenQuad);
  glVertexAttribPointer(0, 4, GL_FLOAT, GL_FALSE, stride, at(offsetof(TokenQuad, x)));
  glVertexAttribPointer(1, 4, GL_FLOAT, GL_FALSE, stride, at(offsetof(TokenQuad, u0)));
  glVertexAttribPointer(2, 4, GL_UNSIGNED_BYTE, GL_TRUE, stride, at(offsetof(TokenQuad, colour)));
  glVertexAttribIPointer(3, 4, GL_UNSIGNED_BYTE, stride, at(offsetof(TokenQuad, style)));
  glVertexAttribPointer(4, 2, GL_FLOAT, GL_FALSE, stride, at(offsetof(TokenQuad, corner_radius)));
  glDrawArraysInstanced(GL_TRIANGLE_STRIP, 0, 4, static_cast<GLsizei>(count));
  ++counters_.calls;
}

}  // namespace maskscope
