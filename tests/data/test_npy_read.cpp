#include <cmath>
#include <limits>

#include "core/data/npy.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/npy_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr std::size_t enough = 1 << 20;

NpyArray parse(const Bytes& file, NpyText text = NpyText::refused) { return parse_npy(file, "a.npy", enough, text); }

std::vector<std::int64_t> integers(const NpyArray& array) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < array.size(); ++i) values.push_back(array.integer(i));
  return values;
}

}  // namespace

TEST_CASE("npy: integers of every width, signed and unsigned") {
  const NpyArray array = parse(npy_file("<i2", "(2, 3)", {1, 0, 2, 0, 0xff, 0xff, 0, 0x80, 0, 1, 5, 0}));
  CHECK(array.shape == std::vector<std::int64_t>{2, 3});
  CHECK(array.shape_text() == "(2, 3)");
  CHECK(array.dtype() == "int16");
  CHECK(integers(array) == std::vector<std::int64_t>{1, 2, -1, -32768, 256, 5});
  CHECK(integers(parse(npy_file("|i1", "(2,)", {0x80, 7}))) == std::vector<std::int64_t>{-128, 7});
  CHECK(integers(parse(npy_file("|u1", "(2,)", {0x80, 7}))) == std::vector<std::int64_t>{128, 7});
  CHECK(integers(parse(npy_file("<u2", "(1,)", {0xff, 0xff}))) == std::vector<std::int64_t>{65535});
  CHECK(integers(parse(npy_file("<i4", "(1,)", {0xfe, 0xff, 0xff, 0xff}))) == std::vector<std::int64_t>{-2});
  CHECK(integers(parse(npy_file("<u4", "(1,)", {0xfe, 0xff, 0xff, 0xff}))) == std::vector<std::int64_t>{4294967294});
  CHECK(integers(parse(npy_file("<i8", "(1,)", {0, 0, 0, 0, 0, 0, 0, 0x80}))) ==
        std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min()});
  CHECK(integers(parse(npy_file("<u8", "(1,)", {1, 0, 0, 0, 0, 0, 0, 0x80}))) ==
        std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::max()});
  CHECK(parse(npy_file("<u8", "(1,)", {0, 0, 0, 0, 0, 0, 0, 0x80})).number(0) == 0x1p63);
}

TEST_CASE("npy: booleans are 0 or 1 whatever the bytes") {
  const NpyArray array = parse(npy_file("|b1", "(3,)", {0, 1, 7}));
  CHECK(array.kind == NpyKind::boolean);
  CHECK(array.dtype() == "bool");
  CHECK(array.data == Bytes{0, 1, 1});
}

TEST_CASE("npy: floats of every width") {
  const NpyArray half = parse(npy_file("<f2", "(6,)", {0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c, 0xff, 0x7b, 0, 0x7e}));
  CHECK(half.number(0) == 1.0);
  CHECK(half.number(1) == -2.0);
  CHECK(half.number(2) == 0x1p-24);
  CHECK(half.number(3) == std::numeric_limits<double>::infinity());
  CHECK(half.number(4) == 65504.0);
  CHECK(std::isnan(half.number(5)));
  CHECK(parse(npy_file("<f4", "()", {0, 0, 0xc0, 0xbf})).number(0) == -1.5);
  CHECK(parse(npy_file("<f8", "()", {0, 0, 0, 0, 0, 0, 0xf8, 0xbf})).number(0) == -1.5);
}

TEST_CASE("npy: big-endian files come out little-endian") {
  CHECK(integers(parse(npy_file(">i2", "(3,)", {0, 1, 1, 0, 0xff, 0xfe}))) == std::vector<std::int64_t>{1, 256, -2});
  CHECK(parse(npy_file(">f4", "()", {0xbf, 0xc0, 0, 0})).number(0) == -1.5);
}

