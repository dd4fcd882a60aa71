#include "app/panels/edit_names.h"

#include "app/i18n/translate.h"

namespace maskscope {
namespace {

// As app/edits.cpp and app/dataset_edits.cpp name them; a test asks for each.
constexpr const char* names[] = {
    tr_later("seed"), tr_later("random numbers"), tr_later("draw number"), tr_later("sampled budgets"), tr_later("direct ratios"), tr_later("transfer"),
    tr_later("input tokens"), tr_later("target tokens"), tr_later("all other tokens are targets"), tr_later("sampling weight"), tr_later("keep scheme"),
    tr_later("encoder slots"), tr_later("decoder slots"), tr_later("bundled scene"), tr_later("bundled tokenizer"), tr_later("text"),
    tr_later("scene's own caption"), tr_later("centre crop"), tr_later("fit whole picture"), tr_later("sample"), tr_later("training"), tr_later("validation"),
    tr_later("close configuration")};
constexpr const char* patterns[] = {
    tr_later("transfer role of {0}"), tr_later("input alpha of {0}"), tr_later("target alpha of {0}"), tr_later("encoder tokens of {0}"),
    tr_later("decoder tokens of {0}"), tr_later("tokens of {0}"), tr_later("preset {0}"), tr_later("open {0}"), tr_later("tokenizer {0}"),
    tr_later("data set {0}"), tr_later("scheme {0}"), tr_later("switch on {0}"), tr_later("switch off {0}"), tr_later("grid {0}")};

}  // namespace

std::string edit_name(std::string_view name) {
  for (const char* known : names) {
    if (name == known) return tr(known);
  }
  for (const char* pattern : patterns) {
    const std::string_view whole = pattern;
    const std::size_t place = whole.find("{0}");
    const std::string_view before = whole.substr(0, place), after = whole.substr(place + 3);
    if (name.size() <= before.size() + after.size() || !name.starts_with(before) || !name.ends_with(after)) continue;
    return fill(tr(pattern), name.substr(before.size(), name.size() - before.size() - after.size()));
  }
  return std::string(name);
}

}  // namespace maskscope
