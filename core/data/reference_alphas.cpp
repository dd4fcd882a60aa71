// The steps before the loaders: names, alphas, the constructor of the masking.
#include <algorithm>
#include <set>

#include "core/data/python_values.h"
#include "core/data/reference_config.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"
#include "core/modality_table.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t max_domains_bytes = 16384;  // far beyond all modalities there are

// As str.split("-"): "a--b" gives an empty part.
std::vector<std::string> split_at_hyphens(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = text.find('-', begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == text.npos) return parts;
    begin = end + 1;
  }
}

std::vector<std::string> sorted_names(HandedDataset& dataset, const char* key, const fs::path& file, ConfigProblems& problems) {
  const YamlNode* names = dataset.config->find(key);
  if (names != nullptr && names->kind == YamlKind::string && names->text.size() <= max_domains_bytes) {
    std::vector<std::string> parts = split_at_hyphens(names->text);
    std::sort(parts.begin(), parts.end());
    for (std::size_t i = 1; i < parts.size(); ++i) {
      if (parts[i] == parts[i - 1]) {
        problems.add(ProblemLevel::warning, file, names->place, parts[i],
                     cat(key, " of data set ", dataset.name, " names it twice. Name it once."),
                     "It counts once, but takes two of the inline alphas.");
      }
    }
    return parts;
  }
  dataset.raises_modalities = true;
  problems.add(
      ProblemLevel::error, file, names != nullptr ? names->place : dataset.place, "",
      cat("Data set ", dataset.name, ": ", key, names != nullptr ? cat(" is ", describe(*names)) : std::string(" is missing"),
          ", but names of modalities joined by hyphens were expected, like rgb@224-caption."),
      "It stops before training begins.");
  return {};
}

void check_names(HandedDataset& dataset, const fs::path& file, ConfigProblems& problems) {
  for (const std::string& name : dataset.all_domains) {
    if (find_table_modality(name) != nullptr) continue;
    dataset.raises_modalities = true;
    const bool has_blanks = name.find(' ') != name.npos;
    problems.add(ProblemLevel::error, file, dataset.place, name,
                 cat("Data set ", dataset.name, " names the modality \"", name, "\", which is not in 4M's table. ",
                     name.empty() ? "There is a hyphen too many."
                     : has_blanks ? "Blanks are part of a name: take them out."
                                  : "Correct the name, or define the modality in a scheme file."),
                 "It stops with a KeyError before training begins, whatever the other data sets hold.");
  }
}

void set_up_inline_side(HandedDataset& dataset, bool is_input, const fs::path& file, ConfigProblems& problems) {
  const char* const key = is_input ? "input_alphas" : "target_alphas";
  const std::vector<std::string>& domains = is_input ? dataset.in_domains : dataset.out_domains;
  const YamlPtr text = dataset.config->share(key);
  if (!text) return;  // 0 for all
  const auto fail = [&](const std::string& sentence, const char* reference) {
    dataset.raises_setup = true;
    problems.add(ProblemLevel::error, file, text->place, "", cat("Data set ", dataset.name, ", ", key, ": ", sentence),
                 reference);
  };
  std::vector<std::string> parts;
  if (text->kind == YamlKind::string) {
    parts = split_at_hyphens(text->text);
  } else if (text->kind == YamlKind::null) {
    fail("null without an alphas_config. Give alphas, or name an alphas file.",
         "It stops with an AttributeError: null has no split().");
    return;
  } else if (text->is_number()) {
    fail(cat("the number ", text->text, " stands without quotes. Write \"", text->text, "\"."),
         "It stops with an AttributeError: a number has no split().");
    parts = {text->text};
  } else {
    fail(cat("found ", describe(*text), ", but one number, or one per sorted domain joined by hyphens, was expected."),
         "It stops.");
    return;
  }
  std::vector<double> numbers;
  for (const std::string& part : parts) {
    const std::optional<double> number = python_float(part);
    if (!number) {
      fail(cat("\"", part, "\" is no number. ",
               part.empty() || part.back() == 'e' || part.back() == 'E'
                   ? "A hyphen separates the numbers, also that of an exponent: write 0.000000001 for 1e-9."
                   : "Write numbers joined by hyphens."),
           "It stops with a ValueError.");
    }
    numbers.push_back(number.value_or(0.0));
  }
  if (numbers.size() > 1 && numbers.size() != domains.size()) {
    problems.add(ProblemLevel::warning, file, text->place, "",
                 cat("Data set ", dataset.name, ", ", key, ": ", numbers.size(), " numbers for ", domains.size(),
                     " domains. Give one number, or one per domain in sorted order."),
                 numbers.size() < domains.size() ? "The last domains get 0." : "The numbers at the end are ignored.");
  }
  for (std::size_t d = 0; d < domains.size() && (numbers.size() == 1 || d < numbers.size()); ++d) {
    const std::size_t part = numbers.size() == 1 ? 0 : d;
    for (HandedModality& modality : dataset.modalities) {
      if (modality.name != domains[d]) continue;
      const HandedList list{make_list({make_number(numbers[part], YamlKind::real, text->place)}, text->place), file, text,
                            static_cast<int>(part)};
      (is_input ? modality.input_alphas : modality.target_alphas) = list;
    }
  }
}

