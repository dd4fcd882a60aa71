#version 330 core
// Fills and borders of a token in the style of its fate. All lengths in px, so that dashes and hatches keep their size
// at any zoom; written once more in the TokenStyle comments of app/render/token_canvas.h.

flat in vec4 edges;
flat in vec4 tint;
flat in uvec2 style_and_flags;
flat in float opacity;
flat in float cover;
flat in vec2 radius_and_phase;
noperspective in vec2 pixel;
noperspective in vec2 picture_place;

uniform sampler2D picture;
uniform float scale;
uniform vec4 highlight;
uniform vec4 separator;

out vec4 result;  // premultiplied

const uint source = 0u, encoder = 1u, decoder = 2u, discarded = 3u, ignored = 4u, sentinel = 5u, end_of_text = 6u,
           band = 7u, bar = 8u, striped_bar = 9u, tile = 10u;
const uint has_picture = 1u, has_grid = 2u, is_hovered = 4u, is_pinned = 8u, is_dimmed = 16u, is_flat_left = 32u,
           is_flat_right = 64u;

const float discarded_share = 0.20;
const float dimmed_share = 0.22;

vec4 layers = vec4(0.0);  // what has been painted so far, premultiplied

void paint(vec3 colour, float coverage) { layers = vec4(colour, 1.0) * coverage + layers * (1.0 - coverage); }

bool has(uint flag) { return (style_and_flags.y & flag) != 0u; }

// Distance to the outline of a rounded box; negative inside. Flat sides have square corners.
float outline_distance(vec2 low, vec2 high, float radius) {
  vec2 centre = (low + high) * 0.5, half_size = (high - low) * 0.5;
  vec2 from_centre = pixel - centre;
  bool is_square = from_centre.x < 0.0 ? has(is_flat_left) : has(is_flat_right);
  float r = is_square ? 0.0 : min(radius, min(half_size.x, half_size.y));
  vec2 q = abs(from_centre) - half_size + r;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - r;
}

float inside(float distance) { return clamp(0.5 - distance, 0.0, 1.0); }

// Coverage of a ring of this width just inside the outline.
float ring(float distance, float width) { return inside(distance) * inside(-(distance + width)); }

// 1 on dashes, 0 between. A whole number of dashes fits each side, and every corner lies within a dash.
float dashes(vec2 low, vec2 high) {
  vec2 size = high - low, from_low = pixel - low;
  vec2 to_side = min(from_low, size - from_low);
  bool is_horizontal = to_side.y < to_side.x;
  float along = is_horizontal ? from_low.x : from_low.y;
  float side = max(is_horizontal ? size.x : size.y, 1.0);
  float period = side / max(1.0, floor(side / (5.0 * scale) + 0.5));
  float phase = along / period;
  float to_centre = abs(phase - floor(phase + 0.5)) * period;  // px from the middle of the nearest dash
  return clamp(period * 0.3 - to_centre + 0.5, 0.0, 1.0);
}

// Diagonal lines, continuous from one quad to its neighbour at the same height. Both lengths along x.
float hatching(float period, float width) {
  float along = pixel.x + (pixel.y - edges.y) + radius_and_phase.y;
  float to_line = abs(fract(along / period) - 0.5) * period;
  return clamp((width * 0.5 - to_line) * 0.7071 + 0.5, 0.0, 1.0);
}

void main() {
  uint style = style_and_flags.x;
  vec2 low = edges.xy, high = edges.zw;
  float line = max(1.0, floor(scale + 0.25));
  bool is_cell = has(has_grid);
  bool shows_picture = has(has_picture) && style != ignored;
  vec2 inner_high = is_cell ? high - line : high;  // the grid line lies to the right and below
  float outer = outline_distance(low, high, radius_and_phase.x);
  float inner = outline_distance(low, inner_high, radius_and_phase.x);
  float body = inside(outer);
  vec3 dark = tint.rgb * 0.5;
  // Sampled by every fragment, as mip levels need neighbours.
  vec3 texel = texture(picture, picture_place).rgb;

  if (style == tile) {
    paint(shows_picture ? mix(texel, tint.rgb, cover) : tint.rgb, body);
  } else if (style >= band) {
    paint(tint.rgb, body);
    if (style == striped_bar) paint(dark, body * hatching(6.0 * scale, 2.6 * scale));
    if (style == band && high.x - low.x >= 3.0 * line) paint(separator.rgb, body * separator.a * step(high.x - line, pixel.x));
  } else if (style == ignored) {
    paint(tint.rgb, inside(inner) * 0.55 * hatching(7.0 * scale, 2.0 * scale));
    paint(tint.rgb, ring(inner, line) * dashes(low, inner_high));
  } else if (shows_picture) {
    float border = max(1.0, 1.5 * scale);
    if (style == decoder) {
      float grey = dot(texel, vec3(0.2126, 0.7152, 0.0722));
      paint(mix(texel * 0.5, tint.rgb * (0.20 + 0.56 * grey), 0.7), body);
      paint(tint.rgb, ring(inner, border) * dashes(low, inner_high));
    } else if (style == discarded) {
      paint(texel, body * discarded_share);
    } else {
      paint(texel, body);
      if (style != source) paint(tint.rgb, ring(inner, border));
    }
  } else {
    bool is_strong = style == sentinel;
    float wash = style == source || style == discarded ? 0.0 : is_strong ? 0.30 : 0.20;
    float edge = style == source || style == discarded ? 0.55 : 1.0;
    paint(tint.rgb, body * wash);
    paint(tint.rgb, ring(inner, line) * edge * (style == decoder ? dashes(low, inner_high) : 1.0));
    if (style == end_of_text) paint(tint.rgb, inside(inner) * step(inner_high.y - 2.0 * line - max(1.0, scale * 0.5), pixel.y));
    if (is_strong) {
      vec2 from_corner = vec2(inner_high.x - pixel.x, pixel.y - low.y);
      paint(tint.rgb, inside(inner) * clamp(6.0 * scale - from_corner.x - from_corner.y + 0.5, 0.0, 1.0));
    }
  }
  if (is_cell) {
    bool is_on_grid = pixel.x > high.x - line || pixel.y > high.y - line;
    if (is_on_grid) paint(separator.rgb, body * separator.a);
  }

  if (has(is_dimmed)) layers *= dimmed_share;
  if (has(is_hovered) || has(is_pinned)) {
    float frame = outline_distance(low, inner_high, max(radius_and_phase.x, scale));
    float width = has(is_pinned) ? max(2.0, floor(2.0 * scale)) : line;
    if (has(is_hovered)) paint(highlight.rgb, inside(inner) * 0.18);
    // A dark seam around the frame keeps it visible on bright pictures.
    vec3 seam = vec3(dot(highlight.rgb, vec3(0.3333)) > 0.5 ? 0.03 : 0.97);
    float grown = has(is_pinned) ? line : 0.0;  // the pinned frame reaches a little beyond the token
    paint(seam, inside(frame - grown - line) * (1.0 - inside(frame - grown)) * 0.7);
    paint(highlight.rgb, ring(frame - grown, width));
  }
  result = layers * opacity;
}
