#version 330 core
// A discarded cell of a picture's grid, neither hovered nor pinned, with square corners: what token.frag makes of it,
// without the other styles. Most cells are of this kind, and a software renderer computes every style it is given.

flat in vec4 edges;
flat in uvec2 style_and_flags;
flat in float opacity;
noperspective in vec2 pixel;
noperspective in vec2 picture_place;

uniform sampler2D picture;
uniform float scale;
uniform vec4 separator;

out vec4 result;  // premultiplied

const uint is_dimmed = 16u;

const float discarded_share = 0.20;
const float dimmed_share = 0.22;

void main() {
  float line = max(1.0, floor(scale + 0.25));
  vec4 layers = vec4(texture(picture, picture_place).rgb, 1.0) * discarded_share;
  bool is_on_grid = pixel.x > edges.z - line || pixel.y > edges.w - line;
  if (is_on_grid) layers = vec4(separator.rgb, 1.0) * separator.a + layers * (1.0 - separator.a);
  if ((style_and_flags.y & is_dimmed) != 0u) layers *= dimmed_share;
  result = layers * opacity;
}
