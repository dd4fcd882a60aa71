#include "core/draw.h"

#include <cstdint>
#include <vector>

#include "core/philox.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

using Words = std::vector<std::uint32_t>;
Words words_of(const PhiloxBlock& block) { return {block.word[0], block.word[1], block.word[2], block.word[3]}; }

}  // namespace

TEST_CASE("Philox gives the known answers of its authors' distribution") {
  // kat_vectors of Random123, lines "philox4x32 10".
  CHECK(words_of(philox4x32_10({{0, 0, 0, 0}}, {{0, 0}})) == Words({0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t ones = 0xffffffff;
  CHECK(words_of(philox4x32_10({{ones, ones, ones, ones}}, {{ones, ones}})) ==
        Words({0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  CHECK(words_of(philox4x32_10({{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}}, {{0xa4093822, 0x299f31d0}})) ==
        Words({0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST_CASE("names of draws are packed as documented") {
  const SampleDraws draws{0x0123456789abcdefULL, 0xa5deadbeefULL};
  const DrawName name{DrawPurpose::span, 0x1234, 77};
  CHECK(words_of(draws.block(name, 9)) ==
        words_of(philox4x32_10({{9, 77, 0xdeadbeef, 0x081234a5}}, {{0x89abcdef, 0x01234567}})));
  for (std::uint32_t index = 0; index < 9; ++index) {
    CHECK(draws.rand24(name, index) == draws.block(name, index / 4).word[index % 4] >> 8);
  }
}

TEST_CASE("the names of draws are frozen") {
  REQUIRE(draw_naming_version == 1);
  // Recorded from version 1: the same seed must give the same mask in every later version of the program.
  const SampleDraws draws{42, 7};
  Words found;
  for (std::uint32_t purpose = 1; purpose <= 10; ++purpose) {
    found.push_back(draws.rand24({static_cast<DrawPurpose>(purpose), 32652, purpose}, purpose));
  }
  CHECK(found == Words({14068293, 15821212, 2507526, 11865903, 11131681, 10623484, 13248016, 16467267, 2122302, 8522852}));
}

TEST_CASE("draws with different names differ") {
  const DrawName name{DrawPurpose::image_noise, 5, 3};
  const Words base = words_of(SampleDraws{1, 2}.block(name, 0));
  CHECK(words_of(SampleDraws{2, 2}.block(name, 0)) != base);
  CHECK(words_of(SampleDraws{1, 3}.block(name, 0)) != base);
  CHECK(words_of(SampleDraws{1, 2 + (std::uint64_t{1} << 32)}.block(name, 0)) != base);
  CHECK(words_of(SampleDraws{1 + (std::uint64_t{1} << 32), 2}.block(name, 0)) != base);
  CHECK(words_of(SampleDraws{1, 2}.block({DrawPurpose::span, 5, 3}, 0)) != base);
  CHECK(words_of(SampleDraws{1, 2}.block({DrawPurpose::image_noise, 6, 3}, 0)) != base);
  CHECK(words_of(SampleDraws{1, 2}.block({DrawPurpose::image_noise, 5, 4}, 0)) != base);
  CHECK(words_of(SampleDraws{1, 2}.block(name, 1)) != base);
}

}  // namespace maskscope
