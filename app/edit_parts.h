// What several edits do alike.
#pragma once

#include <cstddef>
#include <filesystem>

#include "app/document.h"
#include "core/error.h"

namespace maskscope::edits {

// A component of the document's mixture. Throws Error when there is none of this number, from 0.
inline std::size_t component_in(const Document& document, int component) {
  const int count = document.scheme.num_components();
  if (component < 0 || component >= count) {
    throw Error(cat("mixture component: found ", component + 1, ", expected a number from 1 to ", count, "."));
  }
  return static_cast<std::size_t>(component);
}

// So that a saved session opens from any folder. An empty name stays empty: loading says what is wrong with it.
inline std::filesystem::path absolute_path(const std::filesystem::path& path) {
  std::error_code failure;
  const std::filesystem::path whole = std::filesystem::absolute(path, failure);
  return failure ? path : whole;
}

}  // namespace maskscope::edits
