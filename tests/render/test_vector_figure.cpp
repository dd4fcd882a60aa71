// Figures: a frame of ImGui and of token quads as SVG and PDF, read again from their text.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <regex>
#include <string>
#include <vector>

#include "app/render/plain_gui.h"
#include "app/render/vector_figure.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/render/drawing.h"

using namespace maskscope;

namespace {

constexpr int width = 400, height = 300;

Look look_of(float scale = 1, ThemeKind theme = ThemeKind::dark, const char* text = "") { return {.theme = theme, .scale = scale, .ui_text = text, .extra_text = {}}; }

std::string figure_of(PlainGui& gui, const std::function<void(ImDrawList&)>& draw, FigureFormat format = FigureFormat::svg,
                      FigureOptions options = {.width = width, .height = height}) {
  const FigureStyle style;
  gui.begin_frame(width, height, 1.0f / 60);
  draw(*ImGui::GetBackgroundDrawList());
  gui.end_frame();
  return draw_figure(format, *ImGui::GetDrawData(), gui.canvas(), options);
}

std::vector<std::string> matches(const std::string& text, const char* pattern) {
  std::vector<std::string> found;
  const std::regex expression(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), expression), end; at != end; ++at) found.push_back((*at)[1]);
  return found;
}

std::vector<std::string> texts_of(const std::string& svg) { return matches(svg, "<text[^>]*>([^<]*)</text>"); }

// How often a fill or stroke of this colour is in the figure.
int count_paint(const std::string& svg, const char* kind, ImU32 colour) {
  const Pixel wanted = pixel_of(colour);
  int count = 0;
  for (const std::string& found : matches(svg, (std::string(kind) + R"(:rgb\(([^)]*)\))").c_str())) {
    double r = 0, g = 0, b = 0;
    if (std::sscanf(found.c_str(), "%lf%%,%lf%%,%lf%%", &r, &g, &b) != 3) continue;
    const auto byte = [](double percent) { return static_cast<int>(std::lround(percent * 2.55)); };
    count += Pixel{byte(r), byte(g), byte(b)} == wanted;
  }
  return count;
}

constexpr ImU32 red = IM_COL32(200, 30, 40, 255), green = IM_COL32(20, 150, 60, 255), blue = IM_COL32(86, 180, 233, 255);

}  // namespace

TEST_CASE("figure: text is text, in whole lines, with its blanks and its signs") {
  PlainGui gui(look_of());
  const std::string svg = figure_of(gui, [&](ImDrawList& list) {
    list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {20, 30}, red, "122 of 128 slots");
    list.AddText(gui.fonts().mono, gui.fonts().mono->FontSize, {20, 60}, red, "a < b && c > \"d\"");
    list.AddText(gui.fonts().small_caps, gui.fonts().small_caps->FontSize, {20, 90}, red, "MODALITIES");
    list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {20, 120}, red, "left");
    list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {220, 120}, red, "right");
  });
  CHECK(texts_of(svg) == std::vector<std::string>{"122 of 128 slots", "a &lt; b &amp;&amp; c &gt; \"d\"", "MODALITIES", "left", "right"});
  CHECK(svg.find("fill-opacity=\"0\"") != std::string::npos);
  CHECK(svg.find("<symbol") != std::string::npos);  // and the letters that are seen
}

TEST_CASE("figure: letters keep their places") {
  PlainGui gui(look_of());
  ImFont* const font = gui.fonts().body;
  const std::string svg = figure_of(gui, [&](ImDrawList& list) { list.AddText(font, font->FontSize, {50, 40}, red, "Mx"); });
  const std::vector<std::string> x = matches(svg, "<use xlink:href=\"#glyph[^\"]*\" x=\"([^\"]*)\""), y = matches(svg, "<use xlink:href=\"#glyph[^\"]*\" x=\"[^\"]*\" y=\"([^\"]*)\"");
  REQUIRE(x.size() == 2);
  CHECK(std::abs(std::stod(x[0]) - 50) < 0.01);
  CHECK(std::abs(std::stod(x[1]) - (50 + font->GetCharAdvance('M'))) < 0.01);
  CHECK(std::abs(std::stod(y[0]) - (40 + std::round(font->Ascent))) < 0.01);
}

TEST_CASE("figure: Chinese is text too where a font has it") {
  PlainGui gui(look_of(1, ThemeKind::dark, "编码器"));
  if (!gui.fonts().body->FindGlyphNoFallback(0x7F16)) {
    WARN("SKIPPED: no font with Chinese is installed");
    return;
  }
  const auto draw = [&](ImDrawList& list) { list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {20, 30}, red, "编码器 128 token"); };
  CHECK(texts_of(figure_of(gui, draw)) == std::vector<std::string>{"编码器 128 token"});
  CHECK(figure_of(gui, draw, FigureFormat::pdf).find("/Subtype /CIDFontType") != std::string::npos);
}

