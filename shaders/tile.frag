#version 330 core
// A token on its way, neither hovered nor pinned, with square corners: what token.frag makes of it, without the other styles.
// There may be twenty thousand of them, and a software renderer computes every style it is given.

flat in vec4 tint;
flat in uvec2 style_and_flags;
flat in float opacity;
flat in float cover;
noperspective in vec2 picture_place;

uniform sampler2D picture;

out vec4 result;  // premultiplied

const uint has_picture = 1u, is_dimmed = 16u;

const float dimmed_share = 0.22;

void main() {
  float covered = (style_and_flags.y & has_picture) != 0u ? cover : 1.0;
  float share = (style_and_flags.y & is_dimmed) != 0u ? dimmed_share : 1.0;
  result = vec4(mix(texture(picture, picture_place).rgb, tint.rgb, covered), 1.0) * share * opacity;
}
