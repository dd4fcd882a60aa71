// The kinds of picture a view is saved as, by the endings of their files.
#pragma once

#include <cctype>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace maskscope {

enum class PictureFormat : std::uint8_t { png, svg, pdf, gif };  // gif: the steps, moving

// "png": the ending without its dot, and the name on the command line.
constexpr const char* ending_of(PictureFormat format) {
  constexpr const char* endings[] = {"png", "svg", "pdf", "gif"};
  return endings[static_cast<int>(format)];
}

// By the file's ending, in small letters or capitals; nothing for any other.
inline std::optional<PictureFormat> picture_format_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const PictureFormat format : {PictureFormat::png, PictureFormat::svg, PictureFormat::pdf, PictureFormat::gif}) {
    if (ending == std::string(".") + ending_of(format)) return format;
  }
  return std::nullopt;
}

}  // namespace maskscope
