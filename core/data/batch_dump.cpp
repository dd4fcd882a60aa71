#include "core/data/batch_dump.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/data/dump_members.h"
#include "core/data/dump_rules.h"
#include "core/data/zip_reader.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::array mask_fields{"input_mask", "target_mask", "decoder_attention_mask"};
constexpr int max_tokens_of_modality = 65535;  // as validate() of a scheme
constexpr int max_slots = 2 * (max_tokens_of_modality + 1);
constexpr std::int64_t max_batch_size = 1 << 20;

std::optional<ModalityKind> kind_named(std::string_view name) {
  for (const ModalityKind kind : {ModalityKind::img, ModalityKind::seq, ModalityKind::seq_token, ModalityKind::seq_emb}) {
    if (name == to_string(kind)) return kind;
  }
  return std::nullopt;
}

std::int32_t clamped(std::int64_t value) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

// What the members of a dump have in common.
struct BatchForm {
  bool has_batch_dimension = false;
  std::int64_t batch_size = 1;
  auto operator<=>(const BatchForm&) const = default;
};

BatchForm form_of(const NpyArray& mask) {
  return mask.shape.size() == 2 ? BatchForm{true, mask.shape[0]} : BatchForm{};
}

// The form that most modalities have; of equally many the first one's, by name.
BatchForm common_form(const std::map<std::string, DumpMembers>& members) {
  std::vector<std::pair<BatchForm, int>> counts;
  for (const auto& [name, member] : members) {
    const auto mask = member.masks.find(mask_fields[0]);
    if (mask == member.masks.end()) continue;
    const BatchForm form = form_of(mask->second);
    const auto known = std::find_if(counts.begin(), counts.end(), [&](const auto& count) { return count.first == form; });
    if (known == counts.end()) counts.emplace_back(form, 1);
    else ++known->second;
  }
  const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? BatchForm{} : most->first;
}

std::string form_text(BatchForm form) {
  return form.has_batch_dimension ? cat("a batch of ", form.batch_size) : "one sample without batch dimension";
}

// Makes one modality of its members. Throws Error, without file and modality, when it can't be used.
class ModalityMaker {
 public:
  ModalityMaker(const std::string& name, const DumpMembers& members, BatchForm form) : members_(members), form_(form) {
    modality_.name = name;
  }

  DumpedModality make(std::vector<std::string>& warnings) {
    require_members();
    for (const char* field : mask_fields) check_mask(field);
    check_tensor();
    copy_mask("input_mask", modality_.input_mask, warnings);
    copy_mask("target_mask", modality_.target_mask, warnings);
    const NpyArray& attention = mask("decoder_attention_mask");
    modality_.decoder_attention_mask.reserve(static_cast<std::size_t>(attention.size()));
    for (std::int64_t i = 0; i < attention.size(); ++i) modality_.decoder_attention_mask.push_back(clamped(attention.integer(i)));
    copy_ids();
    choose_kind(warnings);
    check_kind(warnings);
    return std::move(modality_);
  }

 private:
  const NpyArray& mask(const char* field) const { return members_.masks.find(field)->second; }

  void require_members() const {
    std::string missing;
    const auto require = [&](bool is_there, const char* field) {
      if (!is_there) missing += cat(missing.empty() ? "" : ", ", field);
    };
    require(members_.ids || members_.floats, "tensor");
    for (const char* field : mask_fields) require(members_.masks.contains(field), field);
    if (!missing.empty()) {
      throw Error(members_.has_failed ? cat("left out, because its ", missing, " can't be read.")
                                      : cat("left out, because the file has no ", missing, " of it. Save all four members of the modality."));
    }
  }

