#include "app/render/vector_figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include "app/render/figure_pen.h"
#include "app/render/figure_text.h"
#include "app/render/figure_tokens.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr float max_side = 16384;

cairo_status_t append(void* text, const unsigned char* bytes, unsigned length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), length);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) throw Error(cat("The figure could not be drawn (cairo: ", cairo_status_to_string(status), "). Try a smaller one, or a PNG."));
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out;
}

// Walks through the draw lists of a frame and hands on what it finds: shapes, letters, pictures, batches of tokens.
class FrameWalk {
 public:
  FrameWalk(cairo_t* cairo, const FigureSource& source, const Box& area)
      : source_(source), area_(area), pen_(cairo), text_(pen_, *ImGui::GetIO().Fonts), pictures_(source) {}

  void draw(const ImDrawData& frame, ImU32 ground) {
    pen_.set_clip(area_);
    pen_.fill(area_, ground);
    for (int i = 0; i < frame.CmdListsCount; ++i) {
      for (const ImDrawCmd& command : frame.CmdLists[i]->CmdBuffer) draw(*frame.CmdLists[i], command);
    }
    text_.flush();
    pen_.flush();
  }
  const std::vector<FoundText>& texts() const { return text_.found(); }

 private:
  void draw(const ImDrawList& list, const ImDrawCmd& command) {
    const Box clip = intersection(area_, {command.ClipRect.x, command.ClipRect.y, command.ClipRect.z, command.ClipRect.w});
    if (clip.is_empty()) return;
    if (command.UserCallback) {
      const auto batch = source_.batch_of(command);
      if (!batch) return;
      text_.flush();
      pen_.set_clip(clip);
      draw_figure_batch(pen_, pictures_, source_.canvas_frame(), *batch);
      return;
    }
    pen_.set_clip(clip);
    const PictureHandle picture = source_.handle_of(command.TextureId);
    const ImDrawIdx* index = list.IdxBuffer.Data + command.IdxOffset;
    const ImDrawIdx* const end = index + command.ElemCount;
    while (index + 2 < end) index = draw_fan(list.VtxBuffer.Data + command.VtxOffset, index, end, picture);
  }

  // ImGui makes every shape of triangles around its first corner: together they are a polygon. Returns what follows it.
  const ImDrawIdx* draw_fan(const ImDrawVert* vertices, const ImDrawIdx* index, const ImDrawIdx* end, PictureHandle picture) {
    fan_.assign({&vertices[index[0]], &vertices[index[1]], &vertices[index[2]]});
    ImDrawIdx last = index[2];
    const ImDrawIdx first = index[0];
    index += 3;
    for (; index + 2 < end && index[0] == first && index[1] == last; index += 3) {
      last = index[2];
      fan_.push_back(&vertices[last]);
    }
    const ImVec2 uv = fan_[0]->uv;
    const bool is_plain = std::all_of(fan_.begin(), fan_.end(), [&](const ImDrawVert* v) { return v->uv.x == uv.x && v->uv.y == uv.y; });
    if (is_plain) draw_shape();
    else draw_textured(picture);
    return index;
  }

  void draw_shape() {
    text_.flush();
    points_.clear();
    for (const ImDrawVert* vertex : fan_) points_.push_back(vertex->pos);
    const ImU32 colour = fan_[0]->col;
    const bool is_flat = std::all_of(fan_.begin(), fan_.end(), [&](const ImDrawVert* v) { return v->col == colour; });
    if (is_flat) pen_.fill(points_, colour);
    else draw_shaded();
  }

  // ImGui's gradients are boxes with a colour at each corner, from the upper left one clockwise.
  void draw_shaded() {
    const Box box = bounds_of(points_);
    if (fan_.size() == 4 && fan_[0]->col == fan_[3]->col && fan_[1]->col == fan_[2]->col) pen_.fill_gradient(box, fan_[0]->col, fan_[1]->col, true);
    else if (fan_.size() == 4 && fan_[0]->col == fan_[1]->col && fan_[2]->col == fan_[3]->col) pen_.fill_gradient(box, fan_[0]->col, fan_[3]->col, false);
    else pen_.fill(points_, mean_colour());
  }

  ImU32 mean_colour() const {
    ImVec4 sum{};
    for (const ImDrawVert* vertex : fan_) {
      const ImVec4 c = ImGui::ColorConvertU32ToFloat4(vertex->col);
      sum = {sum.x + c.x, sum.y + c.y, sum.z + c.z, sum.w + c.w};
    }
    const auto n = static_cast<float>(fan_.size());
    return ImGui::ColorConvertFloat4ToU32({sum.x / n, sum.y / n, sum.z / n, sum.w / n});
  }

