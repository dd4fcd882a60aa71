// core/data/gunzip: what Python's gzip.decompress gives, never more than was asked for.
#include <cstdint>
#include <string>
#include <vector>

#include "core/data/gunzip.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/tar_fixture.h"

using maskscope::Error;
using maskscope::gunzip;

namespace {

std::vector<std::uint8_t> gzip(const std::string& text) {
  const std::string packed = maskscope::test::gzipped(text);
  return {packed.begin(), packed.end()};
}

std::string text_of(const std::vector<std::uint8_t>& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

TEST_CASE("gunzip: members in a row, padding between and behind them") {
  const auto one = gzip("first "), two = gzip("second");
  CHECK(text_of(gunzip(one, "a.gz", 100)) == "first ");
  auto both = one;
  both.insert(both.end(), 3, 0);
  both.insert(both.end(), two.begin(), two.end());
  both.insert(both.end(), 512, 0);
  CHECK(text_of(gunzip(both, "a.gz", 100)) == "first second");
  CHECK(gunzip({}, "a.gz", 100).empty());
  CHECK(gunzip(gzip(""), "a.gz", 0).empty());
}

TEST_CASE("gunzip: the limit holds to the byte, over all members") {
  const auto one = gzip(std::string(100'000, 'x'));
  CHECK(gunzip(one, "a.gz", 100'000).size() == 100'000);
  CHECK_THROWS_WITH(gunzip(one, "s.tar: a.gz", 99'999), contains_text("s.tar: a.gz: unpacks to more than 99999 bytes"));
  auto both = one;
  both.insert(both.end(), one.begin(), one.end());
  CHECK(gunzip(both, "a.gz", 200'000).size() == 200'000);
  CHECK_THROWS_WITH(gunzip(both, "a.gz", 199'999), contains_text("unpacks to more than 199999 bytes"));
}

TEST_CASE("gunzip: cut anywhere it says so") {
  const auto whole = gzip("a text that is a little longer than nothing");
  for (std::size_t size = 2; size < whole.size(); ++size) {
    INFO(size);
    CHECK_THROWS_WITH(gunzip(std::span(whole).first(size), "a.gz", 1000), contains_text("ends early"));
  }
  CHECK_THROWS_WITH(gunzip(std::span(whole).first(1), "a.gz", 1000), contains_text("is no gzip data"));
}

TEST_CASE("gunzip: damage and what follows are named") {
  auto damaged = gzip("a text that is a little longer than nothing");
  damaged[damaged.size() - 6] ^= 1;  // the check sum
  CHECK_THROWS_WITH(gunzip(damaged, "a.gz", 1000), contains_text("damaged") && contains_text("incorrect data check"));
  auto followed = gzip("x");
  const std::size_t size = followed.size();
  followed.push_back('!');
  CHECK_THROWS_WITH(gunzip(followed, "a.gz", 1000), contains_text("at byte " + std::to_string(size)));
  const std::string plain = "{}";
  CHECK_THROWS_WITH(gunzip(std::span(reinterpret_cast<const std::uint8_t*>(plain.data()), plain.size()), "a.gz", 1000),
                    contains_text("take .gz off its name"));
}
