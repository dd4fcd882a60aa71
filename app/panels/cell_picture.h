// A picture of a matrix, one pixel a cell, written cell by cell along the rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <imgui.h>

#include "core/data/picture.h"

namespace maskscope {

class CellPicture {
 public:
  CellPicture(int rows, int columns) : picture_(std::make_shared<Picture>()) {
    picture_->width = columns;
    picture_->height = rows;
    picture_->rgb.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * 3);
    next_ = picture_->rgb.data();
  }
  // The next cell; rows * columns of them.
  void put(ImU32 colour) {
    *next_++ = static_cast<std::uint8_t>(colour >> IM_COL32_R_SHIFT);
    *next_++ = static_cast<std::uint8_t>(colour >> IM_COL32_G_SHIFT);
    *next_++ = static_cast<std::uint8_t>(colour >> IM_COL32_B_SHIFT);
  }
  std::shared_ptr<const Picture> take() { return std::move(picture_); }

 private:
  std::shared_ptr<Picture> picture_;
  std::uint8_t* next_ = nullptr;
};

}  // namespace maskscope
