#include "core/data/dump_members.h"

#include <algorithm>

#include "core/data/npy_header.h"
#include "core/error.h"
#include "core/sha256.h"

namespace maskscope {
namespace {

constexpr std::string_view ending = ".npy";
constexpr std::size_t max_float_bytes = std::size_t{1} << 40;  // stated by a header whose data is not read
constexpr std::size_t max_digested_bytes = std::size_t{1} << 30;

bool is_mask(std::string_view field) {
  return field == "input_mask" || field == "target_mask" || field == "decoder_attention_mask";
}

std::array<std::uint8_t, 32> digest_of(std::span<const std::uint8_t> bytes) {
  return sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

FloatTensor digest(const NpyArray& array) {
  FloatTensor tensor{array.dtype(), array.shape, {}, digest_of(array.data)};
  const std::int64_t parts = array.shape.empty() ? 0 : array.shape[0];
  if (parts <= 1 || array.size() == 0) return tensor;
  const std::size_t part_bytes = array.data.size() / static_cast<std::size_t>(parts);
  for (std::int64_t p = 0; p < parts; ++p) {
    tensor.digests.push_back(digest_of(std::span(array.data).subspan(static_cast<std::size_t>(p) * part_bytes, part_bytes)));
  }
  return tensor;
}

class MemberReader {
 public:
  MemberReader(ZipReader& zip, const std::string& source_name, const DumpReading& reading, std::vector<DataProblem>& problems)
      : zip_(zip), source_name_(source_name), reading_(reading), problems_(problems), bytes_left_(reading.max_bytes) {}

  std::map<std::string, DumpMembers> read() {
    while (zip_.next(NpzLimits{}.max_members)) {
      const std::string_view member = zip_.name();
      const std::string_view path = member.substr(0, member.size() - (member.ends_with(ending) ? ending.size() : 0));
      const auto slash = path.rfind('/');
      const std::string_view field = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
      if (!is_mask(field) && field != "tensor" && field != "type") {
        pass_over();
        continue;
      }
      const std::string modality(path.substr(0, slash));
      DumpMembers& members = members_[modality];
      try {
        read_field(field, members);
      } catch (const Error& error) {
        members.has_failed = true;
        const std::string_view sentences = error.what(), prefix = source_name_;  // the problem names the archive itself
        problems_.push_back({ProblemLevel::error, source_name_, "", modality,
                             std::string(sentences.substr(sentences.starts_with(prefix) ? prefix.size() + 2 : 0)), ""});
      }
    }
    if (num_passed_over_ > 0) {
      problems_.push_back({ProblemLevel::note, source_name_, "", "",
                           cat(num_passed_over_, num_passed_over_ == 1 ? " member is" : " members are",
                               " not part of a masked batch and not looked at, first ", first_passed_over_,
                               ". Expected are MODALITY/tensor, /input_mask, /target_mask, /decoder_attention_mask and /type."),
                           ""});
    }
    return std::move(members_);
  }

 private:
  void pass_over() {
    if (num_passed_over_++ == 0) first_passed_over_ = zip_.name();
  }

  void read_field(std::string_view field, DumpMembers& members) {
    const std::string where = cat(source_name_, ": member ", zip_.name());
    if (field == "tensor") return read_tensor(where, members);
    NpyArray array = parse(where, field == "type" ? NpyText::accepted : NpyText::refused);
    if (field == "type") {
      members.type = one_text(array, where);
    } else if (array.kind == NpyKind::floating) {
      throw Error(cat(where, ": its dtype is ", array.dtype(), ", masks are bool or integers. Save it as the loader gave it."));
    } else {
      members.masks.emplace(field, std::move(array));
    }
  }

  NpyArray parse(const std::string& where, NpyText text) {
    const std::vector<std::uint8_t> file = zip_.read(bytes_left_);
    bytes_left_ -= file.size();
    return parse_npy(file, where, reading_.max_bytes, text);
  }

  // Pixels and embeddings are large and never shown: what is in their header is enough.
  void read_tensor(const std::string& where, DumpMembers& members) {
    constexpr std::size_t header_bytes = max_npy_header_bytes + 64;
    std::vector<std::uint8_t> file = zip_.read_beginning(header_bytes);
    const NpyHeader header = parse_npy_header(file, where, max_float_bytes, NpyText::refused);
    const bool is_floating = header.kind == NpyKind::floating;
    const std::uint64_t expected = header.data_offset + header.num_items * static_cast<std::uint64_t>(header.item_bytes);
    const auto rest_of = [&](std::size_t most) {
      if (file.size() == header_bytes) {
        if (expected > most) throw Error(cat(where, ": more than ", most, " bytes when unpacked, which is the most that is read. Save fewer samples."));
        const std::vector<std::uint8_t> rest = zip_.read(most - file.size());
        file.insert(file.end(), rest.begin(), rest.end());
      }
    };
    if (is_floating && !reading_.has_digests) {
      if (zip_.size() != expected) {
        throw Error(cat(where, ": ", zip_.size(), " bytes, its header states ", expected, ". Save it again with numpy.savez."));
      }
      members.floats = FloatTensor{cat("float", 8 * header.item_bytes), header.shape, {}, {}};
      return;
    }
    const std::size_t most = is_floating ? max_digested_bytes : std::max(bytes_left_, header_bytes);
    rest_of(most);
    NpyArray array = parse_npy(file, where, most);
    if (is_floating) {
      members.floats = digest(array);
      return;
    }
    bytes_left_ -= std::min(bytes_left_, file.size());
    if (array.kind == NpyKind::boolean) throw Error(cat(where, ": its dtype is bool, ids (integers), pixels or embeddings (floats) were expected."));
    members.ids = std::move(array);
  }

  // A text, or the same text for every sample.
  static std::string one_text(const NpyArray& array, const std::string& where) {
    if (array.kind != NpyKind::text || array.size() == 0) {
      throw Error(cat(where, ": it is no text. Save \"img\", \"seq\", \"seq_token\" or \"seq_emb\", or leave it out."));
    }
    const std::string text = array.text(0);
    for (std::int64_t i = 1; i < array.size(); ++i) {
      if (array.text(i) != text) throw Error(cat(where, ": it is \"", text, "\" and \"", array.text(i), "\" in one batch. A modality is of one type."));
    }
    return text;
  }

  ZipReader& zip_;
  const std::string& source_name_;
  const DumpReading& reading_;
  std::vector<DataProblem>& problems_;
  std::map<std::string, DumpMembers> members_;
  std::size_t bytes_left_;
  int num_passed_over_ = 0;
  std::string first_passed_over_;
};

}  // namespace

std::map<std::string, DumpMembers> read_dump_members(ZipReader& zip, const std::string& source_name, const DumpReading& reading,
                                                     std::vector<DataProblem>& problems) {
  return MemberReader(zip, source_name, reading, problems).read();
}

}  // namespace maskscope
