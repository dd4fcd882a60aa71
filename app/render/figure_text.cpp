#include "app/render/figure_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include <cairo-ft.h>
#include <ft2build.h>
#include FT_FREETYPE_H

#include "core/error.h"

namespace maskscope {
namespace {

constexpr int tile = 32;  // texels

FT_Library freetype() {
  // Never let go: cairo may keep a face beyond the figure it was made for.
  static const FT_Library library = [] {
    FT_Library made = nullptr;
    if (FT_Init_FreeType(&made) != 0) throw Error("FreeType can't be started, which text in figures needs. Save a PNG instead.");
    return made;
  }();
  return library;
}

// A font in memory of its own, for as long as cairo wants it.
struct OpenFont {
  std::vector<unsigned char> bytes;
  FT_Face face = nullptr;
  ~OpenFont() {
    if (face) FT_Done_Face(face);
  }
};

bool has_character(const ImFontConfig& config, ImWchar character) {
  if (!config.GlyphRanges) return true;
  for (const ImWchar* range = config.GlyphRanges; range[0]; range += 2) {
    if (character >= range[0] && character <= range[1]) return true;
  }
  return false;
}

void append_utf8(std::string& text, ImWchar character) {
  const auto c = static_cast<unsigned>(character);
  if (c < 0x80) text += static_cast<char>(c);
  else if (c < 0x800) text += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  else text += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
}

}  // namespace

struct FigureText::Face {
  cairo_font_face_t* cairo = nullptr;
  FT_Face freetype = nullptr;
  float em = 0;  // px at scale 1

