// Uploads the pictures a frame shows and lets go of those no frame shows any more.
#pragma once

#include <map>
#include <memory>

#include "app/render/token_canvas.h"
#include "core/data/picture.h"

namespace maskscope {

class PictureCache {
 public:
  explicit PictureCache(TokenCanvas& canvas) : canvas_(canvas) {}

  // Handle of an uploaded picture; 0 for null. Uploads on first sight, with the sampling asked for then.
  PictureHandle handle(const std::shared_ptr<const Picture>& picture, Sampling sampling = Sampling::smooth) {
    if (!picture) return {};
    Entry& entry = entries_[picture];
    if (!entry.uploaded.handle()) entry.uploaded = OwnedPicture(canvas_, *picture, sampling);
    entry.is_used = true;
    return entry.uploaded.handle();
  }

  // Once after each frame: releases what was not asked for since the last call.
  void end_frame() {
    std::erase_if(entries_, [](const auto& item) { return !item.second.is_used; });
    for (auto& item : entries_) item.second.is_used = false;
  }

 private:
  struct Entry {
    OwnedPicture uploaded;
    bool is_used = false;
  };
  TokenCanvas& canvas_;
  std::map<std::shared_ptr<const Picture>, Entry> entries_;
};

}  // namespace maskscope
