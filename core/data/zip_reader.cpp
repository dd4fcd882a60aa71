#include "core/data/zip_reader.h"

#include <algorithm>
#include <clocale>
#include <fstream>
#include <optional>
#include <set>

#include <archive.h>
#include <archive_entry.h>

#include "core/data/text_file.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace {

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};

// libarchive converts names to the thread's locale, in which a modality's name may not exist.
class Utf8Names {
 public:
  Utf8Names() : names_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(names_ ? uselocale(names_) : nullptr) {}
  ~Utf8Names() {
    if (!names_) return;
    uselocale(before_);
    freelocale(names_);
  }
  Utf8Names(const Utf8Names&) = delete;
  Utf8Names& operator=(const Utf8Names&) = delete;

 private:
  locale_t names_, before_;
};

// A name that, unpacked by a less careful program, would be written outside of the folder.
bool leads_outside(std::string_view name) {
  if (name.empty() || name.front() == '/' || (name.size() > 1 && name[1] == ':')) return true;
  const std::string padded = cat('/', name, '/');
  return padded.find("/../") != std::string::npos;
}

}  // namespace

struct ZipReader::State {
  std::string source_name;
  std::unique_ptr<archive, FreeArchive> handle;
  archive_entry* entry = nullptr;
  std::string name;
  std::uint64_t size = 0, num_read = 0;  // bytes of the member
  std::set<std::string, std::less<>> names;
  bool is_empty = false;  // an archive without members, which libarchive doesn't take for one

  Error failure(const std::string& sentences) const {
    return Error(cat(source_name, ": ", name.empty() ? "" : cat("member ", name, ": "), sentences));
  }
  Error damaged() const {
    const char* const why = archive_error_string(handle.get());
    return failure(cat("it can't be unpacked (", why ? why : "no reason given", "). Save it again with numpy.savez."));
  }
  // libarchive knows a zip by the directory at its end.
  void require_directory(int status) const {
    if (status == ARCHIVE_OK) return;
    throw failure("the directory at the end of the zip archive is missing or damaged, as in a file that is cut short. Copy or save it again.");
  }
  // Bytes of the data that comes next, 0 behind its end.
  std::size_t unpack(std::uint8_t* out, std::size_t room) {
    const Utf8Names locale;
    const la_ssize_t count = archive_read_data(handle.get(), out, room);
    if (count < 0) throw damaged();
    num_read += static_cast<std::uint64_t>(count);
    return static_cast<std::size_t>(count);
  }
  void open(std::string_view first_bytes) {
    if (first_bytes.empty()) throw failure("the file is empty, an .npz (a zip archive) was expected. Save it again with numpy.savez.");
    is_empty = first_bytes.starts_with("PK\5\6");
    if (!first_bytes.starts_with("PK")) throw failure("this is no .npz: it isn't a zip archive. Save the arrays with numpy.savez.");
    handle.reset(archive_read_new());
    if (!handle) throw std::bad_alloc();
    // Not the streaming reader: what the directory does not list is not there.
    if (archive_read_support_format_zip_seekable(handle.get()) != ARCHIVE_OK) throw damaged();
  }
};

ZipReader::ZipReader(const std::filesystem::path& path) : state_(std::make_unique<State>()) {
  state_->source_name = path.string();
  require_regular_file(path, "an .npz file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw state_->failure("can't be opened. Check the permissions of the file.");
  char first[4] = {};
  file.read(first, sizeof first);
  state_->open({first, static_cast<std::size_t>(file.gcount())});
  constexpr std::size_t block_bytes = 1 << 16;
  if (!state_->is_empty) state_->require_directory(archive_read_open_filename(state_->handle.get(), path.c_str(), block_bytes));
}

ZipReader::ZipReader(std::span<const std::uint8_t> file, std::string_view source_name) : state_(std::make_unique<State>()) {
  state_->source_name = source_name;
  state_->open({reinterpret_cast<const char*>(file.data()), std::min<std::size_t>(file.size(), 4)});
  if (!state_->is_empty) state_->require_directory(archive_read_open_memory(state_->handle.get(), file.data(), file.size()));
}

ZipReader::~ZipReader() = default;

bool ZipReader::next(std::size_t max_members) {
  State& s = *state_;
  if (s.is_empty) return false;
  const Utf8Names locale;
  for (;;) {
    s.name.clear();
    const int status = archive_read_next_header(s.handle.get(), &s.entry);
    if (status == ARCHIVE_EOF) return false;
    const char* const name = status == ARCHIVE_OK || status == ARCHIVE_WARN ? archive_entry_pathname(s.entry) : nullptr;
    if (name) s.name = name;
    if (status != ARCHIVE_OK) throw s.damaged();
    if (s.names.size() >= max_members) throw s.failure(cat("the archive has more than ", max_members, " members, which is the most that is read. Save fewer arrays."));
    if (find_invalid_utf8(s.name)) {
      s.name.clear();
      throw s.failure("the name of a member is no valid UTF-8. Save the arrays again with numpy.savez.");
    }
    if (leads_outside(s.name)) throw s.failure("its name is absolute, empty, or leads out of the archive. Save the arrays under plain names.");
    if (!s.names.insert(s.name).second) throw s.failure("two members have this name. Save the arrays again with numpy.savez.");
    if (archive_entry_filetype(s.entry) == AE_IFDIR) continue;
    if (archive_entry_filetype(s.entry) != AE_IFREG) throw s.failure("it is a link or a device, a plain file was expected. Save the arrays with numpy.savez.");
    if (archive_entry_is_encrypted(s.entry)) throw s.failure("it is encrypted. Save it without a password.");
    s.num_read = 0;
    s.size = archive_entry_size_is_set(s.entry) ? static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(s.entry), 0)) : 0;
    return true;
  }
}

const std::string& ZipReader::name() const { return state_->name; }
std::uint64_t ZipReader::size() const { return state_->size; }

std::vector<std::uint8_t> ZipReader::read(std::size_t max_bytes) {
  State& s = *state_;
  const auto too_large = [&] { return s.failure(cat("more than ", max_bytes, " bytes when unpacked, which is the most that is read. Save fewer or smaller arrays.")); };
  if (s.size > max_bytes && s.size - max_bytes > s.num_read) throw too_large();
  // The stated size is only a hint: memory is taken as data comes, and one byte too many is noticed.
  constexpr std::size_t least_room = 1 << 16, most_room = 1 << 24;
  std::vector<std::uint8_t> bytes;
  for (;;) {
    const std::size_t used = bytes.size();
    const std::size_t room = std::min(std::clamp(used, least_room, most_room), max_bytes - used + 1);
    bytes.resize(used + room);
    const std::size_t count = s.unpack(bytes.data() + used, room);
    bytes.resize(used + count);
    if (bytes.size() > max_bytes) throw too_large();
    if (count == 0) return bytes;
  }
}

std::vector<std::uint8_t> ZipReader::read_beginning(std::size_t max_bytes) {
  std::vector<std::uint8_t> bytes(max_bytes);
  std::size_t used = 0;
  while (used < max_bytes) {
    const std::size_t count = state_->unpack(bytes.data() + used, max_bytes - used);
    if (count == 0) break;
    used += count;
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace maskscope
