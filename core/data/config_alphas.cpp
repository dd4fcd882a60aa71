#include "core/data/config_alphas.h"

#include <algorithm>
#include <cmath>

#include "core/data/python_values.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr double max_alpha = 1e9;  // as validate() in core/scheme_validate.cpp
constexpr std::size_t max_components = 256;

struct Alphas {
  const HandedList& list;
  const char* key;
  const std::string& modality;
};

const fs::path& file_of(const HandedList& list, const fs::path& file) { return list.file.empty() ? file : list.file; }

// Texts and their like were told by check_masking.
double alpha_of(const YamlNode& node, const Alphas& alphas, const fs::path& file, ConfigProblems& problems, bool& is_usable) {
  double alpha = node.kind == YamlKind::boolean ? (node.is_true ? 1.0 : 0.0) : node.number;
  if (node.kind == YamlKind::string) alpha = python_float(node.text).value_or(0.0);
  const auto tell = [&](ProblemLevel level, const std::string& sentence, const std::string& reference) {
    problems.add(level, file_of(alphas.list, file), node.place, alphas.modality, cat(alphas.key, ": ", sentence), reference);
  };
  if (const std::string surprise = number_surprise(node); !surprise.empty()) {
    tell(ProblemLevel::warning, surprise + " Write the number without it.", "It takes that number.");
  }
  if (std::isnan(alpha)) return 0.0;  // told by check_masking
  if (std::isinf(alpha)) {
    is_usable = false;
    tell(ProblemLevel::error, "an infinite alpha makes no distribution. Give a number up to 1e9.",
         "It draws budgets that are no numbers.");
  } else if (alpha > max_alpha) {
    tell(ProblemLevel::warning, cat(alpha, " is shown as 1e9, which gives the same budgets."), "");
  } else if (alpha < 0.0) {
    tell(ProblemLevel::warning, cat(alpha, " is below 0 and shown as 0."), "It raises every alpha to 1e-9 without a word.");
  }
  return std::clamp(alpha, 0.0, max_alpha);
}

// The items of a list, or the value itself where a list was expected.
std::vector<YamlPtr> items_of(const HandedList& list) {
  if (!list.value) return {};
  if (list.value->kind == YamlKind::list) return list.value->items;
  return {list.value};
}

void fill_alphas(std::vector<double>& out, std::vector<NumberPlace>& places, const Alphas& alphas, std::size_t num_components,
                 const fs::path& file, ConfigProblems& problems, bool& is_usable) {
  const std::vector<YamlPtr> items = items_of(alphas.list);
  out.assign(num_components, 0.0);
  places.assign(num_components, {});
  for (std::size_t c = 0; c < std::min(num_components, items.size()); ++c) {
    out[c] = alpha_of(*items[c], alphas, file, problems, is_usable);
    if (alphas.list.inline_text) {
      places[c] = {alphas.list.file, alphas.list.inline_text, alphas.list.inline_part};
    } else if (!alphas.list.file.empty()) {
      places[c] = {alphas.list.file, items[c]};
    }
  }
}

std::optional<KeepScheme> keep_of(const YamlNode& node) {
  for (const KeepScheme keep : {KeepScheme::random, KeepScheme::all, KeepScheme::binary}) {
    if (node.kind == YamlKind::string && node.text == to_string(keep)) return keep;
  }
  return std::nullopt;
}

