#include "app/render/token_canvas.h"

#include <algorithm>
#include <array>

#include "core/data/picture.h"

namespace maskscope {

void append_in_drawing_order(std::span<const TokenQuad> quads, std::vector<TokenQuad>& out) {
  const auto layer = [](const TokenQuad& quad) { return quad.flags & is_pinned ? 2 : quad.flags & is_hovered ? 1 : 0; };
  std::array<std::size_t, 3> counts{};
  for (const TokenQuad& quad : quads) ++counts[static_cast<std::size_t>(layer(quad))];
  if (counts[0] == quads.size()) {
    out.insert(out.end(), quads.begin(), quads.end());
    return;
  }
  for (int wanted = 0; wanted < 3; ++wanted)
    for (const TokenQuad& quad : quads)
      if (layer(quad) == wanted) out.push_back(quad);
}

PictureHandle RecordingCanvas::upload(const Picture& picture, Sampling) {
  if (picture.width <= 0 || picture.height <= 0) return {};
  pictures_.push_back(++last_id_);
  return {last_id_};
}

void RecordingCanvas::update(PictureHandle, const Picture&) {}

void RecordingCanvas::release(PictureHandle handle) noexcept { std::erase(pictures_, handle.id); }

ImTextureID RecordingCanvas::texture(PictureHandle) const { return ImTextureID{}; }

void RecordingCanvas::begin_frame(const CanvasFrame& frame) {
  frame_ = frame;
  batches_.clear();
}

void RecordingCanvas::draw(ImDrawList& list, PictureHandle picture, std::span<const TokenQuad> quads) {
  Batch batch;
  batch.picture = picture;
  const ImVec2 low = list.GetClipRectMin(), high = list.GetClipRectMax();
  batch.clip = ImVec4(low.x, low.y, high.x, high.y);
  append_in_drawing_order(quads, batch.quads);
  batches_.push_back(std::move(batch));
}

std::size_t RecordingCanvas::num_quads() const {
  std::size_t total = 0;
  for (const Batch& batch : batches_) total += batch.quads.size();
  return total;
}

}  // namespace maskscope
