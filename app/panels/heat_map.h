// Numbers as colours: a diverging map that colour-blind eyes tell apart, spaced so that 0.02 and 1 are both seen, and its
// scale bar.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/embedding_view.h"
#include "app/panels/panel_context.h"
#include "core/data/picture.h"

namespace maskscope {

// -1 .. 1 of a value in -largest .. largest: linear near 0, logarithmic beyond 0.02, the deviation of untrained vectors.
float heat_share(float value, float largest);
ImU32 heat_colour(const Theme& theme, float share);

// A pixel a number. unknown: (rows) 1: the row is drawn as unknown, whatever its numbers; null: all are known.
std::shared_ptr<const Picture> heat_picture(const Theme& theme, const ValueMap& map, int dim, float largest, const std::function<bool(int row)>& is_unknown);

// At the cursor: the scale with numbers under it, heat_scale_height px high at scale 1.
void draw_heat_scale(PanelContext& context, float largest, float width);
constexpr float heat_scale_height = 32;
// What a row of unknown numbers looks like, and its name.
void draw_unknown_sample(PanelContext& context);

// "+0.0213", always of the same length for values under 10.
std::string signed_number(float value);

}  // namespace maskscope
