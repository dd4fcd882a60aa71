// Which kind of configuration a file is, and reading it. Each kind has a file of its own.
#include "core/data/scheme_config.h"

#include <algorithm>
#include <cmath>

#include "core/data/config_reading.h"
#include "core/data/python_values.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"
#include "core/modality_table.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr int max_pixels = 65535;
constexpr int max_register_tokens = 1 << 20;

bool is_alphas_entry(const YamlNode& value) {
  return value.find("input_alphas") != nullptr || value.find("target_alphas") != nullptr;
}

// A file that no kind fits, in words.
Error unknown_kind(const YamlNode& root, const fs::path& file) {
  return Error(cat(file.string(), ": this is YAML, but no configuration of 4M and no scheme: it holds ",
                   root.kind == YamlKind::null ? std::string("nothing") : describe(root),
                   ". Expected a data config (train: datasets: …), an alphas file (a modality: input_alphas: …), a model config "
                   "(num_input_tokens: …, data_config: …) or a scheme file (maskscope_scheme: 1)."));
}

void read_model_config(ConfigReading& reading, const YamlNode& root, const fs::path& file, const MainConfig& main,
                       ConfigProblems& problems) {
  const YamlNode* named = root.find("data_config");
  const auto tell = [&](const std::string& sentence, const char* reference) {
    problems.add(ProblemLevel::error, file, named != nullptr ? named->place : root.place, "", cat("data_config: ", sentence),
                 reference);
  };
  if (named == nullptr || named->kind != YamlKind::string) {
    tell(named == nullptr ? std::string("it is missing, so there is no data set. Name a data config.")
                          : cat("found ", describe(*named), ", but the path of a data config was expected."),
         "It needs one, here or on the command line.");
    return;
  }
  const std::optional<fs::path> found = find_named_file(file, named->text);
  if (!found) {
    tell(cat("there is no file ", named->text,
             ", neither from the folder of this file nor from one above it. Correct the path, or fetch the file."),
         "It stops with a FileNotFoundError.");
    return;
  }
  try {
    const YamlDocument& document = reading.files.read(*found);
    if (config_kind(*document.root) != ConfigKind::data)
      throw Error(cat(found->string(), ": this is no data config: train.datasets is missing."));
    problems.add_remarks(*found, document.remarks);
    read_data_config(reading, document.root, *found, main, problems);
  } catch (const Error& error) {
    tell(error.what(), "It stops.");
  }
}

}  // namespace

std::optional<int> config_integer(const YamlNode& node, int least, int most, std::string& why) {
  double value = node.number;
  if (node.kind == YamlKind::boolean) {
    value = node.is_true ? 1.0 : 0.0;  // as in Python, where True is 1
  } else if (node.kind != YamlKind::integer) {
    const bool is_spelled = node.kind == YamlKind::string && python_float(node.text).has_value();
    why = is_spelled ? cat("is the text \"", node.text, "\" to YAML 1.1; write a whole number without quotes and exponent.")
                     : cat("is ", describe(node), ", but a whole number was expected.");
    return std::nullopt;
  }
  if (!(value >= least && value <= most)) {
    why = cat("is ", describe(node), ", but a number from ", least, " to ", most, " was expected.");
    return std::nullopt;
  }
  return static_cast<int>(value);
}

std::optional<ConfigKind> config_kind(const YamlNode& root) {
  if (root.kind != YamlKind::map) return std::nullopt;
  if (root.find("maskscope_scheme") != nullptr) return ConfigKind::scheme;
  if (root.find("train") != nullptr) return ConfigKind::data;
  if (root.find("data_config") != nullptr || root.find("num_input_tokens") != nullptr ||
      root.find("num_target_tokens") != nullptr)
    return ConfigKind::model;
  if (root.find("alphas_mixture") != nullptr) return ConfigKind::alphas;
  const bool has_alphas =
      std::any_of(root.entries.begin(), root.entries.end(), [](const auto& entry) { return is_alphas_entry(*entry.second); });
  return has_alphas ? std::optional(ConfigKind::alphas) : std::nullopt;
}

MainConfig read_model_settings(const YamlNode& root, const fs::path& file, const MainSettings& defaults,
                               ConfigProblems& problems) {
  MainConfig main{defaults, file, nullptr, nullptr, nullptr, nullptr};
  // argparse turns a text into the number it spells; null keeps what it is.
  const auto read = [&](const char* key, int least, int most) -> std::optional<int> {
    const YamlNode* node = root.find(key);
    if (node == nullptr || node->kind == YamlKind::null) return std::nullopt;
    YamlNode number = *node;
    if (node->kind == YamlKind::string) {
      number.is_quoted = false;
      if (!resolve_plain_scalar(number).empty() || number.kind != YamlKind::integer) number = *node;
    }
    std::string why;
    const std::optional<int> value = config_integer(number, least, most, why);
    if (!value)
      problems.add(ProblemLevel::error, file, node->place, "", cat(key, " ", why, " The default is shown."), "It stops.");
    if (const std::string surprise = number_surprise(*node); !surprise.empty()) {
      problems.add(ProblemLevel::warning, file, node->place, "", cat(key, ": ", surprise, " Write the number without it."),
                   "It takes that number.");
    }
    return value;
  };
  const auto set = [&](const char* key, int& out, int least, int most, YamlPtr* place) {
    const std::optional<int> value = read(key, least, most);
    if (!value) return;
    out = *value;
    if (place != nullptr) *place = root.share(key);
  };
  MainSettings& settings = main.settings;
  set("num_input_tokens", settings.num_input_tokens, 1, max_tokens_together, &main.num_input_tokens);
  set("num_target_tokens", settings.num_target_tokens, 1, max_tokens_together, &main.num_target_tokens);
  set("input_size", settings.input_size, 1, max_pixels, nullptr);
  set("patch_size", settings.patch_size, 1, max_pixels, nullptr);
  set("num_register_tokens", settings.num_register_tokens, 0, max_register_tokens, nullptr);
  if (const auto least = read("min_input_tokens", 0, max_tokens_together)) {
    settings.min_input_tokens = least;
    main.min_input_tokens = root.share("min_input_tokens");
  }
  if (const auto least = read("min_target_tokens", 0, max_tokens_together)) {
    settings.min_target_tokens = least;
    main.min_target_tokens = root.share("min_target_tokens");
  }
  return main;
}

