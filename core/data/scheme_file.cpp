// Scheme files of this program: everything that a Scheme holds, modalities of one's own included. docs/schemes.md has the format.
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "core/data/config_reading.h"
#include "core/data/utf8.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr int format_version = 1;
constexpr std::size_t max_modalities = 256;
constexpr std::size_t max_components = 4096;
constexpr int most = 1 << 30;  // validate() knows the closer limits

// One map of the file, whose keys must be known.
class Fields {
 public:
  Fields(const YamlNode& map, const fs::path& file, std::string path, std::initializer_list<std::string_view> known)
      : map_(map), file_(file), path_(std::move(path)) {
    if (map.kind != YamlKind::map) fail(map, cat("is ", describe(map), ", but a map was expected."));
    for (const auto& [key, value] : map.entries) {
      if (key->kind == YamlKind::string && std::find(known.begin(), known.end(), key->text) != known.end()) continue;
      std::string list;
      for (const std::string_view name : known) list += cat(list.empty() ? "" : ", ", name);
      throw Error(cat(at_place(file.string(), key->place), ": ", dotted(key->text),
                      " is no key of a scheme file. The keys here are: ", list, "."));
    }
  }

  const YamlNode* find(const char* key) const { return map_.find(key); }
  YamlPtr share(const char* key) const { return map_.share(key); }
  const YamlNode& need(const char* key) const {
    const YamlNode* value = map_.find(key);
    if (value == nullptr) throw Error(cat(at_place(file_.string(), map_.place), ": ", dotted(key), " is missing."));
    return *value;
  }

  void read(const char* key, int& out) const {
    const YamlNode* value = find(key);
    if (value == nullptr) return;
    std::string why;
    const std::optional<int> number = config_integer(*value, -most, most, why);
    if (!number) throw Error(cat(at_place(file_.string(), value->place), ": ", dotted(key), " ", why));
    out = *number;
  }
  void read(const char* key, bool& out) const {
    const YamlNode* value = find(key);
    if (value == nullptr) return;
    if (value->kind != YamlKind::boolean) fail(*value, cat("is ", describe(*value), ", but true or false was expected."), key);
    out = value->is_true;
  }
  void read(const char* key, std::string& out) const {
    const YamlNode* value = find(key);
    if (value == nullptr) return;
    if (value->kind != YamlKind::string)
      fail(*value, cat("is ", describe(*value), ", but a text was expected; put it in quotes."), key);
    out = value->text;
  }
  // A word of an enumeration.
  template <class Enum>
  void read_word(const char* key, Enum& out, std::initializer_list<Enum> values) const {
    const YamlNode* value = find(key);
    if (value != nullptr) out = word(*value, dotted(key), values);
  }
  template <class Enum>
  Enum word(const YamlNode& value, const std::string& name, std::initializer_list<Enum> values) const {
    std::string words;
    for (const Enum candidate : values) {
      if (value.kind == YamlKind::string && value.text == to_string(candidate)) return candidate;
      words += cat(words.empty() ? "" : ", ", to_string(candidate));
    }
    throw Error(cat(at_place(file_.string(), value.place), ": ", name, " is ", describe(value), ", but one of ", words,
                    " was expected."));
  }
  // A list; empty when the key is not there.
  const std::vector<YamlPtr>& list(const char* key, std::size_t limit) const {
    static const std::vector<YamlPtr> none;
    const YamlNode* value = find(key);
    if (value == nullptr) return none;
    if (value->kind != YamlKind::list) fail(*value, cat("is ", describe(*value), ", but a list was expected."), key);
    if (value->items.size() > limit)
      fail(*value, cat("has ", value->items.size(), " entries. At most ", limit, " are read."), key);
    return value->items;
  }
  void read_numbers(const char* key, std::vector<double>& out, std::vector<NumberPlace>& places) const {
    for (const YamlPtr& item : list(key, max_components)) {
      if (!item->is_number())
        fail(*item, cat("has ", describe(*item), ", but a number was expected. With an exponent, write 1.0e-9."), key);
      out.push_back(item->number);
      places.push_back({file_, item});
    }
  }
  TokenRange range(const char* key, NumberPlace& low, NumberPlace& high) const {
    const YamlNode& value = need(key);
    const std::vector<YamlPtr>& items = list(key, 2);
    std::string why;
    if (items.size() != 2)
      fail(value, cat("is ", describe(value), ", but two numbers, the least and the most tokens, were expected."), key);
    TokenRange out;
    for (const auto& [item, number] : {std::pair(items[0], &out.low), std::pair(items[1], &out.high)}) {
      const std::optional<int> found = config_integer(*item, -most, most, why);
      if (!found) throw Error(cat(at_place(file_.string(), item->place), ": ", dotted(key), " ", why));
      *number = *found;
    }
    low = {file_, items[0]};
    high = {file_, items[1]};
    return out;
  }
  std::string dotted(const std::string& key) const { return path_.empty() ? key : cat(path_, ".", key); }

