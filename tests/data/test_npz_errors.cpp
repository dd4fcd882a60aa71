#include "core/data/npz.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/zip_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

const Bytes pair = npy_file("|i1", "(2,)", {1, 2});

std::string error_of(const Bytes& file, const NpzLimits& limits = {}) {
  try {
    parse_npz(file, "a.npz", limits);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("npz errors: no zip, or only the beginning of one") {
  CHECK(error_of({}) == "a.npz: the file is empty, an .npz (a zip archive) was expected. Save it again with numpy.savez.");
  CHECK(error_of(pair) == "a.npz: this is no .npz: it isn't a zip archive. Save the arrays with numpy.savez.");
  const std::string cut = "a.npz: the directory at the end of the zip archive is missing or damaged, as in a file that is cut short. Copy or save it again.";
  CHECK(error_of(zip_file({{"a.npy", pair}}, false)) == cut);
  const Bytes whole = zip_file({{"a.npy", pair, 8}});
  for (std::size_t size = 2; size < whole.size(); ++size) CHECK(error_of(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) == cut);
}

TEST_CASE("npz errors: names") {
  CHECK(error_of(zip_file({{"a.npy", pair}, {"a.npy", pair}})) ==
        "a.npz: member a.npy: two members have this name. Save the arrays again with numpy.savez.");
  for (const std::string name : {"/etc/a.npy", "../a.npy", "a/../../b.npy", "a/..", "c:a.npy"}) {
    CHECK(error_of(zip_file({{name, pair}})) ==
          "a.npz: member " + name + ": its name is absolute, empty, or leads out of the archive. Save the arrays under plain names.");
  }
  CHECK(error_of(zip_file({{"\xff.npy", pair}})) == "a.npz: the name of a member is no valid UTF-8. Save the arrays again with numpy.savez.");
  CHECK(error_of(zip_file({{"notes.txt", pair}})) ==
        "a.npz: member notes.txt: its name doesn't end in .npy, arrays of numpy.savez were expected. Take it out of the archive.");
  CHECK_THAT(error_of(zip_file({{"a.npy", {'b'}, 0, false, 0, 0120777}})), contains_text("it is a link or a device"));
}

TEST_CASE("npz errors: members that can't be unpacked") {
  CHECK(error_of(zip_file({{"a.npy", pair, 0, false, 1}})) == "a.npz: member a.npy: it is encrypted. Save it without a password.");
  CHECK_THAT(error_of(zip_file({{"a.npy", pair, 77}})), contains_text("a.npz: member a.npy: it can't be unpacked (Unsupported ZIP compression method"));
  CHECK_THAT(error_of(zip_file({{"a.npy", pair, 0, false, 0, 0100644, 1}})), contains_text("a.npz: member a.npy: it can't be unpacked (ZIP bad CRC"));
  Bytes damaged = zip_file({{"a.npy", pair, 8}});
  damaged[40] ^= 0x55;
  CHECK_THAT(error_of(damaged), contains_text("a.npz: member a.npy: "));
}

TEST_CASE("npz errors: more than the limits, stated or not") {
  const Bytes zeros(5'000'000);
  const ZipMember bomb{"a.npy", npy_file("|i1", "(5000000,)", zeros), 8};
  const std::string too_large = "a.npz: member a.npy: more than 1000000 bytes when unpacked, which is the most that is read. Save fewer or smaller arrays.";
  CHECK(error_of(zip_file({bomb}), {10, 1'000'000}) == too_large);
  CHECK(error_of(zip_file({bomb})) == "none");
  ZipMember liar = bomb;
  liar.stated_size = 10;
  CHECK_THAT(error_of(zip_file({liar}), {10, 1'000'000}), contains_text("a.npz: member a.npy: "));
  liar.stated_size = std::uint64_t{1} << 31;
  CHECK_THAT(error_of(zip_file({liar})), contains_text("more than 1073741824 bytes"));
  // Together, not each.
  const ZipMember half{"b.npy", npy_file("|i1", "(600000,)", Bytes(600'000)), 8};
  ZipMember other = half;
  other.name = "c.npy";
  CHECK_THAT(error_of(zip_file({half, other}), {10, 1'000'000}), contains_text("member c.npy: more than "));
  CHECK(error_of(zip_file({{"a.npy", pair}, {"b.npy", pair}, {"c.npy", pair}}), {2, 1000}) ==
        "a.npz: member c.npy: the archive has more than 2 members, which is the most that is read. Save fewer arrays.");
}

TEST_CASE("npz errors: arrays that are refused name archive and member") {
  CHECK_THAT(error_of(zip_file({{"a/b.npy", npy_file("|O", "(1,)", {0x80})}})), contains_text("a.npz: member a/b.npy: it holds pickled Python objects"));
  CHECK_THAT(error_of(zip_file({{"a.npy", npy_file("<i8", "(4,)", Bytes(31))}})), contains_text("a.npz: member a.npy: 31 bytes of data"));
}
