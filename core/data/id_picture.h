// Pictures of token ids: a pre-tokenized grid as coloured cells. An id's colour depends on the id alone and is computed with
// integers only: the same in every run, build and picture.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/data/picture.h"

namespace maskscope {

// sRGB. Of moderate saturation and middle lightness, so that it reads on dark and light ground and is not taken for a fate.
// Neighbouring ids get hues more than a third of the circle apart. Negative ids (unknown): a neutral grey.
std::array<std::uint8_t, 3> id_colour(std::int32_t id);

// Flat cells. ids: (rows, columns), row 0 on top; a last row that is not full ends in grey. The picture is side x side pixels;
// every pixel belongs to one cell, and the cells are those of a grid of `columns` equal cells per row, of as many rows as
// columns or as the ids need. columns and side in 1 .. 65535; an empty picture for anything else, and for no ids.
// Example: 196 ids, 14 columns, side 224 give cells of 16 x 16 pixels.
Picture picture_of_ids(std::span<const std::int32_t> ids, int columns, int side);

// The same cells laid over a picture of any size: a frame of the id's colour around each, the picture within it, lightly tinted,
// so that both can be read. An empty picture where picture_of_ids gives one, and where rgb is empty.
Picture overlay_of_ids(std::span<const std::int32_t> ids, int columns, const Picture& rgb);

}  // namespace maskscope
