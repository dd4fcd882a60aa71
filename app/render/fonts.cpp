#include "app/render/fonts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>

#include <imgui_freetype.h>

#include "app/imgui_compat.h"
#include "app/render/font_files.h"
#include "core/error.h"

namespace maskscope {
namespace {

using CharacterSet = std::set<char32_t>;

constexpr float max_extra_pixels = 16.0f * 1024 * 1024;  // of the atlas, 64 MB as a texture

// Arrows, signs and marks that the panels use in any language.
constexpr std::u32string_view signs =
    U"–—‘’‚“”„•…‹›€™←↑→↓↔↵⇒⇧⌘⌥⌫⏎⏸⏵−∅∈∑√∞≈≠≤≥■□▪▲△▶▷▸▼▽▾◀◁◂◆◇○●◦☐☑☰✓✗✕⟲⟳↺↻αβεκλμπρσΣΔ\u00A0\uFFFD";

// Decodes one character of UTF-8 and moves at on; nullopt for an invalid byte (at moves by one).
std::optional<char32_t> next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  if (length == 0 || at + length > text.size()) {
    ++at;
    return std::nullopt;
  }
  char32_t character = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) {
      ++at;
      return std::nullopt;
    }
    character = character << 6 | (byte(at + i) & 0x3F);
  }
  static constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (character < least[length] || character > 0x10FFFF || (character >= 0xD800 && character < 0xE000)) {
    ++at;
    return std::nullopt;
  }
  at += length;
  return character;
}

bool is_drawable(char32_t character) {
  return character >= 0x20 && character != 0x7F && !(character >= 0x80 && character < 0xA0) && character <= 0xFFFF;
}

CharacterSet characters_of(std::string_view utf8) {
  CharacterSet characters;
  for (std::size_t at = 0; at < utf8.size();)
    if (const auto character = next_character(utf8, at); character && is_drawable(*character)) characters.insert(*character);
  return characters;
}

// One size of one kind of text.
struct FaceRequest {
  ImFont** font;
  std::vector<FontRole> roles;  // the first role with a usable file wins
  float css_px;
  float letter_spacing;  // in em
  bool has_extra_text;
};

// Opens the files of a role, those that can be opened.
std::vector<FontFace> open_faces(FontRole role, std::vector<std::string>& notes) {
  std::vector<FontFace> faces;
  for (const auto& file : font_files(role)) {
    try {
      faces.emplace_back(file);
    } catch (const Error& error) {
      notes.emplace_back(error.what());
    }
  }
  return faces;
}

class Builder {
 public:
  Builder(ImFontAtlas& atlas, const FontOptions& options) : atlas_(atlas), scale_(std::clamp(options.scale, 0.5f, 8.0f)) {
    for (char32_t c = 0x20; c < 0x100; ++c)
      if (is_drawable(c)) common_.insert(c);
    common_.insert(signs.begin(), signs.end());
    common_.merge(characters_of(options.ui_text));
    set_extra(characters_of(options.extra_text));
    fallback_ = open_faces(FontRole::fallback, fonts_.notes);
  }

  Fonts build() {
    atlas_.Clear();
    atlas_.TexGlyphPadding = 1;
    atlas_.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    atlas_.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    for (const FaceRequest& request : requests()) add(request);
    if (fonts_.body == nullptr) take_built_in_font();
    report_missing();
    atlas_.Build();
    for (const ImFont* font : atlas_.Fonts) fonts_.num_glyphs += static_cast<std::size_t>(font->Glyphs.Size);
    fonts_.atlas_bytes = static_cast<std::size_t>(atlas_.TexWidth) * static_cast<std::size_t>(atlas_.TexHeight) * 4;
    return std::move(fonts_);
  }

 private:
  std::vector<FaceRequest> requests() {
    using enum FontRole;
    return {{&fonts_.body, {regular}, 13, 0, true},
            {&fonts_.strong, {semibold, regular}, 13, 0, false},
            {&fonts_.small_caps, {medium, semibold, regular}, 11, 0.07f, false},
            {&fonts_.small, {regular}, 11, 0, true},
            {&fonts_.title, {semibold, regular}, 15, 0, true},
            {&fonts_.mono, {mono, regular}, 13 * mono_share, 0, true},
            {&fonts_.mono_small, {mono, regular}, 11 * mono_share, 0, true}};
  }

  void set_extra(CharacterSet characters) {
    for (const char32_t c : common_) characters.erase(c);
    // The five faces that have the extra characters, each in a box of about 1.25 em.
    const float area = 1.5625f * scale_ * scale_ * (13 * 13 + 11 * 11 + 15 * 15 + 13 * 13 + 11 * 11);
    const auto room = static_cast<std::size_t>(max_extra_pixels / area);
    if (characters.size() > room) {
      fonts_.notes.push_back(cat("The loaded texts use ", characters.size(), " different characters beyond the common ones; ", room,
                                 " of them fit in the font texture at this text size, the others are drawn as \uFFFD."));
      characters.erase(std::next(characters.begin(), static_cast<std::ptrdiff_t>(room)), characters.end());
    }
    extra_ = std::move(characters);
  }

  void add(const FaceRequest& request) {
    for (const FontRole role : request.roles) {
      std::vector<FontFace> faces = open_faces(role, fonts_.notes);
      if (faces.empty()) continue;
      CharacterSet wanted = common_;
      if (request.has_extra_text) wanted.insert(extra_.begin(), extra_.end());
      *request.font = add_face(faces.front(), wanted, request, false);
      for (const FontFace& face : fallback_) {
        if (wanted.empty()) break;
        add_face(face, wanted, request, true);
      }
      missing_.merge(wanted);
      return;
    }
  }

