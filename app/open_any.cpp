#include <algorithm>
#include <fstream>

#include "app/edits.h"
#include "app/session_file.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope::edits {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c); });
  return ending;
}

bool is_image_ending(const std::string& ending) {
  static constexpr const char* endings[] = {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".ppm", ".pgm", ".pnm", ".gif", ".psd"};
  return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

bool has_image_signature(const std::string& head) {
  static const std::string signatures[] = {"\x89PNG", "\xff\xd8\xff", "BM", "GIF8", "8BPS", "P5", "P6"};
  return std::any_of(std::begin(signatures), std::end(signatures), [&](const std::string& s) { return head.compare(0, s.size(), s) == 0; });
}

}  // namespace

Edit open_any(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) throw Error(cat(path.string(), ": no such file. Check the name."));
  if (fs::is_directory(status)) {
    throw Error(cat(path.string(), ": this is a folder, expected an image, a text, a tokenizer.json or a session file. Choose a file in it."));
  }
  if (!fs::is_regular_file(status)) throw Error(cat(path.string(), ": not a regular file. Choose an image, a text, a tokenizer.json or a session file."));

  const std::string ending = lower_extension(path);
  if (is_image_ending(ending)) return open_photo(path);
  std::string head(4096, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(cat(path.string(), ": the file can't be read. Check its permissions."));
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  if (ending == ".json") {
    if (is_session_json(head)) return replace_document(load_session(path), "open " + path.filename().string());
    return open_tokenizer(path);
  }
  if (has_image_signature(head)) return open_photo(path);
  if (head.find('\0') != std::string::npos) {
    throw Error(cat(path.string(), ": neither an image this program knows nor a text. Open a PNG, JPEG, BMP, TGA, PNM, GIF or PSD image, "
                                   "a UTF-8 text, a tokenizer.json or a session file."));
  }
  return open_text_file(path);
}

}  // namespace maskscope::edits