void fill_keep(SchemeModality& entry, ModalityPlaces& places, const HandedModality& handed, const fs::path& file,
               ConfigProblems& problems, bool& is_usable) {
  const std::size_t num_components = entry.input_alphas.size();
  entry.keep.assign(num_components, KeepScheme::random);
  places.keep.assign(num_components, {});
  if (!handed.keep.value || entry.modality.kind == ModalityKind::img) return;
  const auto tell = [&](const YamlNode& node, const std::string& sentence, const char* reference) {
    is_usable = false;
    problems.add(ProblemLevel::error, file_of(handed.keep, file), node.place, handed.name, cat("keep: ", sentence), reference);
  };
  const YamlNode& list = *handed.keep.value;
  if (list.kind != YamlKind::list) {
    tell(list, cat("found ", describe(list), ", but a list with random, all or binary per mixture component was expected."),
         "It stops with an error when it masks a text.");
    return;
  }
  if (list.items.size() != num_components) {
    tell(list, cat(list.items.size(), " entries for ", num_components, " mixture components. Give one per component."),
         list.items.size() < num_components ? "It stops with an IndexError once a component without an entry is drawn."
                                            : "It ignores the rest.");
    is_usable = is_usable && list.items.size() > num_components;
  }
  for (std::size_t c = 0; c < std::min(num_components, list.items.size()); ++c) {
    const std::optional<KeepScheme> keep = keep_of(*list.items[c]);
    if (!keep) {
      tell(*list.items[c], cat("found ", describe(*list.items[c]), ", but random, all or binary was expected."),
           "It stops with a ValueError once this component is drawn.");
    }
    entry.keep[c] = keep.value_or(KeepScheme::random);
    places.keep[c] = {handed.keep.file, list.items[c]};
  }
}

}  // namespace

bool fill_mixture(SchemeModality& entry, ModalityPlaces& places, const HandedModality& handed, std::size_t num_components,
                  const fs::path& file, ConfigProblems& problems) {
  bool is_usable = true;
  fill_alphas(entry.input_alphas, places.input_alphas, {handed.input_alphas, "input_alphas", handed.name}, num_components, file,
              problems, is_usable);
  fill_alphas(entry.target_alphas, places.target_alphas, {handed.target_alphas, "target_alphas", handed.name}, num_components,
              file, problems, is_usable);
  fill_keep(entry, places, handed, file, problems, is_usable);
  return is_usable;
}

std::size_t count_components(const HandedDataset& dataset, const fs::path& file, ConfigProblems& problems) {
  std::size_t count = 0;
  for (const HandedModality& modality : dataset.modalities) {
    count = std::max({count, items_of(modality.input_alphas).size(), items_of(modality.target_alphas).size()});
  }
  if (count > max_components) {
    problems.add(ProblemLevel::error, dataset.alphas_file.empty() ? file : dataset.alphas_file,
                 cat("The alphas have ", count, " mixture components. The first ", max_components, " are shown."));
  }
  return std::clamp<std::size_t>(count, 1, max_components);
}

bool fill_weights(Scheme& scheme, SchemePlaces& places, const HandedDataset& dataset, std::size_t num_components,
                  ConfigProblems& problems) {
  const YamlPtr& weights = dataset.sampling_weights;
  if (is_null(weights)) return true;
  // Wrong kinds and lengths were told by check_masking.
  if (weights->kind != YamlKind::list || weights->items.size() != num_components) return false;
  double sum = 0.0;
  for (const YamlPtr& item : weights->items) {
    const double weight = item->kind == YamlKind::boolean ? (item->is_true ? 1.0 : 0.0) : item->number;
    if (!item->is_number() && item->kind != YamlKind::boolean) return false;
    if (!(weight >= 0.0)) sum = -1.0;
    if (sum >= 0.0) sum += weight;
  }
  if (!(sum > 0.0) || !std::isfinite(sum)) {
    problems.add(
        ProblemLevel::error, dataset.alphas_file, weights->place, "",
        "sampling_weights must be finite numbers, none below 0 and one above. All components are shown with the same weight.",
        "It stops when it draws a component.");
    return false;
  }
  for (const YamlPtr& item : weights->items) {
    scheme.sampling_weights.push_back(item->kind == YamlKind::boolean ? (item->is_true ? 1.0 : 0.0) : item->number);
    places.sampling_weights.push_back({dataset.alphas_file, item});
  }
  return true;
}

}  // namespace maskscope
