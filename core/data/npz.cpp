#include "core/data/npz.h"

#include <memory>
#include <new>

#include <archive.h>
#include <archive_entry.h>

#include "core/data/whole_file.h"
#include "core/data/zip_reader.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::string_view ending = ".npy";

std::vector<NpzMember> read_members(ZipReader& zip, std::string_view source_name, const NpzLimits& limits) {
  std::vector<NpzMember> members;
  std::size_t bytes_left = limits.max_bytes;
  while (zip.next(limits.max_members)) {
    const std::string where = cat(source_name, ": member ", zip.name());
    if (!zip.name().ends_with(ending)) throw Error(cat(where, ": its name doesn't end in .npy, arrays of numpy.savez were expected. Take it out of the archive."));
    const std::vector<std::uint8_t> file = zip.read(bytes_left);
    bytes_left -= file.size();
    members.push_back({zip.name().substr(0, zip.name().size() - ending.size()), parse_npy(file, where, limits.max_bytes)});
  }
  return members;
}

struct FreeArchive {
  void operator()(archive* handle) const { archive_write_free(handle); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t append(archive*, void* out, const void* bytes, std::size_t count) {
  const auto* const begin = static_cast<const std::uint8_t*>(bytes);
  auto& file = *static_cast<std::vector<std::uint8_t>*>(out);
  file.insert(file.end(), begin, begin + count);
  return static_cast<la_ssize_t>(count);
}

// What can fail when an archive is written to memory is the memory.
void require(int status) {
  if (status != ARCHIVE_OK) throw std::bad_alloc();
}

}  // namespace

std::vector<NpzMember> parse_npz(std::span<const std::uint8_t> file, std::string_view source_name, const NpzLimits& limits) {
  ZipReader zip(file, source_name);
  return read_members(zip, source_name, limits);
}

std::vector<NpzMember> read_npz(const std::filesystem::path& path, const NpzLimits& limits) {
  ZipReader zip(path);
  return read_members(zip, path.string(), limits);
}

std::vector<std::string> npz_member_names(const std::filesystem::path& path, const NpzLimits& limits) {
  ZipReader zip(path);
  std::vector<std::string> names;
  while (zip.next(limits.max_members)) names.push_back(zip.name());
  return names;
}

std::vector<std::uint8_t> to_npz(const std::vector<NpzMember>& members) {
  std::vector<std::uint8_t> file;
  const std::unique_ptr<archive, FreeArchive> handle(archive_write_new());
  if (!handle) throw std::bad_alloc();
  require(archive_write_set_format_zip(handle.get()));
  require(archive_write_zip_set_compression_deflate(handle.get()));
  require(archive_write_set_bytes_per_block(handle.get(), 0));  // no padding behind the end
  require(archive_write_open(handle.get(), &file, nullptr, append, nullptr));
  for (const NpzMember& member : members) {
    const std::vector<std::uint8_t> npy = to_npy(member.array);
    // No time of change: that would be the one thing to differ between equal dumps.
    const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
    if (!entry) throw std::bad_alloc();
    archive_entry_set_pathname_utf8(entry.get(), cat(member.name, ending).c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(npy.size()));
    require(archive_write_header(handle.get(), entry.get()));
    if (archive_write_data(handle.get(), npy.data(), npy.size()) != static_cast<la_ssize_t>(npy.size())) throw std::bad_alloc();
  }
  require(archive_write_close(handle.get()));
  return file;
}

void write_npz(const std::filesystem::path& path, const std::vector<NpzMember>& members) {
  const std::vector<std::uint8_t> file = to_npz(members);
  write_whole_file(path, {reinterpret_cast<const char*>(file.data()), file.size()}, "the arrays");
}

}  // namespace maskscope
