#include "app/render/font_files.h"

#include <cstdlib>
#include <sstream>
#include <string_view>
#include <system_error>

#include <ft2build.h>
#include FT_FREETYPE_H

#include "app/resources.h"
#include "core/error.h"

namespace maskscope {
namespace {
namespace fs = std::filesystem;

// Where Debian, Ubuntu, Fedora and Arch put them below a font folder; a plain name is a user's or our own copy.
std::vector<std::string_view> known_names(FontRole role) {
  switch (role) {
    case FontRole::regular:
      return {"opentype/inter/Inter-Regular.otf", "truetype/inter/Inter-Regular.ttf", "Inter-Regular.otf", "Inter-Regular.ttf",
              "truetype/dejavu/DejaVuSans.ttf", "dejavu-sans-fonts/DejaVuSans.ttf", "TTF/DejaVuSans.ttf",
              "truetype/noto/NotoSans-Regular.ttf", "truetype/liberation/LiberationSans-Regular.ttf"};
    case FontRole::medium:
      return {"opentype/inter/Inter-Medium.otf", "truetype/inter/Inter-Medium.ttf", "Inter-Medium.otf", "Inter-Medium.ttf"};
    case FontRole::semibold:
      return {"opentype/inter/Inter-SemiBold.otf", "truetype/inter/Inter-SemiBold.ttf", "Inter-SemiBold.otf",
              "Inter-SemiBold.ttf", "truetype/dejavu/DejaVuSans-Bold.ttf", "dejavu-sans-fonts/DejaVuSans-Bold.ttf",
              "TTF/DejaVuSans-Bold.ttf", "truetype/noto/NotoSans-Bold.ttf", "truetype/liberation/LiberationSans-Bold.ttf"};
    case FontRole::mono:
      return {"truetype/jetbrains-mono/JetBrainsMono-Regular.ttf", "JetBrainsMono-Regular.ttf",
              "truetype/dejavu/DejaVuSansMono.ttf", "dejavu-sans-mono-fonts/DejaVuSansMono.ttf", "TTF/DejaVuSansMono.ttf",
              "truetype/noto/NotoSansMono-Regular.ttf", "truetype/liberation/LiberationMono-Regular.ttf"};
    case FontRole::fallback:
      return {"truetype/dejavu/DejaVuSans.ttf", "dejavu-sans-fonts/DejaVuSans.ttf", "TTF/DejaVuSans.ttf",
              "opentype/noto/NotoSansCJK-Regular.ttc", "google-noto-cjk/NotoSansCJK-Regular.ttc",
              "noto-cjk/NotoSansCJK-Regular.ttc", "opentype/source-han-sans/SourceHanSansSC-Regular.otf",
              "truetype/wqy/wqy-microhei.ttc", "truetype/wqy/wqy-zenhei.ttc", "truetype/droid/DroidSansFallbackFull.ttf",
              "truetype/droid/DroidSansFallback.ttf", "truetype/arphic/uming.ttc", "truetype/noto/NotoSansSymbols2-Regular.ttf",
              "truetype/noto/NotoSansArabic-Regular.ttf", "truetype/noto/NotoSansHebrew-Regular.ttf",
              "truetype/noto/NotoSansDevanagari-Regular.ttf", "truetype/noto/NotoSansThai-Regular.ttf",
              "truetype/freefont/FreeSans.ttf", "truetype/unifont/unifont.ttf", "opentype/unifont/unifont.otf"};
  }
  return {};
}

std::string variable_or(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::vector<fs::path> font_folders() {
  std::vector<fs::path> folders;
  for (const fs::path& root : resource_roots()) folders.push_back(root / "assets" / "fonts");
  const std::string home = variable_or("HOME", "");
  if (const std::string data = variable_or("XDG_DATA_HOME", home.empty() ? "" : home + "/.local/share"); !data.empty())
    folders.push_back(fs::path(data) / "fonts");
  std::istringstream shared(variable_or("XDG_DATA_DIRS", "/usr/local/share:/usr/share"));
  for (std::string folder; std::getline(shared, folder, ':');)
    if (!folder.empty()) folders.push_back(fs::path(folder) / "fonts");
  return folders;
}

}  // namespace

std::vector<fs::path> font_files(FontRole role) {
  std::vector<fs::path> found;
  const std::vector<fs::path> folders = font_folders();
  for (const std::string_view name : known_names(role)) {
    for (const fs::path& folder : folders) {
      std::error_code failed;
      if (fs::is_regular_file(folder / name, failed)) {
        found.push_back(folder / name);
        break;
      }
    }
  }
  return found;
}

struct FontFace::State {
  fs::path file;
  int index = 0;
  FT_Library library = nullptr;
  FT_Face face = nullptr;
  ~State() {
    if (face != nullptr) FT_Done_Face(face);
    if (library != nullptr) FT_Done_FreeType(library);
  }
};

FontFace::FontFace(const fs::path& file, int index) : state_(std::make_unique<State>()) {
  state_->file = file;
  if (index < 0) index = file.filename() == "NotoSansCJK-Regular.ttc" ? 2 : 0;  // 0 Japanese, 1 Korean, 2 simplified Chinese
  const auto open = [this](int at) {
    return FT_New_Face(state_->library, state_->file.c_str(), at, &state_->face) == 0 && FT_IS_SCALABLE(state_->face) &&
           state_->face->units_per_EM > 0;
  };
  if (FT_Init_FreeType(&state_->library) != 0 || !open(index))
    throw Error(cat(file.string(), ": FreeType can't open this font. Install it again, or remove it."));
  state_->index = index;
}

FontFace::~FontFace() = default;
FontFace::FontFace(FontFace&&) noexcept = default;
FontFace& FontFace::operator=(FontFace&&) noexcept = default;

const fs::path& FontFace::file() const { return state_->file; }
int FontFace::index() const { return state_->index; }
bool FontFace::has_character(char32_t character) const { return FT_Get_Char_Index(state_->face, character) != 0; }

float FontFace::line_height() const {
  const FT_Face face = state_->face;
  return static_cast<float>(face->ascender - face->descender) / static_cast<float>(face->units_per_EM);
}

}  // namespace maskscope
