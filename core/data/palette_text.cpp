#include "core/data/palette_text.h"

#include <algorithm>

#include "core/data/python_number.h"

namespace maskscope {

std::string palette_text(const PythonJson& file, int length, Findings& findings) {
  constexpr const char* cannot_load = "raises an exception when it draws this length: the sample can't be loaded.";
  const std::string key = std::to_string(length);
  const PythonJson* palettes = file.kind == PythonJson::Kind::list && !file.list.empty() ? &file.list.front() : nullptr;
  const PythonJson* palette = palettes ? palettes->find(key) : nullptr;
  if (!palette) {
    throw ContentError(cat("There is no palette of ", key, length == 1 ? " colour" : " colours", " in ",
                           palettes ? palettes->describe() : file.describe(),
                           "; [{\"1\": [[r, g, b]], ..., \"7\": [...]}] was expected. Write the file again."),
                       cannot_load);
  }
  const NumberArray numbers = number_array(*palette, cat("The palette of ", key));
  if (numbers.values.size() != 3 * static_cast<std::size_t>(length)) {
    add_finding(findings, ProblemLevel::warning,
                cat("The palette of ", key, " holds ", numbers.values.size(), " numbers, ", 3 * length,
                    " were expected (red, green and blue of each). The length written is the numbers' count by 3."));
  }
  const auto is_token = [](double value) { return value >= -0.5 && value < 999.5; };
  if (!std::all_of(numbers.values.begin(), numbers.values.end(), is_token)) {
    add_finding(
        findings, ProblemLevel::warning,
        cat("The palette of ", key, " holds numbers beyond 0 .. 999, which are no single tokens. Colours go from 0 to 255."));
  }
  std::string text = "v1=" + rounded_text(static_cast<double>(numbers.values.size()) / 3);
  for (const double value : numbers.values) text += " v0=" + rounded_text(value);
  return text;
}

}  // namespace maskscope