  void check_mask(const char* field) {
    const NpyArray& array = mask(field);
    const std::size_t dimensions = array.shape.size();
    if (dimensions != 1 && dimensions != 2) {
      throw Error(cat("left out, because its ", field, " has the shape ", array.shape_text(), "; (slots,) or (batch, slots) was expected."));
    }
    if (form_of(array) != form_) {
      throw Error(cat("left out, because its ", field, " has the shape ", array.shape_text(), ", but the other masks of the file are of ",
                      form_text(form_), ". Save all modalities of the same batch."));
    }
    const std::int64_t slots = array.shape.back();
    if (slots < 1 || slots > max_slots) throw Error(cat("left out, because its ", field, " has ", slots, " slots, 1 to ", max_slots, " were expected."));
    if (modality_.num_slots == 0) modality_.num_slots = static_cast<int>(slots);
    if (slots != modality_.num_slots) {
      throw Error(cat("left out, because its ", field, " has ", slots, " slots, but its ", mask_fields[0], " has ", modality_.num_slots,
                      ". Masks of one modality have the same length."));
    }
  }

  void check_tensor() {
    const std::vector<std::int64_t>& shape = members_.ids ? members_.ids->shape : members_.floats->shape;
    modality_.tensor_dtype = members_.ids ? members_.ids->dtype() : members_.floats->dtype;
    NpyArray form;
    form.shape = shape;
    if (form_.has_batch_dimension && (shape.empty() || shape[0] != form_.batch_size)) {
      throw Error(cat("left out, because its tensor has the shape ", form.shape_text(), ", but its masks are of ", form_text(form_), "."));
    }
    modality_.tensor_shape.assign(shape.begin() + form_.has_batch_dimension, shape.end());
    if (members_.ids && members_.ids->size() != form_.batch_size * modality_.num_slots) {
      throw Error(cat("left out, because its tensor has the shape ", form.shape_text(), ", which is not one id for each of the ",
                      modality_.num_slots, " slots of its masks."));
    }
  }

  void copy_mask(const char* field, std::vector<std::uint8_t>& out, std::vector<std::string>& warnings) const {
    const NpyArray& array = mask(field);
    std::int64_t num_odd = 0, first_odd = 0;
    out.reserve(static_cast<std::size_t>(array.size()));
    for (std::int64_t i = 0; i < array.size(); ++i) {
      const std::int64_t value = array.integer(i);
      if (value != 0 && value != 1 && num_odd++ == 0) first_odd = i;
      out.push_back(value != 0);
    }
    if (num_odd > 0) {
      warnings.push_back(cat("its ", field, " holds values other than 0 and 1 (", num_odd, " of ", array.size(), ", first ", array.integer(first_odd),
                             " in sample ", first_odd / modality_.num_slots, ", slot ", first_odd % modality_.num_slots, "); they count as 1, do not use."));
    }
  }

  void copy_ids() {
    if (!members_.ids) {
      modality_.tensor_digests = members_.floats->digests;
      if (modality_.tensor_digests.empty()) modality_.tensor_digests.assign(1, members_.floats->digest);
      return;
    }
    modality_.ids.reserve(static_cast<std::size_t>(members_.ids->size()));
    for (std::int64_t i = 0; i < members_.ids->size(); ++i) modality_.ids.push_back(clamped(members_.ids->integer(i)));
  }

  void choose_kind(std::vector<std::string>& warnings) {
    const auto known = builtin_modality(modality_.name);
    if (members_.type) {
      const auto named = kind_named(*members_.type);
      if (!named) throw Error(cat("left out, because its type is \"", *members_.type, "\"; img, seq, seq_token or seq_emb was expected."));
      if (known && known->kind != *named) {
        warnings.push_back(cat("its type is ", *members_.type, ", but 4M's modality of this name is ", to_string(known->kind), ". The file's type is used."));
      }
      modality_.kind = *named;
    } else if (known) {
      modality_.kind = known->kind;
    } else if (const auto guess = kind_by_form(modality_)) {
      modality_.kind = *guess;
      warnings.push_back(cat("4M has no modality of this name, and the file has no type of it: by the form of its masks it is taken for ",
                             to_string(*guess), ". Save ", modality_.name, "/type to be sure."));
    } else {
      throw Error(cat("left out, because 4M has no modality of this name, and its masks don't tell what it is. Save ", modality_.name,
                      "/type: img, seq, seq_token or seq_emb."));
    }
  }

