// Numbers as Python computes and writes them: what the reference's texts are made of.
#pragma once

#include <string>
#include <vector>

#include "core/data/python_json.h"

namespace maskscope {

// An int, a float, or a bool (which is an int that is written True or False).
struct PythonNumber {
  PythonJson::Kind kind = PythonJson::Kind::integer;  // boolean, integer or floating
  double value = 0.0;
};

// str(number): "3", "3.0", "1e-05", "True". Python writes the shortest digits that read back the same.
std::string python_text(PythonNumber number);
// number // divisor for divisor > 0: an int stays an int, a float a float.
PythonNumber floor_divide(PythonNumber number, int divisor);
// max(least, min(number, most)), which gives an int where a limit stands, and least for NaN.
PythonNumber clamp(PythonNumber number, int least, int most);
// str(round(value)): halves to even, exact however large. Throws ContentError for NaN and infinity, as Python does.
std::string rounded_text(double value);

// numpy.array(value).flatten(): numbers of lists nested evenly. is_all_integers: then NumPy's array is one of integers.
struct NumberArray {
  std::vector<double> values;      // C order
  std::vector<std::size_t> shape;  // empty: a single number
  bool is_all_integers = true;
};
// Throws ContentError that names what and what was found: something other than numbers, uneven lists.
NumberArray number_array(const PythonJson& value, const std::string& what);

}  // namespace maskscope