TEST_CASE("npy: Fortran order comes out in C order") {
  // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4).astype("u1"))
  const NpyArray array = parse(npy_file(
      "|u1", "(2, 3, 4)", {0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23}, "True"));
  CHECK(array.is_fortran_order);
  for (std::int64_t i = 0; i < 24; ++i) CHECK(array.integer(i) == i);
  CHECK(integers(parse(npy_file("|u1", "(3,)", {1, 2, 3}, "True"))) == std::vector<std::int64_t>{1, 2, 3});
  CHECK(integers(parse(npy_file(">i2", "(2, 2)", {0, 1, 0, 3, 0, 2, 0, 4}, "True"))) == std::vector<std::int64_t>{1, 2, 3, 4});
}

TEST_CASE("npy: scalars and empty arrays") {
  CHECK(parse(npy_file("|i1", "()", {5})).integer(0) == 5);
  CHECK(parse(npy_file("|i1", "()", {5})).size() == 1);
  CHECK(parse(npy_file("<i8", "(0,)", {})).size() == 0);
  CHECK(parse(npy_file("<i8", "(3, 0, 2)", {}, "True")).size() == 0);
}

TEST_CASE("npy: every header that NumPy writes") {
  const std::vector<std::int64_t> expected{1, 2};
  const auto read = [](const std::string& header, int version = 1) { return integers(parse(npy_file(header, {1, 2}, version))); };
  CHECK(read("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }") == expected);
  CHECK(read("{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}") == expected);
  CHECK(read("{\"descr\":\"|i1\",\"fortran_order\":False,\"shape\":(2,)}") == expected);
  CHECK(read("  { 'descr' : '|i1' , 'fortran_order' : False , 'shape' : ( 2 , ) , }  \n") == expected);
  CHECK(read("{'descr': '|i1', 'fortran_order': False, 'shape': (2L,), }\n") == expected);
  CHECK(read("{'descr': '|i1', 'fortran_order': False, 'shape': (1, 2), }\n") == expected);
  CHECK(read("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }\n", 2) == expected);
  CHECK(read("{'descr': '|i1', 'fortran_order': False, 'shape': (2,), }\n", 3) == expected);
}

TEST_CASE("npy: texts only where they are asked for") {
  const Bytes wide = npy_file("<U4", "()", {'i', 0, 0, 0, 'm', 0, 0, 0, 'g', 0, 0, 0, 0, 0, 0, 0});
  CHECK(parse(wide, NpyText::accepted).text(0) == "img");
  CHECK(parse(npy_file("|S4", "(2,)", {'s', 'e', 'q', 0, 'i', 'm', 'g', 0}), NpyText::accepted).text(1) == "img");
  CHECK(parse(npy_file(">U1", "()", {0, 0, 0, 'x'}), NpyText::accepted).text(0) == "x");
  CHECK_THROWS_WITH(parse(wide), contains_text("its dtype is \"<U4\", expected are bool, int8 to int64"));
  CHECK_THROWS_WITH(parse(npy_file("<U1", "()", {0xac, 0x20, 0, 0}), NpyText::accepted), contains_text("only ASCII"));
}

TEST_CASE("npy: what is written is read back, and lies at a multiple of 64") {
  const std::vector<NpyArray> arrays{npy_from(std::vector<std::int32_t>{1, -2, 3, 4, 5, 6}, {2, 3}),
                                     npy_from(Bytes{1, 0, 1}, {3}, NpyKind::boolean), npy_from(Bytes{1, 0, 200}, {3, 1}, NpyKind::unsigned_integer),
                                     npy_from(std::vector<float>{1.5f, -0.0f}, {1, 2}), npy_from(std::vector<float>{}, {0, 7}),
                                     npy_from("seq_token")};
  for (const NpyArray& array : arrays) {
    const Bytes file = to_npy(array);
    CHECK(parse(file, NpyText::accepted) == array);
    const std::size_t item_bytes = static_cast<std::size_t>(array.item_bytes) * (array.kind == NpyKind::text ? 4 : 1);
    CHECK((file.size() - static_cast<std::size_t>(array.size()) * item_bytes) % 64 == 0);
  }
}