TEST_CASE("figure: what is clipped away is not there, what sticks out is cut") {
  PlainGui gui(look_of());
  const std::string svg = figure_of(gui, [&](ImDrawList& list) {
    list.PushClipRect({100, 100}, {200, 200});
    list.AddRectFilled({10, 10}, {90, 90}, red);
    list.AddRectFilled({150, 150}, {390, 290}, green);
    list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {10, 10}, red, "unseen");
    list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {180, 120}, red, "half of it");  // the rest of the words does not meet the clip
    list.PopClipRect();
  });
  CHECK(count_paint(svg, "fill", red) == 1);  // of the letters, which share one group
  CHECK(count_paint(svg, "fill", green) == 1);
  CHECK(svg.find("M 150 150 L 200 150 L 200 200 L 150 200 Z") != std::string::npos);
  CHECK(texts_of(svg) == std::vector<std::string>{"half"});
  CHECK(matches(svg, "(<clipPath)").size() >= 1);
}

TEST_CASE("figure: only the part that was asked for, at its own origin") {
  PlainGui gui(look_of());
  const auto draw = [&](ImDrawList& list) {
    list.AddRectFilled({10, 10}, {60, 60}, red);
    list.AddRectFilled({110, 110}, {160, 160}, green);
  };
  const std::string svg = figure_of(gui, draw, FigureFormat::svg, {.x = 100, .y = 100, .width = 80, .height = 70, .title = "a & b"});
  CHECK(count_paint(svg, "fill", red) == 0);
  CHECK(svg.find("M 10 10 L 60 10 L 60 60 L 10 60 Z") != std::string::npos);
  CHECK(svg.find("width=\"80px\" height=\"70px\"") != std::string::npos);
  CHECK(svg.find("<title>a &amp; b</title>") != std::string::npos);
}

TEST_CASE("figure: shapes of one colour that meet are one path, others are not") {
  PlainGui gui(look_of());
  const std::string svg = figure_of(gui, [](ImDrawList& list) {
    for (int i = 0; i < 5; ++i) list.AddRectFilled({10.0f + 20 * static_cast<float>(i), 10}, {30.0f + 20 * static_cast<float>(i), 30}, red);
    list.AddRectFilled({10, 50}, {30, 70}, IM_COL32(0, 0, 255, 100));  // one over the other: both are seen
    list.AddRectFilled({10, 50}, {30, 70}, IM_COL32(0, 0, 255, 100));
    list.AddCircleFilled({200, 200}, 40, green);
    list.AddLine({10, 200}, {100, 250}, blue, 3);
  });
  CHECK(count_paint(svg, "fill", red) == 1);
  CHECK(count_paint(svg, "fill", IM_COL32(0, 0, 255, 255)) == 2);
  CHECK(count_paint(svg, "fill", green) == 1);
  CHECK(count_paint(svg, "fill", blue) == 1);
}

TEST_CASE("figure: gradients and pictures") {
  PlainGui gui(look_of());
  const OwnedPicture picture(gui.canvas(), plain_picture(4, 4, {1, 2, 3}));
  const std::string svg = figure_of(gui, [&](ImDrawList& list) {
    list.AddRectFilledMultiColor({10, 10}, {110, 60}, red, green, green, red);
    list.AddImage(gui.canvas().texture(picture.handle()), {10, 100}, {110, 200});
  });
  CHECK(svg.find("<linearGradient") != std::string::npos);
  CHECK(svg.find("data:image/png;base64,") != std::string::npos);
}