 private:
  [[noreturn]] void fail(const YamlNode& value, const std::string& sentence, const char* key = "") const {
    const std::string name = *key != '\0' ? dotted(key) : path_.empty() ? std::string("the file") : path_;
    throw Error(cat(at_place(file_.string(), value.place), ": ", name, " ", sentence));
  }
  const YamlNode& map_;
  const fs::path& file_;
  std::string path_;
};

std::string first_characters(const std::string& name, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count && end < name.size(); ++i) next_code_point(name, end);
  return name.substr(0, end);
}

// Built in, or all of the file's own.
Modality read_modality(const Fields& fields, const std::string& name) {
  const std::optional<Modality> builtin = builtin_modality(name);
  Modality modality;
  if (builtin) {
    modality = *builtin;
  } else {
    modality.name = name;
    modality.short_name = first_characters(name, 5);
    modality.id = modality_id(name);
    fields.need("kind");
  }
  fields.read_word("kind", modality.kind, {ModalityKind::img, ModalityKind::seq, ModalityKind::seq_token, ModalityKind::seq_emb});
  if (!builtin && modality.kind == ModalityKind::seq_emb) modality.has_decoder_embedding = false;
  fields.read("short_name", modality.short_name);
  fields.read("id", modality.id);
  fields.read("min_tokens", modality.min_tokens);
  fields.read("vocab_size", modality.vocab_size);
  fields.read("vocab_offset", modality.vocab_offset);
  fields.read("input_size", modality.input_size);
  fields.read("patch_size", modality.patch_size);
  fields.read("num_channels", modality.num_channels);
  fields.read("max_positions", modality.max_positions);
  fields.read("learned_positions", modality.has_learned_positions);
  fields.read("encoder_embedding", modality.has_encoder_embedding);
  fields.read("decoder_embedding", modality.has_decoder_embedding);
  const bool has_sizes = fields.find("input_size") != nullptr || fields.find("patch_size") != nullptr;
  constexpr int max_side = 255;  // of a grid: 65025 tokens
  if (has_sizes && modality.grid_side() > 0 && modality.grid_side() <= max_side)
    modality.max_tokens = modality.grid_side() * modality.grid_side();
  fields.read("max_tokens", modality.max_tokens);
  if (modality.max_tokens == 0) fields.need("max_tokens");
  return modality;
}

SchemeModality read_entry(const YamlNode& map, const std::string& name, const fs::path& file, ModalityPlaces& places) {
  const Fields fields(map, file, cat("modalities.", name),
                      {"kind",
                       "short_name",
                       "id",
                       "min_tokens",
                       "max_tokens",
                       "vocab_size",
                       "vocab_offset",
                       "input_size",
                       "patch_size",
                       "num_channels",
                       "max_positions",
                       "learned_positions",
                       "encoder_embedding",
                       "decoder_embedding",
                       "in",
                       "out",
                       "input_alphas",
                       "target_alphas",
                       "keep",
                       "encoder_tokens",
                       "decoder_tokens",
                       "role"});
  SchemeModality entry;
  entry.modality = read_modality(fields, name);
  entry.is_in_domain = entry.modality.has_encoder_embedding;
  entry.is_out_domain = entry.modality.has_decoder_embedding;
  fields.read("in", entry.is_in_domain);
  fields.read("out", entry.is_out_domain);
  fields.need("input_alphas");
  fields.need("target_alphas");
  fields.read_numbers("input_alphas", entry.input_alphas, places.input_alphas);
  fields.read_numbers("target_alphas", entry.target_alphas, places.target_alphas);
  if (fields.find("keep") == nullptr) {
    entry.keep.assign(entry.input_alphas.size(), KeepScheme::random);
    places.keep.assign(entry.keep.size(), {});
  }
  for (const YamlPtr& item : fields.list("keep", max_components)) {
    entry.keep.push_back(fields.word(*item, fields.dotted("keep"), {KeepScheme::random, KeepScheme::all, KeepScheme::binary}));
    places.keep.push_back({file, item});
  }
  fields.read("encoder_tokens", entry.direct_encoder_tokens);
  fields.read("decoder_tokens", entry.direct_decoder_tokens);
  places.direct_encoder_tokens = {file, fields.share("encoder_tokens")};
  places.direct_decoder_tokens = {file, fields.share("decoder_tokens")};
  if (const YamlNode* role = fields.find("role")) {
    const bool is_input = role->kind == YamlKind::string && role->text == "input";
    if (!is_input && !(role->kind == YamlKind::string && role->text == "target")) {
      throw Error(cat(at_place(file.string(), role->place), ": ", fields.dotted("role"), " is ", describe(*role),
                      ", but input or target was expected."));
    }
    entry.transfer_role = is_input ? TransferRole::input : TransferRole::target;
  }
  return entry;
}

}  // namespace