  // Adds what the face has of the wanted characters, and takes them out of wanted. nullptr if there is nothing.
  ImFont* add_face(const FontFace& face, CharacterSet& wanted, const FaceRequest& request, bool is_merged) {
    std::vector<ImWchar> ranges;
    for (auto c = wanted.begin(); c != wanted.end();) {
      if (!face.has_character(*c)) {
        ++c;
        continue;
      }
      const auto code = static_cast<ImWchar>(*c);
      if (!ranges.empty() && ranges.back() + 1 == code) {
        ranges.back() = code;
      } else {
        ranges.insert(ranges.end(), {code, code});
      }
      c = wanted.erase(c);
    }
    if (ranges.empty()) return nullptr;
    ranges.push_back(0);
    fonts_.glyph_ranges.push_back(std::move(ranges));

    const float em = request.css_px * scale_;
    ImFontConfig config;
    config.MergeMode = is_merged;
    config.PixelSnapH = true;
    config.OversampleH = config.OversampleV = 1;
    config.FontNo = face.index();
    // Wide spacing is for capitals: Chinese characters, which come from another file, stand in squares of their own.
    if (!is_merged) imgui_compat::set_letter_spacing(config, std::round(request.letter_spacing * em));
    return atlas_.AddFontFromFileTTF(face.file().c_str(), std::round(em * face.line_height()), &config,
                                     fonts_.glyph_ranges.back().data());
  }

  void take_built_in_font() {
    atlas_.Clear();
    ImFontConfig config;
    config.SizePixels = std::round(13 * scale_);
    ImFont* font = atlas_.AddFontDefault(&config);
    for (ImFont** face : {&fonts_.body, &fonts_.strong, &fonts_.small_caps, &fonts_.small, &fonts_.title, &fonts_.mono,
                          &fonts_.mono_small})
      *face = font;
    missing_.clear();
    fonts_.notes.emplace_back(
        "No font was found, so the text is drawn with a small built-in one without accents. "
        "Install fonts-inter and fonts-dejavu (Debian, Ubuntu) for proper text.");
  }

  void report_missing() {
    for (const char32_t c : signs) missing_.erase(c);  // nobody misses a sign: the panels don't depend on them
    if (missing_.empty()) return;
    fonts_.notes.push_back(cat("No installed font has ", missing_.size(), " of the characters in the loaded texts (the first is U+", hex(*missing_.begin()),
                               "); they are drawn as \uFFFD. Install fonts-noto-cjk for Chinese, Japanese and Korean, "
                               "fonts-noto-core for other scripts."));
  }

  static std::string hex(char32_t character) {
    std::ostringstream out;
    out << std::hex << std::uppercase;
    out.width(4);
    out.fill('0');
    out << static_cast<std::uint32_t>(character);
    return out.str();
  }

  static constexpr float mono_share = 0.94f;  // monospaced faces look larger than Inter at the same size

  ImFontAtlas& atlas_;
  float scale_;
  CharacterSet common_, extra_, missing_;
  std::vector<FontFace> fallback_;
  Fonts fonts_;
};

}  // namespace

Fonts build_fonts(ImFontAtlas& atlas, const FontOptions& options) { return Builder(atlas, options).build(); }

float drawable_share(std::string_view utf8, const std::vector<std::filesystem::path>& files) {
  CharacterSet missing = characters_of(utf8);
  const std::size_t wanted = missing.size();
  if (wanted == 0) return 1;
  for (const std::filesystem::path& file : files) {
    try {
      const FontFace face(file);
      std::erase_if(missing, [&](char32_t character) { return face.has_character(character); });
    } catch (const Error&) {
      // Broken: it has no characters.
    }
  }
  return static_cast<float>(wanted - missing.size()) / static_cast<float>(wanted);
}

std::vector<std::filesystem::path> text_font_files() {
  std::vector<std::filesystem::path> files = font_files(FontRole::regular);
  files.resize(std::min<std::size_t>(files.size(), 1));  // the best one is taken, the others are not looked into
  for (const std::filesystem::path& file : font_files(FontRole::fallback)) files.push_back(file);
  return files;
}

float glyph_share(const Fonts& fonts, std::string_view utf8) {
  const CharacterSet wanted = characters_of(utf8);
  if (wanted.empty()) return 1;
  const auto has_glyph = [&](char32_t character) { return fonts.body->FindGlyphNoFallback(static_cast<ImWchar>(character)) != nullptr; };
  return static_cast<float>(std::count_if(wanted.begin(), wanted.end(), has_glyph)) / static_cast<float>(wanted.size());
}

bool needs_rebuild(std::string_view known, std::string_view text) {
  const CharacterSet have = characters_of(known);
  for (const char32_t c : characters_of(text))
    if (c >= 0x100 && !have.contains(c) && signs.find(c) == std::u32string_view::npos) return true;
  return false;
}

std::string drawable(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t start = at;
    const auto character = next_character(utf8, at);
    if (character && (is_drawable(*character) || *character == '\n' || *character == '\t')) {
      out.append(utf8.substr(start, at - start));
    } else {
      out += "\uFFFD";
    }
  }
  return out;
}

}  // namespace maskscope