  void check_kind(std::vector<std::string>& warnings) const {
    const auto known = builtin_modality(modality_.name);
    if (has_spans_in_decoder(modality_.kind)) {
      if (modality_.num_slots % 2 != 0 || modality_.num_slots < 4) {
        throw Error(cat("left out, because it has ", modality_.num_slots, " slots; a sequence has 2 * (max_tokens + 1), an even number from 4 on."));
      }
      if (modality_.ids.empty()) throw Error(cat("left out, because its tensor is ", modality_.tensor_dtype, "; a sequence holds ids (integers)."));
    } else if (modality_.num_slots > max_tokens_of_modality) {
      throw Error(cat("left out, because it has ", modality_.num_slots, " slots, at most ", max_tokens_of_modality, " are supported."));
    }
    if (known && known->kind == ModalityKind::img && known->kind == modality_.kind && known->vocab_size > 0 && modality_.ids.empty()) {
      warnings.push_back(cat("its tensor is ", modality_.tensor_dtype, ", but its tokens are ids (integers). They are shown as unknown."));
    }
  }

  const DumpMembers& members_;
  BatchForm form_;
  DumpedModality modality_;
};

BatchDump read(ZipReader& zip, std::string source_name, const DumpReading& reading) {
  BatchDump dump;
  dump.source_name = std::move(source_name);
  const auto members = read_dump_members(zip, dump.source_name, reading, dump.problems);
  const BatchForm form = common_form(members);
  dump.has_batch_dimension = form.has_batch_dimension;
  if (form.batch_size < 1 || form.batch_size > max_batch_size) {
    throw Error(cat(dump.source_name, ": a batch of ", form.batch_size, " samples, 1 to ", max_batch_size, " were expected. Save another batch."));
  }
  dump.batch_size = static_cast<int>(form.batch_size);
  for (const auto& [name, member] : members) {
    std::vector<std::string> warnings;
    try {
      dump.modalities.push_back(ModalityMaker(name, member, form).make(warnings));
    } catch (const Error& error) {
      dump.problems.push_back({ProblemLevel::error, dump.source_name, "", name, error.what(), ""});
    }
    for (std::string& warning : warnings) dump.problems.push_back({ProblemLevel::warning, dump.source_name, "", name, std::move(warning), ""});
  }
  if (dump.modalities.empty()) {
    const std::string first = dump.problems.empty() ? "it has no members" : to_text(dump.problems.front());
    throw Error(cat(dump.source_name, ": no modality of a masked batch can be read from it. First problem: ", first,
                    dump.problems.empty() ? ". docs/dumps.md shows how to save one." : " docs/dumps.md shows how to save one."));
  }
  add_rule_problems(dump);
  return dump;
}

}  // namespace

BatchDump read_batch_dump(const std::filesystem::path& path, const DumpReading& reading) {
  ZipReader zip(path);
  return read(zip, path.string(), reading);
}

BatchDump parse_batch_dump(std::span<const std::uint8_t> file, std::string_view source_name, const DumpReading& reading) {
  ZipReader zip(file, source_name);
  return read(zip, std::string(source_name), reading);
}

bool is_batch_dump(const std::vector<std::string>& member_names) {
  return std::any_of(member_names.begin(), member_names.end(), [](std::string_view name) {
    if (name.ends_with(".npy")) name.remove_suffix(4);
    return std::any_of(mask_fields.begin(), mask_fields.end(), [&](std::string_view field) { return name.ends_with(cat('/', field)); });
  });
}

std::string dump_sample_key(int sample) { return cat("sample ", sample); }

}  // namespace maskscope