void read_scheme_file(ConfigReading& reading, const YamlNode& root, const fs::path& file, ConfigProblems&) {
  const Fields fields(root, file, "",
                      {"maskscope_scheme", "name", "mode", "input_tokens", "target_tokens", "encoder_slots", "decoder_slots",
                       "max_tries", "sampling_weights", "modalities"});
  int version = 0;
  fields.read("maskscope_scheme", version);
  if (version != format_version) {
    throw Error(cat(at_place(file.string(), fields.need("maskscope_scheme").place), ": maskscope_scheme is ", version,
                    ", but this program reads version ", format_version, ". Use a newer program, or write the scheme anew."));
  }
  ConfigDataset dataset;
  SchemePlaces places;
  Scheme& scheme = dataset.scheme;
  scheme.name = file.stem().string();
  fields.read("name", scheme.name);
  fields.read_word("mode", scheme.mode, {BudgetMode::sampled, BudgetMode::direct, BudgetMode::transfer});
  scheme.input_tokens = fields.range("input_tokens", places.input_low, places.input_high);
  const YamlNode& targets = fields.need("target_tokens");
  if (targets.kind == YamlKind::string && targets.text == "all") {
    scheme.target_tokens = std::nullopt;
  } else {
    scheme.target_tokens = fields.range("target_tokens", places.target_low, places.target_high);
  }
  fields.need("encoder_slots");
  fields.need("decoder_slots");
  fields.read("encoder_slots", scheme.encoder_slots);
  fields.read("decoder_slots", scheme.decoder_slots);
  fields.read("max_tries", scheme.max_tries);
  places.encoder_slots = {file, fields.share("encoder_slots")};
  places.decoder_slots = {file, fields.share("decoder_slots")};
  places.max_tries = {file, fields.share("max_tries")};
  fields.read_numbers("sampling_weights", scheme.sampling_weights, places.sampling_weights);
  const YamlNode& modalities = fields.need("modalities");
  if (modalities.kind != YamlKind::map || modalities.entries.size() > max_modalities) {
    throw Error(cat(at_place(file.string(), modalities.place), ": modalities is ", describe(modalities), ", but a map of 1 to ",
                    max_modalities, " modalities was expected."));
  }
  for (const auto& [name, entry] : modalities.entries) {
    scheme.modalities.push_back(read_entry(*entry, name->text, file, places.modalities[name->text]));
    const SchemeModality& added = scheme.modalities.back();
    if (added.is_in_domain) dataset.in_domains.push_back(name->text);
    if (added.is_out_domain) dataset.out_domains.push_back(name->text);
  }
  std::sort(scheme.modalities.begin(), scheme.modalities.end(),
            [](const SchemeModality& a, const SchemeModality& b) { return a.modality.name < b.modality.name; });
  std::sort(dataset.in_domains.begin(), dataset.in_domains.end());
  std::sort(dataset.out_domains.begin(), dataset.out_domains.end());
  try {
    validate(scheme);
  } catch (const Error& error) {
    throw Error(cat(file.string(), ": ", error.what()));
  }
  dataset.name = scheme.name;
  MainSettings& settings = reading.config.settings;
  settings.num_input_tokens = scheme.encoder_slots;
  settings.num_target_tokens = scheme.decoder_slots;
  reading.config.training.push_back(std::move(dataset));
  reading.places.push_back(std::move(places));
}

}  // namespace maskscope
