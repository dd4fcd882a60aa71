// Bent .npy and .npz files: an Error that names the file, or arrays as large as their shapes say; never more.
#include <random>

#include "core/data/npz.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/zip_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

void check_array(const NpyArray& array) {
  std::int64_t count = 1;
  for (const std::int64_t length : array.shape) count *= length;
  REQUIRE(array.data.size() == static_cast<std::size_t>(count) * static_cast<std::size_t>(array.item_bytes));
  for (std::int64_t i = 0; i < array.size(); ++i) {
    if (array.kind == NpyKind::text) REQUIRE(array.text(i).size() <= static_cast<std::size_t>(array.item_bytes));
    else (void)array.number(i);
  }
}

// Whether it was read.
template <class Read>
bool survives(Read&& read) {
  try {
    read();
    return true;
  } catch (const Error& error) {
    const std::string message = error.what();
    REQUIRE(message.rfind("a.np", 0) == 0);
    REQUIRE(message.back() == '.');
    return false;
  }
}

// Some bytes changed, taken out, doubled, or the end cut off.
Bytes bent(Bytes file, unsigned most_changes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::ptrdiff_t>(random() % std::max<std::size_t>(n, 1)); };
  for (int change = 0, changes = 1 + static_cast<int>(random() % most_changes); change < changes && !file.empty(); ++change) {
    const auto at = file.begin() + below(file.size());
    switch (random() % 6) {
      case 0: file.resize(static_cast<std::size_t>(below(file.size()))); break;
      case 1: file.erase(at); break;
      case 2: file.insert(at, static_cast<std::uint8_t>(random())); break;
      case 3: *at = static_cast<std::uint8_t>("0123456789(),'\"{}<>|OUSifbu: L-\\"[random() % 33]); break;
      case 4: *at ^= static_cast<std::uint8_t>(1u << random() % 8); break;
      default: *at = static_cast<std::uint8_t>(random()); break;
    }
  }
  return file;
}

}  // namespace

TEST_CASE("npy fuzz: thousands of bent files") {
  // Whole files bent, and headers alone in a file whose lengths are right.
  const std::vector<std::string> headers{npy_dict("<i2", "(2, 3)"), npy_dict(">i1", "(3, 2, 2)", "True"), npy_dict("|S2", "(6,)"), npy_dict("<f8", "()")};
  const std::vector<Bytes> files{npy_file("<i2", "(2, 3)", Bytes(12, 5)), npy_file(">f4", "(2, 2)", Bytes(16, 9), "True"),
                                 npy_file(npy_dict("<U3", "()"), Bytes{'s', 0, 0, 0, 'e', 0, 0, 0, 'q', 0, 0, 0}, 2),
                                 npy_file("|b1", "(2, 0, 4)", {}), to_npy(npy_from("seq"))};
  std::mt19937 random(1);
  int num_read = 0, num_refused = 0;
  for (int i = 0; i < 8000; ++i) {
    const std::string& header = headers[static_cast<std::size_t>(i) % headers.size()];
    const Bytes bent_header = bent(Bytes(header.begin(), header.end()), 1, random);
    const Bytes file = i % 3 ? npy_file(std::string(bent_header.begin(), bent_header.end()), Bytes(random() % 2 ? 12 : 8))
                             : bent(files[static_cast<std::size_t>(i) % files.size()], 3, random);
    const NpyText text = i % 2 ? NpyText::accepted : NpyText::refused;
    survives([&] { check_array(parse_npy(file, "a.npy", 4096, text)); }) ? ++num_read : ++num_refused;
  }
  CHECK(num_read > 100);
  CHECK(num_refused > 2000);
}

TEST_CASE("npz fuzz: thousands of bent archives") {
  const Bytes npy = npy_file("<i2", "(2, 3)", Bytes(12, 5));
  const std::vector<Bytes> files{zip_file({{"a/b.npy", npy}, {"c.npy", npy, 8}}), zip_file({{"a.npy", npy, 8, true}, {"b.npy", npy, 0, true}}),
                                 to_npz({{"x/tensor", npy_from(std::vector<std::int32_t>(50, 3), {5, 10})}})};
  std::mt19937 random(2);
  int num_read = 0, num_refused = 0;
  for (int i = 0; i < 3000; ++i) {
    const Bytes file = bent(files[static_cast<std::size_t>(i) % files.size()], 3, random);
    survives([&] {
      for (const NpzMember& member : parse_npz(file, "a.npz", {100, 1 << 16})) check_array(member.array);
    }) ? ++num_read : ++num_refused;
  }
  CHECK(num_read > 100);
  CHECK(num_refused > 1000);
}
