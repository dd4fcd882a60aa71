#include <algorithm>
#include <fstream>
#include <string_view>

#include "app/edits.h"
#include "app/session_file.h"
#include "app/session_restore.h"
#include "core/data/dataset.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope::edits {
namespace {

namespace fs = std::filesystem;

constexpr const char* openable =
    "a picture, a UTF-8 text, a tokenizer.json, a session, a data set (a folder, a .tar), a configuration (.yaml) or a dumped batch (.npz)";

std::string lower_extension(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : static_cast<char>(c); });
  return ending;
}

bool is_image_ending(const std::string& ending) {
  static constexpr const char* endings[] = {".png", ".jpg", ".jpeg", ".bmp", ".tga", ".ppm", ".pgm", ".pnm", ".gif", ".psd", ".tif", ".tiff", ".webp", ".jp2", ".jpx"};
  return std::find(std::begin(endings), std::end(endings), ending) != std::end(endings);
}

bool has_image_signature(const std::string& head) {
  const auto begins_with = [&](std::string_view signature) { return std::string_view(head).substr(0, signature.size()) == signature; };
  if (begins_with("II*\0") || begins_with("MM\0*")) return true;
  if (begins_with("RIFF") && head.substr(8, 4) == "WEBP") return true;
  if (begins_with("\x89PNG") || begins_with("\xff\xd8\xff") || begins_with("GIF87a") || begins_with("GIF89a") || begins_with("8BPS")) return true;
  // Words may begin like these: a BMP has zeros in its header, a PNM a line with its size.
  if (begins_with("BM")) return head.substr(0, 16).find('\0') != std::string::npos;
  if (head.size() < 4 || head[0] != 'P' || head[1] < '1' || head[1] > '6') return false;
  const std::size_t size = head.find_first_not_of(" \t\r\n", 2);
  return size > 2 && size != std::string::npos && (head[size] == '#' || (head[size] >= '0' && head[size] <= '9'));
}

Edit open_session(const fs::path& path, bool is_restoring) {
  const auto extras = std::make_shared<SessionExtras>();
  const SavedSession saved = is_restoring ? restore_session(path) : load_session(path);
  return {later("open {0}", path.filename().string()), "", [=](Document& document) {
            SavedSession session = saved;
            if (is_restoring) restore_inputs(session, path.string());
            if (session.view) extras->view = std::make_shared<const SessionView>(*session.view);
            extras->losses = session.losses;
            document = session.document;
          }, /*rereads=*/true, extras};
}

}  // namespace

Edit open_any(const std::string& name, bool is_restoring) {
  const fs::path path(name);
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  // A notation is no file name, unless there is a file of just that name.
  if (!fs::exists(status) && looks_like_dataset(name)) return open_dataset(name);
  if (!fs::status_known(status)) throw Error(cat(name, ": the file can't be looked at (", failure.message(), "). Check its name and the permissions of its folder."));
  if (!fs::exists(status)) throw Error(cat(name, ": no such file. Check the name."));
  if (fs::is_directory(status)) return open_dataset(name);
  if (!fs::is_regular_file(status)) throw Error(cat(name, ": not a regular file. Choose ", openable, "."));

  const std::string ending = lower_extension(path);
  if (is_image_ending(ending)) return open_photo(path);
  if (looks_like_dataset(name)) return open_dataset(name);
  if (ending == ".npz") return open_dump(path);
  std::string head(4096, '\0');
  std::ifstream in(path, std::ios::binary);
  if (!in) throw Error(cat(name, ": the file can't be read. Check its permissions."));
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  const bool is_object = head[std::min(head.find_first_not_of(" \t\r\n"), head.size())] == '{';
  if (is_object && is_session_json(head)) return open_session(path, is_restoring);
  if (ending == ".json") return open_tokenizer(path);
  if (ending == ".yaml" || ending == ".yml") return use_config(path);
  if (has_image_signature(head)) return open_photo(path);
  if (head.find('\0') != std::string::npos) {
    throw Error(cat(name, ": neither a picture this program knows nor a text. Open ", openable, "."));
  }
  return open_text_file(path);
}

bool may_open_dataset(const std::string& path) {
  std::error_code failure;
  const std::string ending = lower_extension(path);
  return looks_like_dataset(path) || fs::is_directory(path, failure) || ending == ".yaml" || ending == ".yml" || ending == ".json" || ending == ".npz";
}

}  // namespace maskscope::edits
