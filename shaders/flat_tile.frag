#version 330 core
// shaders/tile.frag where no tile shows a picture: looking one up is most of what a small tile costs a software renderer.

flat in vec4 tint;
flat in uvec2 style_and_flags;
flat in float opacity;

out vec4 result;  // premultiplied

const uint is_dimmed = 16u;

const float dimmed_share = 0.22;

void main() {
  float share = (style_and_flags.y & is_dimmed) != 0u ? dimmed_share : 1.0;
  result = vec4(tint.rgb, 1.0) * share * opacity;
}
