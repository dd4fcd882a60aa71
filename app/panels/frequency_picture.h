// A frequency map on the canvas: painted on the GPU from the counts there, where CUDA and OpenGL share a texture, else made on
// the host and uploaded. The bytes are the same.
#pragma once

#include <utility>

#include "app/engine.h"
#include "app/render/token_canvas.h"
#include "app/shared_map.h"
#include "core/data/picture.h"

namespace maskscope {

class FrequencyPicture {
 public:
  explicit FrequencyPicture(SharedMap shared = SharedMap()) : shared_(std::move(shared)) {}

  // The map of the result's counts; map.width() > 0. Always the same canvas.
  void show(TokenCanvas& canvas, const FrequencyMap& map, const DrawingResult& result);
  PictureHandle handle() const { return uploaded_.handle(); }  // 0 before the first show

 private:
  void upload(TokenCanvas& canvas, const FrequencyMap& map, const Tally& tally);

  OwnedPicture uploaded_;
  Picture picture_;   // as it was uploaded last; its size is the texture's
  SharedMap shared_;  // behind the texture, which it lets go of first
};

}  // namespace maskscope
