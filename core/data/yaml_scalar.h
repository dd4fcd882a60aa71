// What a plain scalar of YAML 1.1 is, decided as PyYAML 6.0 does: by its resolver's patterns and its safe constructors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/data/yaml_node.h"

namespace maskscope {

// Sets kind, is_true and number of a node from its text, as for a scalar without quotes or tag. "1_000" is the integer 1000,
// "010" the integer 8, "1:30" the integer 90, "1e-9" and "1.0e3" are strings (an exponent needs a point and a sign), "on" is
// true. Returns a sentence when Python would raise ("0x_" looks like a number and is none), else an empty text.
std::string resolve_plain_scalar(YamlNode& node);

// Python's float("…"): blanks around it, single underscores between digits, "inf", "nan"; nullopt: ValueError.
std::optional<double> python_float(std::string_view text);

// Why a number may not be the one its writer meant ("010", "1:30"), as a sentence; else an empty text.
std::string number_surprise(const YamlNode& node);

// A number so that YAML 1.1 and Python read it back equal, as a float: "0.5", "5.0", "1.0e-09". number: finite.
std::string yaml_float(double number);

}  // namespace maskscope