TEST_CASE("figure: tokens in their styles") {
  PlainGui gui(look_of());
  const auto svg_of = [&](const TokenQuad& quad, PictureHandle picture = {}) { return figure_of(gui, [&](ImDrawList& list) { gui.canvas().draw(list, picture, std::vector{quad}); }); };
  const std::string encoder = svg_of(quad_at(20, 20, 60, 20, TokenStyle::encoder, blue));
  CHECK(count_paint(encoder, "fill", blue) == 1);    // a thin wash
  CHECK(count_paint(encoder, "stroke", blue) == 1);  // a solid border
  const std::string decoder = svg_of(quad_at(20, 20, 60, 20, TokenStyle::decoder, blue));
  const auto moves = [](const std::string& svg) { return matches(svg, "(M )").size(); };
  CHECK(moves(decoder) > moves(encoder) + 20);  // dashes
  CHECK(count_paint(svg_of(quad_at(20, 20, 60, 20, TokenStyle::bar, blue)), "fill", blue) == 1);
  CHECK(moves(svg_of(quad_at(20, 20, 60, 20, TokenStyle::striped_bar, blue))) > 8);  // stripes
  CHECK(moves(svg_of(quad_at(20, 20, 60, 20, TokenStyle::ignored, blue))) > 20);     // hatching and dashes

  const OwnedPicture plain(gui.canvas(), plain_picture(4, 4, {100, 110, 120}));
  const std::string cell = svg_of(quad_at(20, 20, 20, 20, TokenStyle::encoder, blue, has_picture | has_grid), plain.handle());
  CHECK(count_paint(cell, "fill", IM_COL32(100, 110, 120, 255)) == 1);  // one colour needs no image
  CHECK(cell.find("<image") == std::string::npos);
  Picture two = plain_picture(2, 1, {0, 0, 0});
  two.rgb[0] = 255;
  const OwnedPicture shaded(gui.canvas(), two);
  CHECK(svg_of(quad_at(20, 20, 20, 20, TokenStyle::discarded, blue, has_picture | has_grid), shaded.handle()).find("<image") != std::string::npos);

  const std::string pinned = svg_of(quad_at(20, 20, 60, 20, TokenStyle::encoder, blue, is_pinned));
  CHECK(count_paint(pinned, "stroke", gui.theme().highlight) == 1);
}

TEST_CASE("figure: a PDF with its page and its fonts") {
  PlainGui gui(look_of());
  const std::string pdf = figure_of(gui, [&](ImDrawList& list) { list.AddText(gui.fonts().body, gui.fonts().body->FontSize, {20, 30}, red, "words"); }, FigureFormat::pdf);
  CHECK(pdf.substr(0, 5) == "%PDF-");
  CHECK(pdf.find("/MediaBox [ 0 0 300 225 ]") != std::string::npos);  // 400 x 300 px of 1/96 inch
  CHECK(pdf.find("/ToUnicode") != std::string::npos);
}

TEST_CASE("figure: at scale 2 it is as large on paper, and finer") {
  PlainGui gui(look_of(2));
  const std::string svg = figure_of(gui, [&](ImDrawList& list) { list.AddRectFilled({20, 20}, {40, 40}, red); }, FigureFormat::svg, {.width = width, .height = height, .scale = 2});
  CHECK(svg.find("width=\"200px\" height=\"150px\"") != std::string::npos);
  CHECK(svg.find("M 10 10 L 20 10 L 20 20 L 10 20 Z") != std::string::npos);
}

TEST_CASE("figure: sizes out of range are a sentence") {
  PlainGui gui(look_of());
  for (const FigureOptions& options : {FigureOptions{}, FigureOptions{.width = 0.5f, .height = 10}, FigureOptions{.width = 1e6f, .height = 10}, FigureOptions{.width = NAN, .height = 10}}) {
    CHECK_THROWS_WITH(figure_of(gui, [](ImDrawList&) {}, FigureFormat::svg, options), contains_text("each side must be 1 to 16384"));
  }
}

TEST_CASE("figure: the style of frames is as before") {
  PlainGui gui(look_of());
  const ImGuiStyle before = ImGui::GetStyle();
  figure_of(gui, [](ImDrawList&) {});
  CHECK(ImGui::GetStyle().AntiAliasedLines == before.AntiAliasedLines);
  CHECK(ImGui::GetStyle().AntiAliasedFill == before.AntiAliasedFill);
  CHECK(ImGui::GetStyle().CircleTessellationMaxError == before.CircleTessellationMaxError);
}

TEST_CASE("figure: the window's own canvas gives the same pictures and quads") {
  Stage stage(80, 60);
  Picture picture = plain_picture(3, 2, {10, 20, 30});
  picture.rgb[5] = 200;
  const OwnedPicture smooth(stage.gui.canvas(), picture), sharp(stage.gui.canvas(), picture, Sampling::sharp);
  const FigureSource& source = stage.gui.figure_source();
  CHECK(source.read_picture(smooth.handle()).pixels.rgb == picture.rgb);
  CHECK(source.read_picture(smooth.handle()).sampling == Sampling::smooth);
  CHECK(source.read_picture(sharp.handle()).sampling == Sampling::sharp);
  CHECK(source.handle_of(stage.gui.canvas().texture(sharp.handle())) == sharp.handle());
  CHECK_FALSE(source.handle_of(ImGui::GetIO().Fonts->TexID));
  CHECK(source.read_picture({}).pixels.width == 0);
  stage.frame_of(std::vector{quad_at(1, 2, 30, 10, TokenStyle::bar, blue)});
  const std::string svg = draw_figure(FigureFormat::svg, *ImGui::GetDrawData(), source, {.width = 80, .height = 60});
  CHECK(count_paint(svg, "fill", blue) == 1);
}
