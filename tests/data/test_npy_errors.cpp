// Each message says which file, what was found, what was expected, and what to do.
#include "core/data/npy.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/npy_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::string error_of(const Bytes& file, std::size_t max_bytes = 1 << 20) {
  try {
    parse_npy(file, "a.npy", max_bytes);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

std::string header_error(const std::string& header) { return error_of(npy_file(header, {1, 2})); }

}  // namespace

TEST_CASE("npy errors: no npy at all") {
  CHECK(error_of({}) == "a.npy: the file is empty, an array in NumPy's .npy format was expected. Save it again with numpy.save.");
  CHECK(error_of({'P', 'K', 3, 4}) ==
        "a.npy: this is no .npy file (it doesn't begin with \\x93NUMPY). Save the array with numpy.save.");
  CHECK(error_of(npy_file("{}", {}, 4)) ==
        "a.npy: version 4.0 of the .npy format, versions 1.0, 2.0 and 3.0 are read. Save it with another NumPy.");
}

TEST_CASE("npy errors: headers cut short, too long, or not as stated") {
  const Bytes good = npy_file("|i1", "(2,)", {1, 2});
  CHECK(error_of(Bytes(good.begin(), good.begin() + 7)) ==
        "a.npy: the file ends after 7 bytes, in the middle of the header of 10 bytes. Copy or save it again.");
  CHECK_THAT(error_of(Bytes(good.begin(), good.begin() + 30)), contains_text("the file ends after 30 bytes, in the middle of the header"));
  CHECK_THAT(error_of(npy_file(std::string(10'001, ' '), {})), contains_text("a header of 10001 bytes, at most 10000 are read"));
  CHECK_THAT(error_of({0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, 0xff, 0xff, 0xff, 0xff}),
             contains_text("a header of 4294967295 bytes, at most 10000 are read"));
  CHECK_THAT(error_of({0x93, 'N', 'U', 'M', 'P', 'Y', 3, 0, 0xff, 0xff}), contains_text("in the middle of the header"));
}

TEST_CASE("npy errors: headers that are not understood") {
  CHECK(header_error("{'descr': '|i1', 'fortran_order': False}") ==
        "a.npy: the header of the .npy is not one that NumPy writes: the key 'shape' is missing. It is \"{'descr': '|i1', "
        "'fortran_order': False}\"; save the array again with numpy.save.");
  const std::string rest = "'fortran_order': False, 'shape': (2,), ";
  CHECK_THAT(header_error(""), contains_text("\"{\" was expected at byte 0"));
  CHECK_THAT(header_error("{'descr': '|i1', " + rest), contains_text("a text in quotes was expected at byte "));
  CHECK_THAT(header_error("{'descr': '|i1', " + rest + "} x"), contains_text("something follows its end"));
  CHECK_THAT(header_error("{'descr': '|i1', 'descr': '|i1', " + rest + "}"), contains_text("the key \"descr\" stands in it twice"));
  CHECK_THAT(header_error("{'descr': '|i1', 'more': 1, " + rest + "}"), contains_text("it has other keys"));
  CHECK_THAT(header_error("{'descr': True, " + rest + "}"), contains_text("'descr' is not a text"));
  CHECK_THAT(header_error("{'descr': '|i1', 'fortran_order': 0, 'shape': (2,)}"), contains_text("'fortran_order' is not True or False"));
  for (const std::string shape : {"(2)", "2", "[2]", "(2.0,)", "('2',)", "(0x2,)", "(2,,)", "(+2,)"}) {
    CHECK_THAT(header_error("{'descr': '|i1', 'fortran_order': False, 'shape': " + shape + "}"),
               contains_text("'shape' is not a tuple of whole numbers"));
  }
  CHECK_THAT(header_error("{'descr': '|i1"), contains_text("a text has no end"));
  CHECK_THAT(header_error("{'descr': '\\x7ci1', " + rest + "}"), contains_text("a text with an escape"));
  CHECK_THAT(header_error("{'shape': (2"), contains_text("it ends in the middle of a value"));
  CHECK_THAT(header_error("{'shape': (2,), 'descr': '|i1' 'fortran_order': False}"), contains_text("\"}\" was expected at byte"));
}

TEST_CASE("npy errors: dtypes that are not read") {
  CHECK(error_of(npy_file("|O", "(2,)", {0x80, 4})) ==
        "a.npy: it holds pickled Python objects (dtype object), which are never read: unpickling runs code. Save plain numbers, "
        "for example with numpy.save(path, array.astype(\"int16\")).");
  for (const std::string descr : {"<c8", "<f16", "|V2", "<M8[ns]", "<i3", "<f1", "|b2", "i1", "<i", "<i-1", "<i99999999999999999999", "", "<S2"}) {
    CHECK_THAT(error_of(npy_file(descr, "(2,)", {1, 2})), contains_text("its dtype is \"" + descr + "\", expected are bool"));
  }
  CHECK(header_error("{'descr': [('x', '<f4'), ('y', '<f4', (2,))], 'fortran_order': False, 'shape': (2,)}") ==
        "a.npy: its dtype \"[('x', '<f4'), ('y', '<f4', (2,))]\" has fields (a structured array), a plain array of numbers was "
        "expected. Save each field by itself.");
}

TEST_CASE("npy errors: shapes that no memory holds") {
  CHECK(error_of(npy_file("<i8", "(4294967296, 4294967296, 4)", {})) ==
        "a.npy: its header states an array of more than 1048576 bytes, which is the most that is read. Save a part of it.");
  for (const std::string shape : {"(9223372036854775807,)", "(99999999999999999999999,)", "(4611686018427387904, 0)", "(131073,)", "(0, 3, 99999999)"}) {
    CHECK_THAT(error_of(npy_file("<i8", shape, {})), contains_text("more than 1048576 bytes"));
  }
  CHECK_THAT(error_of(npy_file("|i1", "(-1,)", {1})), contains_text("its shape holds the negative length -1"));
  CHECK_THAT(error_of(npy_file("|i1", "(-1, -2)", {1, 2})), contains_text("negative length"));
  std::string many = "(";
  for (int i = 0; i < 33; ++i) many += "1, ";
  CHECK_THAT(error_of(npy_file("|i1", many + ")", {1})), contains_text("33 dimensions, at most 32"));
  CHECK_THAT(error_of(npy_file("<i8", "()", Bytes(8)), 4), contains_text("8 bytes, at most 4 are read"));
}

TEST_CASE("npy errors: data cut short or too long") {
  CHECK(error_of(npy_file("<i2", "(2, 196)", Bytes(700))) ==
        "a.npy: 700 bytes of data, its shape (2, 196) and dtype int16 need 784. The file is cut short: copy or save it again.");
  CHECK(error_of(npy_file("<i2", "(3,)", Bytes(7))) ==
        "a.npy: 7 bytes of data, its shape (3,) and dtype int16 need 6. Something was appended: save it again.");
}
