// What the constructor of UnifiedMasking in fourm/data/masking.py refuses.
#include <cmath>
#include <string_view>

#include "core/data/python_values.h"
#include "core/data/reference_config.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"

namespace maskscope {
namespace fs = std::filesystem;
namespace {

constexpr double largest_int64 = 9.2e18;

class MaskingCheck {
 public:
  MaskingCheck(HandedDataset& dataset, const fs::path& file, ConfigProblems& problems)
      : dataset_(dataset), file_(file), problems_(problems) {}

  void run() {
    for (const HandedModality& modality : dataset_.modalities) check_limits(modality);
    const std::optional<std::size_t> inputs = components("input_alphas", &HandedModality::input_alphas);
    const std::optional<std::size_t> targets = components("target_alphas", &HandedModality::target_alphas);
    if (!inputs || !targets) return;
    if (*inputs != *targets) {
      fail(dataset_.alphas_file, {}, "",
           cat("input_alphas have ", *inputs, " entries and target_alphas ", *targets,
               ". Give both one entry per mixture component."),
           "It stops with an AssertionError.");
    }
    check_weights(*inputs);
  }

 private:
  void fail(const fs::path& file, const YamlPlace& place, const std::string& modality, const std::string& sentence,
            const char* reference) {
    dataset_.raises_masking = true;
    problems_.add(ProblemLevel::error, file.empty() ? file_ : file, place, modality, sentence, reference);
  }

  void check_limits(const HandedModality& modality) {
    if (modality.type.empty() || (modality.min_tokens && modality.max_tokens)) return;
    fail(file_, dataset_.place, modality.name,
         cat("Data set ", dataset_.name, " names ", modality.name,
             ", which 4M trains tokenizers on and gives no token limits. Did you mean ",
             modality.name == "rgb" ? "rgb@224" : "its tokenized form", "?"),
         "It stops with a KeyError when the masking is set up.");
  }

  // Whether torch.tensor takes the item as a number.
  bool check_item(const YamlNode& item, const HandedList& list, const char* key, const std::string& modality) {
    if (item.kind == YamlKind::boolean) return true;
    if (item.is_number()) {
      if (std::isnan(item.number) || (item.kind == YamlKind::integer && std::abs(item.number) > largest_int64)) {
        fail(list.file, item.place, modality, cat(key, " has ", describe(item), ". Give a number from 0 to 1e9."),
             "It stops with an error.");
        return false;
      }
      return true;
    }
    const bool is_spelled = item.kind == YamlKind::string && python_float(item.text).has_value();
    fail(list.file, item.place, modality,
         is_spelled ? cat(key, ": ", item.text, " is a text to YAML 1.1, where an exponent needs a point and a sign. Write ",
                          std::isfinite(*python_float(item.text)) ? yaml_float(*python_float(item.text))
                                                                  : std::string("a finite number"),
                          ".")
                    : cat(key, " has ", describe(item), ", but a number was expected."),
         "It stops with a ValueError, because PyTorch makes no tensor of texts.");
    return false;
  }

  // How many components all modalities have; nullopt: it fails.
  std::optional<std::size_t> components(const char* key, HandedList HandedModality::*side) {
    std::optional<std::size_t> count;
    bool is_fine = true;
    const HandedModality* first = nullptr;
    for (const HandedModality& modality : dataset_.modalities) {
      const HandedList& list = modality.*side;
      if (!list.value) return std::nullopt;  // told before
      if (list.value->kind != YamlKind::list) {
        fail(list.file, list.value->place, modality.name,
             cat(key, " is ", describe(*list.value),
                 ", but a list with one number per mixture component was expected. Put it in brackets."),
             "It stops when it makes a tensor of the alphas.");
        is_fine = false;
        continue;
      }
      for (const YamlPtr& item : list.value->items) is_fine = check_item(*item, list, key, modality.name) && is_fine;
      if (!count) {
        count = list.value->items.size();
        first = &modality;
      } else if (*count != list.value->items.size()) {
        fail(list.file, list.value->place, modality.name,
             cat(key, " has ", list.value->items.size(), " entries, but that of ", first->name, " has ", *count,
                 ". All need one per mixture component."),
             "It stops with a ValueError, because PyTorch makes no tensor of lists of unequal length.");
        is_fine = false;
      }
    }
    return is_fine ? count : std::nullopt;
  }

  void check_weights(std::size_t num_components) {
    const YamlPtr& weights = dataset_.sampling_weights;
    if (is_null(weights)) return;
    const char* const reference = "It stops when the masking is set up.";
    if (weights->kind != YamlKind::list) {
      fail(dataset_.alphas_file, weights->place, "",
           cat("sampling_weights is ", describe(*weights), ", but a list with one number per mixture component was expected."),
           reference);
      return;
    }
    if (weights->items.size() != num_components) {
      fail(dataset_.alphas_file, weights->place, "",
           cat("sampling_weights has ", weights->items.size(), " entries for ", num_components,
               " mixture components. Give one per component."),
           "It stops with an AssertionError.");
    }
    for (const YamlPtr& item : weights->items) {
      if (item->is_number() || item->kind == YamlKind::boolean) continue;
      fail(dataset_.alphas_file, item->place, "", cat("sampling_weights has ", describe(*item), ", but a number was expected."),
           reference);
    }
  }

  HandedDataset& dataset_;
  const fs::path& file_;
  ConfigProblems& problems_;
};

}  // namespace

void check_masking(HandedDataset& dataset, const fs::path& file, ConfigProblems& problems) {
  MaskingCheck(dataset, file, problems).run();
}

}  // namespace maskscope
