#include "core/data/image.h"

#include <stb_image_write.h>

#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <system_error>

#include "core/error.h"

namespace maskscope {

namespace fs = std::filesystem;

namespace {

struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileClose>;

Error no_permission(const std::string& name) {
  return Error(cat(name, ": no permission to read this file. Make it readable (chmod u+r) or copy it to a folder of your own."));
}

Error unreadable(const std::string& name, const std::string& reason) {
  return Error(cat(name, ": the file cannot be read (", reason, "). Check the path and the disk."));
}

std::vector<std::uint8_t> read_file(const fs::path& path) {
  const std::string name = path.string();
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found)
    throw Error(cat(name, ": there is no such file. Check the path."));
  if (error == std::errc::permission_denied) throw no_permission(name);
  if (error) throw unreadable(name, error.message());
  if (status.type() == fs::file_type::directory)
    throw Error(cat(name, ": this is a directory, expected a picture. Choose a file in it."));
  // A pipe would block and a device may never end.
  if (status.type() != fs::file_type::regular)
    throw Error(cat(name, ": this is a device, pipe or socket, expected a picture. Choose a regular file."));
  const std::uintmax_t size = fs::file_size(path, error);
  if (error) throw unreadable(name, error.message());
  if (size > kMaxImageFileBytes)
    throw Error(cat(name, ": the file has ", size >> 20, " MiB, the limit is ", kMaxImageFileBytes >> 20,
                    " MiB. Scale the picture down first."));

  const File file(std::fopen(path.c_str(), "rb"));
  if (!file) throw errno == EACCES ? no_permission(name) : unreadable(name, std::strerror(errno));
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size));
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file.get()));
  if (std::ferror(file.get())) throw unreadable(name, std::strerror(errno));
  return bytes;
}

Error unwritable(const fs::path& path, int error) {
  std::string advice = "Check the path and the disk.";
  if (error == ENOSPC) advice = "Free some space or choose another disk.";
  if (error == ENOENT) advice = "Make its folder first.";
  if (error == EACCES || error == EPERM || error == EROFS) advice = "Choose a folder you can write to.";
  return Error(cat(path.string(), ": the picture could not be written (", std::strerror(error), "). ", advice));
}

// Throws Error naming path, which need not be the file that is open.
void write_all(File file, const std::vector<std::uint8_t>& bytes, const fs::path& path) {
  if (!file) throw unwritable(path, errno);
  errno = 0;
  const bool is_written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  const bool is_flushed = std::fflush(file.get()) == 0;
  const int write_error = errno;
  const bool is_closed = std::fclose(file.release()) == 0;
  if (!is_written || !is_flushed) throw unwritable(path, write_error);
  if (!is_closed) throw unwritable(path, errno);
}

void write_file(fs::path path, const std::vector<std::uint8_t>& bytes) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::directory) throw unwritable(path, EISDIR);
  // A device (/dev/stdout, /dev/full) is written to, not replaced.
  if (fs::exists(status) && status.type() != fs::file_type::regular)
    return write_all(File(std::fopen(path.c_str(), "wb")), bytes, path);

  const fs::path asked = path;
  if (fs::is_symlink(path, error)) path = fs::weakly_canonical(path, error);  // the link stays, its target is replaced
  const fs::path part = path.string() + cat(".", ::getpid(), ".part");
  try {
    write_all(File(std::fopen(part.c_str(), "wb")), bytes, asked);
    fs::rename(part, path, error);
    if (error) throw unwritable(asked, error.value());
  } catch (const Error&) {
    fs::remove(part, error);
    throw;
  }
}

}  // namespace

LoadedImage read_image(const fs::path& path) { return decode_image(read_file(path), path.string()); }

PixelRect patch_rect(int slot, int input_size, int patch_size) {
  assert(patch_size > 0 && input_size % patch_size == 0);
  const int grid = input_size / patch_size;
  assert(slot >= 0 && slot < grid * grid);
  return {slot % grid * patch_size, slot / grid * patch_size, patch_size, patch_size};
}

std::array<std::uint8_t, 3> mean_colour(const Picture& picture, const PixelRect& rect) {
  assert(rect.x >= 0 && rect.y >= 0 && rect.width > 0 && rect.height > 0);
  assert(rect.x + rect.width <= picture.width && rect.y + rect.height <= picture.height);
  std::array<std::uint64_t, 3> sum{};
  for (int y = rect.y; y < rect.y + rect.height; ++y) {
    const std::uint8_t* in = picture.rgb.data() + (static_cast<std::size_t>(y) * picture.width + rect.x) * 3;
    for (int x = 0; x < rect.width; ++x)
      for (std::size_t c = 0; c < 3; ++c) sum[c] += *in++;
  }
  const std::uint64_t count = static_cast<std::uint64_t>(rect.width) * rect.height;
  std::array<std::uint8_t, 3> mean{};
  for (std::size_t c = 0; c < 3; ++c) mean[c] = static_cast<std::uint8_t>((sum[c] + count / 2) / count);
  return mean;
}

void write_png(const fs::path& path, int width, int height, int channels, std::span<const std::uint8_t> pixels) {
  assert(channels == 1 || channels == 3 || channels == 4);
  assert(width > 0 && height > 0 && std::int64_t{width} * height <= kMaxImagePixels);
  assert(pixels.size() == static_cast<std::size_t>(width) * height * channels);
  std::vector<std::uint8_t> png;
  const auto append = [](void* context, void* data, int size) {
    const auto* begin = static_cast<const std::uint8_t*>(data);
    auto& out = *static_cast<std::vector<std::uint8_t>*>(context);
    out.insert(out.end(), begin, begin + size);
  };
  if (!stbi_write_png_to_func(append, &png, width, height, channels, pixels.data(), width * channels))
    throw Error(cat(path.string(), ": there is not enough memory to write a picture of ", width, " x ", height,
                    " pixels. Close other programs or make it smaller."));
  write_file(path, png);
}

void write_png(const fs::path& path, const Picture& picture) {
  write_png(path, picture.width, picture.height, 3, picture.rgb);
}

}  // namespace maskscope