// The value of a modality's key in an alphas file.
HandedList from_alphas_file(HandedDataset& dataset, const std::string& modality, const char* key, const YamlNode* entry,
                            const fs::path& alphas_file, ConfigProblems& problems) {
  if (entry == nullptr) return {};
  const YamlPtr value = entry->share(key);
  if (!value) {
    dataset.raises_setup = true;
    const bool is_keep = std::string_view(key) == "keep";
    problems.add(ProblemLevel::error, alphas_file, entry->place, modality,
                 cat(key, " is missing. ",
                     is_keep ? "Text modalities need one of random, all or binary per mixture component; random is shown."
                             : "Give one number per mixture component; 0 is shown."),
                 "It stops with a KeyError.");
  }
  return {value, alphas_file};
}

}  // namespace

void set_up_from_alphas_file(HandedDataset& dataset, const YamlNode& root, const fs::path& file, ConfigProblems& problems) {
  const auto fail = [&](const YamlPlace& place, const std::string& modality, const std::string& sentence, const char* reference) {
    dataset.raises_setup = true;
    problems.add(ProblemLevel::error, file, place, modality, sentence, reference);
  };
  if (root.kind != YamlKind::map) {
    fail(root.place, "",
         root.kind == YamlKind::null ? std::string("The alphas file is empty. Give the alphas of every modality.")
                                     : cat("The alphas file holds ", describe(root), ", but a map of modalities was expected."),
         "It stops with a TypeError.");
    return;
  }
  const YamlNode* mixture = &root;
  if (root.find("sampling_weights") != nullptr) {
    dataset.sampling_weights = root.share("sampling_weights");
    mixture = root.find("alphas_mixture");
    if (mixture == nullptr) {
      fail(dataset.sampling_weights->place, "",
           "sampling_weights stands here without alphas_mixture. Put the modalities under alphas_mixture.",
           "It stops with a KeyError.");
      mixture = &root;  // they may stand beside it
    }
  } else if (const YamlNode* nested = root.find("alphas_mixture"); nested != nullptr) {
    fail(nested->place, "",
         "alphas_mixture stands here without sampling_weights. Give one weight per mixture component, or move the modalities to "
         "the top.",
         "It looks for the modalities at the top and stops with a KeyError.");
    mixture = nested;
  }
  for (HandedModality& modality : dataset.modalities) {
    if (modality.type.empty()) continue;  // told by check_names
    const YamlNode* entry = mixture->find(modality.name);
    if (entry == nullptr || entry->kind != YamlKind::map) {
      fail(entry != nullptr ? entry->place : mixture->place, modality.name,
           entry == nullptr ? cat("Data set ", dataset.name,
                                  " has this modality among its domains, but the alphas file has no entry for it. Add one, or "
                                  "take it out of the domains.")
                            : cat("The alphas file has ", describe(*entry),
                                  " here, but a map with input_alphas and target_alphas was expected."),
           "It stops with an error.");
      continue;
    }
    modality.input_alphas = from_alphas_file(dataset, modality.name, "input_alphas", entry, file, problems);
    modality.target_alphas = from_alphas_file(dataset, modality.name, "target_alphas", entry, file, problems);
    if (modality.type != "img" && modality.type != "feature_map") {
      modality.keep = from_alphas_file(dataset, modality.name, "keep", entry, file, problems);
    } else if (const YamlNode* keep = entry->find("keep"); keep != nullptr) {
      problems.add(ProblemLevel::note, file, keep->place, modality.name, "keep has no effect on image modalities.",
                   "It ignores it.");
    }
  }
  for (const auto& [key, value] : mixture->entries) {
    if (key->kind != YamlKind::string || value->kind != YamlKind::map || value->find("input_alphas") == nullptr) continue;
    if (!std::binary_search(dataset.all_domains.begin(), dataset.all_domains.end(), key->text)) {
      problems.add(ProblemLevel::note, file, key->place, key->text,
                   cat("These alphas are not used: data set ", dataset.name, " doesn't have the modality among its domains."),
                   "It ignores them.");
    }
  }
}