  explicit Face(const ImFontConfig& config) {
    auto font = std::make_unique<OpenFont>();
    const auto* const data = static_cast<const unsigned char*>(config.FontData);
    font->bytes.assign(data, data + config.FontDataSize);
    if (FT_New_Memory_Face(maskscope::freetype(), font->bytes.data(), static_cast<FT_Long>(font->bytes.size()), config.FontNo, &font->face) != 0) {
      throw Error(cat("The font ", config.Name, " can't be opened for a figure. Save a PNG instead."));
    }
    freetype = font->face;
    // ImGui's sizes are heights of lines.
    em = config.SizePixels * static_cast<float>(freetype->units_per_EM) / static_cast<float>(std::max(freetype->ascender - freetype->descender, 1));
    cairo = cairo_ft_font_face_create_for_ft_face(freetype, FT_LOAD_NO_HINTING);
    static const cairo_user_data_key_t key{};
    if (cairo_font_face_set_user_data(cairo, &key, font.get(), [](void* owned) { delete static_cast<OpenFont*>(owned); }) == CAIRO_STATUS_SUCCESS) {
      static_cast<void>(font.release());  // cairo's now
    }
  }
  ~Face() { cairo_font_face_destroy(cairo); }
  Face(const Face&) = delete;
  Face& operator=(const Face&) = delete;
};

FigureText::FigureText(FigurePen& pen, const ImFontAtlas& atlas) : pen_(pen), atlas_(atlas) {
  for (const ImFont* font : atlas.Fonts) {
    for (const ImFontGlyph& glyph : font->Glyphs) {
      if (!glyph.Visible) continue;
      const ImFontConfig* config = nullptr;
      for (int i = 0; i < font->ConfigDataCount && !config; ++i) {
        if (has_character(font->ConfigData[i], static_cast<ImWchar>(glyph.Codepoint))) config = &font->ConfigData[i];
      }
      if (!config) continue;
      const auto tile_of = [](float uv, int size) { return static_cast<int>(uv * static_cast<float>(size)) / tile; };
      for (int y = tile_of(glyph.V0, atlas.TexHeight); y <= tile_of(glyph.V1, atlas.TexHeight); ++y) {
        for (int x = tile_of(glyph.U0, atlas.TexWidth); x <= tile_of(glyph.U1, atlas.TexWidth); ++x) {
          glyphs_[y * (atlas.TexWidth / tile + 1) + x].push_back({font, &glyph, config});
        }
      }
    }
  }
}

FigureText::~FigureText() = default;

std::optional<FigureText::Glyph> FigureText::glyph_at(ImVec2 uv) const {
  const int x = static_cast<int>(uv.x * static_cast<float>(atlas_.TexWidth)) / tile, y = static_cast<int>(uv.y * static_cast<float>(atlas_.TexHeight)) / tile;
  const auto found = glyphs_.find(y * (atlas_.TexWidth / tile + 1) + x);
  if (found == glyphs_.end()) return std::nullopt;
  for (const Glyph& candidate : found->second) {
    const ImFontGlyph& glyph = *candidate.glyph;
    if (uv.x >= glyph.U0 && uv.x <= glyph.U1 && uv.y >= glyph.V0 && uv.y <= glyph.V1) return candidate;
  }
  return std::nullopt;
}

FigureText::Face& FigureText::face_of(const ImFontConfig& config) {
  std::unique_ptr<Face>& face = faces_[&config];
  if (!face) face = std::make_unique<Face>(config);
  return *face;
}

bool FigureText::add(const TexturedQuad& quad) {
  const auto found = glyph_at({(quad.uv_low.x + quad.uv_high.x) * 0.5f, (quad.uv_low.y + quad.uv_high.y) * 0.5f});
  if (!found) return false;
  const ImFontGlyph& glyph = *found->glyph;
  const float texels = (quad.uv_high.y - quad.uv_low.y) * static_cast<float>(atlas_.TexHeight);
  const float size = texels > 0 ? (quad.high.y - quad.low.y) / texels : 1.0f;
  const float scale = std::abs(size - 1) < 0.02f ? 1.0f : size;
  // A quad that was cut says less about where its glyph begins: what is missing is added again.
  const float missing_x = (quad.uv_low.x - glyph.U0) * static_cast<float>(atlas_.TexWidth), missing_y = (quad.uv_low.y - glyph.V0) * static_cast<float>(atlas_.TexHeight);
  const float x = quad.low.x - (glyph.X0 + missing_x) * scale;
  const float baseline = quad.low.y - (glyph.Y0 + missing_y - std::round(found->font->Ascent)) * scale;
  const float em = found->font->FontSize * scale;
  const Box box{quad.low.x, quad.low.y, quad.high.x, quad.high.y};
  const bool is_cut = missing_x > 0.01f || missing_y > 0.01f || (glyph.U1 - quad.uv_high.x) * static_cast<float>(atlas_.TexWidth) > 0.01f ||
                      (glyph.V1 - quad.uv_high.y) * static_cast<float>(atlas_.TexHeight) > 0.01f;
  const Box clip = is_cut ? intersection(pen_.clip(), box) : pen_.clip();
  const auto is_same = [](const Box& a, const Box& b) { return a.left == b.left && a.top == b.top && a.right == b.right && a.bottom == b.bottom; };
  const bool goes_on = !letters_.empty() && font_ == found->font && colour_ == quad.colour && std::abs(baseline_ - baseline) < 0.01f && std::abs(scale_ - scale) < 1e-3f &&
                       is_same(clip_, clip) && x >= letters_.back().end - 0.3f * em && x <= letters_.back().end + 1.0f * em;
  if (!goes_on) {
    flush();
    font_ = found->font;
    colour_ = quad.colour;
    baseline_ = baseline;
    scale_ = scale;
    box_ = box;
    clip_ = clip;
  }
  box_ = {std::min(box_.left, box.left), std::min(box_.top, box.top), std::max(box_.right, box.right), std::max(box_.bottom, box.bottom)};
  letters_.push_back({found->config, static_cast<ImWchar>(glyph.Codepoint), x, x + glyph.AdvanceX * scale});
  return true;
}

void FigureText::flush() {
  if (letters_.empty()) return;
  const Box outside = pen_.clip();
  pen_.set_clip(clip_);
  if (pen_.can_see(box_)) {
    // A letter's ink may reach a little beyond the pixels it had.
    pen_.begin({box_.left - 1, box_.top - 1, box_.right + 1, box_.bottom + 1}, colour_);
    // Blanks have no quads of their own.
    std::vector<Letter> all;
    for (const Letter& letter : letters_) {
      if (!all.empty() && letter.x - all.back().end > 0.08f * font_->FontSize * scale_) all.push_back({all.back().config, ' ', all.back().end, letter.x});
      all.push_back(letter);
    }
    letters_ = std::move(all);
    FoundText found{{}, letters_.front().x, baseline_, letters_.back().end - letters_.front().x, face_of(*letters_.front().config).em * scale_};
    for (std::size_t begin = 0; begin < letters_.size();) {
      std::size_t end = begin + 1;
      while (end < letters_.size() && letters_[end].config == letters_[begin].config) ++end;
      draw_letters(begin, end);
      begin = end;
    }
    for (const Letter& letter : letters_) append_utf8(found.text, letter.character);
    found_.push_back(std::move(found));
    pen_.end();
  }
  pen_.set_clip(outside);
  letters_.clear();
}

// Letters of one face, within begin and end of the pen.
void FigureText::draw_letters(std::size_t begin, std::size_t end) {
  const Face& face = face_of(*letters_[begin].config);
  cairo_t* const cairo = pen_.cairo();
  cairo_set_font_face(cairo, face.cairo);
  cairo_set_font_size(cairo, face.em * scale_);
  std::string text;
  std::vector<cairo_glyph_t> glyphs;
  std::vector<cairo_text_cluster_t> clusters;
  for (std::size_t i = begin; i < end; ++i) {
    const std::size_t before = text.size();
    append_utf8(text, letters_[i].character);
    glyphs.push_back({FT_Get_Char_Index(face.freetype, letters_[i].character), letters_[i].x, baseline_});
    clusters.push_back({static_cast<int>(text.size() - before), 1});
  }
  cairo_show_text_glyphs(cairo, text.c_str(), static_cast<int>(text.size()), glyphs.data(), static_cast<int>(glyphs.size()), clusters.data(),
                         static_cast<int>(clusters.size()), cairo_text_cluster_flags_t{});
}

}  // namespace maskscope
