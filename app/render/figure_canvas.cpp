#include "app/render/figure_canvas.h"

#include <utility>

#include "app/imgui_compat.h"

namespace maskscope {
namespace {

void mark_batch(const ImDrawList*, const ImDrawCmd*) {}

}  // namespace

PictureHandle FigureCanvas::upload(const Picture& picture, Sampling sampling) {
  if (picture.width <= 0 || picture.height <= 0) return {};
  pictures_.emplace(++last_id_, FigurePicture{picture, sampling});
  return {last_id_};
}

void FigureCanvas::update(PictureHandle handle, const Picture& picture) {
  const auto found = pictures_.find(handle.id);
  if (found != pictures_.end() && picture.width > 0 && picture.height > 0) found->second.pixels = picture;
}

void FigureCanvas::release(PictureHandle handle) noexcept { pictures_.erase(handle.id); }

ImTextureID FigureCanvas::texture(PictureHandle handle) const { return handle ? imgui_compat::texture_id(handle.id) : ImTextureID{}; }

void FigureCanvas::begin_frame(const CanvasFrame& frame) {
  frame_ = frame;
  batches_.clear();
}

void FigureCanvas::draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) {
  if (quads.empty()) return;
  Batch batch{picture, {}};
  append_in_drawing_order(quads, batch.quads);
  batches_.push_back(std::move(batch));
  list.AddCallback(mark_batch, &batches_.back());
}

std::optional<FigureBatch> FigureCanvas::batch_of(const ImDrawCmd& command) const {
  if (command.UserCallback != mark_batch) return std::nullopt;
  const Batch& batch = *static_cast<const Batch*>(command.UserCallbackData);
  return FigureBatch{batch.picture, batch.quads};
}

PictureHandle FigureCanvas::handle_of(ImTextureID texture) const {
  for (const auto& item : pictures_) {
    if (imgui_compat::texture_id(item.first) == texture) return {item.first};
  }
  return {};
}

FigurePicture FigureCanvas::read_picture(PictureHandle handle) const {
  const auto found = pictures_.find(handle.id);
  return found != pictures_.end() ? found->second : FigurePicture{};
}

}  // namespace maskscope
