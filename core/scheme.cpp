#include "core/scheme.h"

namespace maskscope {

std::string_view to_string(KeepScheme keep) {
  switch (keep) {
    case KeepScheme::random: return "random";
    case KeepScheme::all: return "all";
    case KeepScheme::binary: return "binary";
  }
  return "unknown";
}

std::string_view to_string(BudgetMode mode) {
  switch (mode) {
    case BudgetMode::sampled: return "sampled";
    case BudgetMode::direct: return "direct";
    case BudgetMode::transfer: return "transfer";
  }
  return "unknown";
}

int Scheme::num_components() const {
  return modalities.empty() ? 0 : static_cast<int>(modalities.front().input_alphas.size());
}

int Scheme::find(std::string_view modality_name) const {
  for (int m = 0; m < num_modalities(); ++m) {
    if (modalities[static_cast<std::size_t>(m)].modality.name == modality_name) return m;
  }
  return -1;
}

}  // namespace maskscope
