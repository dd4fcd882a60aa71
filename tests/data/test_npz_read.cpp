#include <filesystem>

#include "core/data/npz.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/zip_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

const Bytes pair = npy_file("|i1", "(2,)", {1, 2});

}  // namespace

TEST_CASE("npz: stored, deflated and zip64 members as numpy writes them") {
  const auto members = parse_npz(zip_file({{"b.npy", pair}, {"a/tensor.npy", pair, 8}, {"c.npy", pair, 0, true}, {"d.npy", pair, 8, true}}), "a.npz");
  REQUIRE(members.size() == 4);
  CHECK(members[0].name == "b");
  CHECK(members[1].name == "a/tensor");
  CHECK(members[3].name == "d");
  for (const NpzMember& member : members) {
    CHECK(member.array.shape == std::vector<std::int64_t>{2});
    CHECK(member.array.integer(1) == 2);
  }
}

TEST_CASE("npz: no members, folders, and names that are not ASCII") {
  CHECK(parse_npz(zip_file({}), "a.npz").empty());
  constexpr int is_utf8 = 1 << 11;
  const auto members = parse_npz(zip_file({{"a/", {}, 0, false, 0, 040755}, {"größe.npy", pair, 0, false, is_utf8}}), "a.npz");
  REQUIRE(members.size() == 1);
  CHECK(members[0].name == "größe");
}

TEST_CASE("npz: what is written is read back, from the same bytes every time") {
  const std::vector<NpzMember> members{{"caption/tensor", npy_from(std::vector<std::int32_t>{7, 8, 9}, {1, 3})},
                                       {"caption/input_mask", npy_from(Bytes{1, 0, 1}, {1, 3}, NpyKind::boolean)},
                                       {"größe", npy_from(std::vector<float>(1000, 0.5f), {10, 100})}};
  const Bytes file = to_npz(members);
  CHECK(file == to_npz(members));
  CHECK(file.size() < 2000);
  const auto read = parse_npz(file, "a.npz");
  REQUIRE(read.size() == members.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    CHECK(read[i].name == members[i].name);
    CHECK(read[i].array == members[i].array);
  }
  CHECK(parse_npz(to_npz({}), "a.npz").empty());
}

TEST_CASE("npz: files, and their names alone") {
  const auto folder = std::filesystem::temp_directory_path() / "maskscope_test_npz";
  std::filesystem::create_directories(folder);
  const auto path = folder / "a.npz";
  write_npz(path, {{"x/y", npy_from(Bytes{1}, {1}, NpyKind::unsigned_integer)}});
  CHECK(read_npz(path).at(0).name == "x/y");
  CHECK(npz_member_names(path) == std::vector<std::string>{"x/y.npy"});
  for (const auto& entry : std::filesystem::directory_iterator(folder)) CHECK(entry.path().extension() != ".part");
  CHECK_THROWS_WITH(write_npz(folder / "none" / "a.npz", {}), contains_text("the arrays could not be written"));
  CHECK_THROWS_WITH(read_npz(folder), contains_text("this is a folder, an .npz file was expected"));
  CHECK_THROWS_WITH(read_npz(folder / "no.npz"), contains_text("there is no such file"));
  std::filesystem::remove_all(folder);
}
