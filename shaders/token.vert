#version 330 core
// One token per instance, four corners of a strip. Edges are snapped to whole pixels; marked tokens get a margin
// for the frame around them. See app/render/token_canvas.h for what the attributes mean.

layout(location = 0) in vec4 rect;           // x, y, width, height in px
layout(location = 1) in vec4 picture_part;   // u0, v0, u1, v1
layout(location = 2) in vec4 colour;
layout(location = 3) in uvec4 bits;          // style, flags, opacity, cover
layout(location = 4) in vec2 shape;          // corner radius, hatch offset in px

uniform vec2 viewport;  // px
uniform float scale;

flat out vec4 edges;  // left, top, right, bottom in whole px
flat out vec4 tint;
flat out uvec2 style_and_flags;
flat out float opacity;
flat out float cover;
flat out vec2 radius_and_phase;
noperspective out vec2 pixel;  // the scene is flat: no division by w for every fragment
noperspective out vec2 picture_place;

const uint is_hovered = 4u, is_pinned = 8u;

void main() {
  // A little more than a half, so that equal edges that differ by rounding errors snap to the same pixel.
  const float half_up = 0.5 + 1.0 / 512.0;
  edges = floor(vec4(rect.xy, rect.xy + rect.zw) + half_up);
  tint = colour;
  style_and_flags = bits.xy;
  opacity = float(bits.z) / 255.0;
  cover = float(bits.w) / 255.0;
  radius_and_phase = shape;

  float margin = (bits.y & (is_hovered | is_pinned)) != 0u ? ceil(3.0 * scale) : 0.0;
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  pixel = mix(edges.xy - margin, edges.zw + margin, corner);
  // The picture follows the true rectangle, not the snapped one: it stays undistorted across the grid.
  vec2 size = max(rect.zw, vec2(1e-3));
  picture_place = mix(picture_part.xy, picture_part.zw, (pixel - rect.xy) / size);
  gl_Position = vec4(pixel.x / viewport.x * 2.0 - 1.0, 1.0 - pixel.y / viewport.y * 2.0, 0.0, 1.0);
}