void split_domains(HandedDataset& dataset, const fs::path& file, ConfigProblems& problems) {
  dataset.in_domains = sorted_names(dataset, "in_domains", file, problems);
  dataset.out_domains = sorted_names(dataset, "out_domains", file, problems);
  std::set<std::string> all(dataset.in_domains.begin(), dataset.in_domains.end());
  all.insert(dataset.out_domains.begin(), dataset.out_domains.end());
  dataset.all_domains.assign(all.begin(), all.end());
  check_names(dataset, file, problems);
}

void set_up_alphas(HandedDataset& dataset, const fs::path& file, ConfigFiles& files, ConfigProblems& problems) {
  const YamlPtr named = dataset.config->share("alphas_config");
  if (is_null(named)) {
    for (HandedModality& modality : dataset.modalities) {
      const YamlPtr zero = make_list({make_number(0.0, YamlKind::real)}, {});
      modality.input_alphas = modality.target_alphas = {zero, {}};
    }
    set_up_inline_side(dataset, true, file, problems);
    set_up_inline_side(dataset, false, file, problems);
    return;
  }
  const auto fail = [&](const std::string& sentence, const char* reference) {
    dataset.raises_setup = true;
    problems.add(ProblemLevel::error, file, named->place, "", cat("Data set ", dataset.name, ", alphas_config: ", sentence),
                 reference);
  };
  if (named->kind != YamlKind::string) {
    fail(cat("found ", describe(*named), ", but the path of an alphas file was expected."), "It stops.");
    return;
  }
  std::optional<fs::path> found = find_named_file(file, named->text);
  if (!found) {
    found = find_named_file(file, named->text + ".yaml");
    fail(found ? cat(named->text, " is not there, but ", named->text, ".yaml is, and is shown. Add .yaml to the name.")
               : cat("there is no file ", named->text,
                     ", neither from the folder of this file nor from one above it. Correct the path, or fetch the file."),
         "It stops with a FileNotFoundError.");
    if (!found) return;
  }
  try {
    const YamlDocument& document = files.read(*found);
    dataset.alphas_file = *found;
    problems.add_remarks(*found, document.remarks);
    set_up_from_alphas_file(dataset, *document.root, *found, problems);
  } catch (const Error& error) {
    fail(error.what(), "It stops with an error.");
  }
}

}  // namespace maskscope