void read_alphas_config(ConfigReading& reading, const YamlNode& root, const fs::path& file, const MainConfig& main,
                        ConfigProblems& problems) {
  const YamlNode* mixture = root.find("alphas_mixture");
  HandedConfig config;
  HandedDataset& dataset = config.datasets.emplace_back();
  dataset.name = file.stem().string();
  dataset.place = root.place;
  auto empty = std::make_shared<YamlNode>();
  empty->kind = YamlKind::map;
  dataset.config = std::move(empty);
  dataset.alphas_file = file;
  constexpr std::size_t max_modalities = 256;
  for (const auto& [key, value] : (mixture != nullptr ? *mixture : root).entries) {
    if (key->kind != YamlKind::string || value->kind != YamlKind::map) continue;
    if (dataset.all_domains.size() == max_modalities)
      throw Error(cat(file.string(), ": more than ", max_modalities, " modalities. At most that many are read."));
    const std::optional<Modality> modality = configured_modality(key->text, {main.settings.input_size, main.settings.patch_size});
    if (!modality) {
      problems.add(ProblemLevel::warning, file, key->place, key->text,
                   "It is not in 4M's table of modalities, and left out here. Correct the name, or define it in a scheme file.",
                   "It ignores it as long as no data set names it.");
      continue;
    }
    dataset.all_domains.push_back(key->text);
    dataset.in_domains.push_back(key->text);
    if (modality->has_decoder_embedding) dataset.out_domains.push_back(key->text);
    HandedModality& handed = dataset.modalities.emplace_back();
    handed.name = key->text;
    handed.type = to_string(modality->kind);
    handed.min_tokens = modality->min_tokens;
    handed.max_tokens = modality->max_tokens;
  }
  for (auto* names : {&dataset.all_domains, &dataset.in_domains, &dataset.out_domains}) std::sort(names->begin(), names->end());
  config.in_domains = dataset.in_domains;
  config.out_domains = dataset.out_domains;
  config.all_domains = dataset.all_domains;
  set_up_from_alphas_file(dataset, root, file, problems);
  check_masking(dataset, file, problems);
  const MainSettings& settings = main.settings;
  dataset.training.loader = "shards";  // which take the weights
  dataset.training.has_sampling_weights = !is_null(dataset.sampling_weights);
  dataset.training.input_tokens = {make_integer(settings.min_input_tokens.value_or(settings.num_input_tokens)),
                                   make_integer(settings.num_input_tokens)};
  dataset.training.target_tokens = {make_integer(settings.min_target_tokens.value_or(settings.num_target_tokens)),
                                    make_integer(settings.num_target_tokens)};
  DerivedDataset derived = derive_dataset(config, dataset, true, main, file, problems);
  derived.dataset.uses_shards = false;
  reading.config.training.push_back(std::move(derived.dataset));
  reading.places.push_back(std::move(derived.places));
}

ConfigReading read_config_places(const fs::path& path, const std::optional<MainSettings>& settings,
                                 std::map<fs::path, std::string> texts) {
  ConfigReading reading;
  reading.files = ConfigFiles(std::move(texts));
  ConfigProblems problems;
  const YamlDocument& document = reading.files.read(path);
  const std::optional<ConfigKind> kind = config_kind(*document.root);
  if (!kind) throw unknown_kind(*document.root, path);
  problems.add_remarks(path, document.remarks);
  LoadedConfig& config = reading.config;
  config.kind = *kind;
  config.path = path;
  MainConfig main{settings.value_or(MainSettings{}), {}, nullptr, nullptr, nullptr, nullptr};
  switch (*kind) {
    case ConfigKind::model:
      main = read_model_settings(*document.root, path, main.settings, problems);
      read_model_config(reading, *document.root, path, main, problems);
      break;
    case ConfigKind::data: read_data_config(reading, document.root, path, main, problems); break;
    case ConfigKind::alphas: read_alphas_config(reading, *document.root, path, main, problems); break;
    case ConfigKind::scheme: read_scheme_file(reading, *document.root, path, problems); break;
  }
  if (*kind != ConfigKind::scheme) config.settings = main.settings;
  config.files = reading.files.paths();
  config.problems = problems.take();
  return reading;
}

LoadedConfig read_config(const fs::path& path, const std::optional<MainSettings>& settings) {
  return std::move(read_config_places(path, settings, {}).config);
}

bool looks_like_config(std::string_view text) {
  try {
    return config_kind(*read_yaml(text, "text").root).has_value();
  } catch (const Error&) {
    return false;
  }
}

}  // namespace maskscope
