// Token quads as vector shapes, in the styles of shaders/token.frag: the same borders, dashes, hatching and tints.
// Only for the files of app/render that make figures.
#pragma once

#include "app/render/figure_canvas.h"
#include "app/render/figure_pen.h"
#include "app/render/figure_pictures.h"

namespace maskscope {

// The batch within the pen's clip.
void draw_figure_batch(FigurePen& pen, FigurePictures& pictures, const CanvasFrame& frame, const FigureBatch& batch);

}  // namespace maskscope