  void draw_textured(PictureHandle picture) {
    // Upper left and lower right corner; of a picture with round ones, those of the box around it.
    const auto corner = [this](bool is_low) {
      ImDrawVert at = *fan_[0];
      for (const ImDrawVert* vertex : fan_) {
        if (is_low ? vertex->pos.x < at.pos.x : vertex->pos.x > at.pos.x) at.pos.x = vertex->pos.x, at.uv.x = vertex->uv.x;
        if (is_low ? vertex->pos.y < at.pos.y : vertex->pos.y > at.pos.y) at.pos.y = vertex->pos.y, at.uv.y = vertex->uv.y;
      }
      return at;
    };
    const ImDrawVert low = corner(true), high = corner(false);
    const TexturedQuad quad{low.pos, high.pos, low.uv, high.uv, fan_[0]->col};
    if (!picture) {
      text_.add(quad);
      return;
    }
    text_.flush();
    const Picture& pixels = pictures_.pixels(picture);
    const Box box{quad.low.x, quad.low.y, quad.high.x, quad.high.y};
    const double u = quad.uv_high.x - quad.uv_low.x, v = quad.uv_high.y - quad.uv_low.y;
    if (pixels.width <= 0 || u == 0 || v == 0 || !pen_.can_see(box)) return;
    const double width = box.width() / u, height = box.height() / v;
    const PicturePlace place{box.left - quad.uv_low.x * width, box.top - quad.uv_low.y * height, width / pixels.width, height / pixels.height};
    pen_.picture(pictures_.plain(picture), place, std::array{box}, static_cast<double>(quad.colour >> IM_COL32_A_SHIFT & 255) / 255, pictures_.is_sharp(picture));
  }

  const FigureSource& source_;
  Box area_;
  FigurePen pen_;
  FigureText text_;
  FigurePictures pictures_;
  std::vector<const ImDrawVert*> fan_;
  std::vector<ImVec2> points_;
};

// The letters of an SVG as text that is not seen, above all else.
std::string text_layer(const std::vector<FoundText>& texts, const FigureOptions& options) {
  std::string layer = cat("<g font-family=\"sans-serif\" fill=\"#000\" fill-opacity=\"0\" transform=\"scale(", 1 / options.scale, ") translate(", -options.x, " ", -options.y, ")\">\n");
  for (const FoundText& found : texts) {
    layer += cat("<text xml:space=\"preserve\" x=\"", found.x, "\" y=\"", found.baseline, "\" font-size=\"", found.em, "\" textLength=\"", found.width,
                 "\" lengthAdjust=\"spacingAndGlyphs\">", escaped(found.text), "</text>\n");
  }
  return layer + "</g>\n";
}

}  // namespace

FigureStyle::FigureStyle() {
  ImGuiStyle& style = ImGui::GetStyle();
  had_smooth_lines_ = style.AntiAliasedLines;
  had_smooth_fills_ = style.AntiAliasedFill;
  circle_error_ = style.CircleTessellationMaxError;
  style.AntiAliasedLines = style.AntiAliasedFill = false;
  style.CircleTessellationMaxError = 0.05f;
}

FigureStyle::~FigureStyle() {
  ImGuiStyle& style = ImGui::GetStyle();
  style.AntiAliasedLines = had_smooth_lines_;
  style.AntiAliasedFill = had_smooth_fills_;
  style.CircleTessellationMaxError = circle_error_;
}

std::string draw_figure(FigureFormat format, const ImDrawData& frame, const FigureSource& source, const FigureOptions& options) {
  if (!(options.width >= 1 && options.height >= 1 && options.width <= max_side && options.height <= max_side)) {
    throw Error(cat("A figure of ", options.width, " x ", options.height, " pixels was asked for; each side must be 1 to ", max_side, "."));
  }
  std::string bytes;
  std::vector<FoundText> texts;
  const bool is_pdf = format == FigureFormat::pdf;
  // Points of a PDF are 1/72 inch.
  const double unit = (is_pdf ? 0.75 : 1.0) / options.scale, width = options.width * unit, height = options.height * unit;
  {
    const Surface surface(is_pdf ? cairo_pdf_surface_create_for_stream(append, &bytes, width, height) : cairo_svg_surface_create_for_stream(append, &bytes, width, height));
    if (is_pdf) {
      cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, options.title.c_str());
      cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "maskscope " MASKSCOPE_VERSION);
    } else {
      cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PX);
    }
    cairo_t* const cairo = cairo_create(surface.get());
    const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> owned(cairo, cairo_destroy);
    cairo_scale(cairo, unit, unit);
    cairo_translate(cairo, -options.x, -options.y);
    FrameWalk walk(cairo, source, {options.x, options.y, options.x + options.width, options.y + options.height});
    walk.draw(frame, options.ground);
    texts = walk.texts();
    check(cairo_status(cairo));
    cairo_surface_finish(surface.get());
    check(cairo_surface_status(surface.get()));
  }
  if (is_pdf) return bytes;
  const std::size_t root = bytes.find("<svg"), inside = root == std::string::npos ? root : bytes.find('>', root), end = bytes.rfind("</svg>");
  if (inside == std::string::npos || end == std::string::npos) throw Error("The figure could not be drawn: cairo made no SVG. Save a PDF or a PNG instead.");
  bytes.insert(end, text_layer(texts, options));
  bytes.insert(inside + 1, cat("\n<title>", escaped(options.title), "</title>"));
  return bytes;
}

}  // namespace maskscope
