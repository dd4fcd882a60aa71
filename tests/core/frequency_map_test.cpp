// The colours of frequency maps, against a plain statement in floating point.
#include "core/frequency_map.h"

#include <cmath>
#include <vector>

#include "tests/catch.h"

namespace maskscope {
namespace {

constexpr std::uint32_t low = 0xff302010, high = 0xff00e0f0;

int channel(std::uint32_t colour, int number) { return static_cast<int>(colour >> (8 * number) & 0xff); }

// Two modalities: 3 positions, then 5 of the map's 3 x 3 cells.
struct Counted {
  TallyLayout layout{2, 8};
  std::vector<std::uint64_t> counts;
  FrequencyMap map;

  Counted() : counts(static_cast<std::size_t>(layout.size())) {
    count(TallyLayout::draws()) = 100;
    for (int token = 0; token < 5; ++token) {
      count(layout.position(TallySide::encoder, 3 + token)) = static_cast<std::uint64_t>(10 * token);
      count(layout.position(TallySide::decoder, 3 + token)) = static_cast<std::uint64_t>(50 - 5 * token);
    }
    map = {.cells = 3, .zoom = 4, .num_positions = 5, .encoder_at = layout.position(TallySide::encoder, 3),
           .decoder_at = layout.position(TallySide::decoder, 3), .full = 50, .low = low, .high = high};
  }
  std::uint64_t& count(std::ptrdiff_t at) { return counts[static_cast<std::size_t>(at)]; }
};

}  // namespace

TEST_CASE("a ramp goes from one colour to the other and no further") {
  CHECK(ramp_colour(low, high, 0, 7) == low);
  CHECK(ramp_colour(low, high, 7, 7) == high);
  CHECK(ramp_colour(low, high, 8, 7) == high);
  CHECK(ramp_colour(low, high, 0, 0) == low);
  CHECK(ramp_colour(low, high, 5, 0) == low);
  CHECK(ramp_colour(0x00302010, 0x0000e0f0, 0, 1) == low);  // opaque
}

TEST_CASE("a ramp is linear, to the last bit of a screen") {
  for (const std::uint64_t whole : {1ull, 3ull, 1000ull, 131072ull, 1048576ull, (1ull << 40) - 1}) {
    for (std::uint64_t step = 0; step <= 97; ++step) {
      const std::uint64_t part = whole / 97 * step;
      const double share = static_cast<double>(part) / static_cast<double>(whole);
      const std::uint32_t colour = ramp_colour(low, high, part, whole);
      for (int c = 0; c < 3; ++c) {
        const double exact = channel(low, c) + (channel(high, c) - channel(low, c)) * share;
        // Half for the rounding, and what 16 bits of the share leave.
        REQUIRE(std::abs(channel(colour, c) - exact) <= 0.5 + 255.0 / 65536);
      }
    }
  }
}

TEST_CASE("a texel has the colour of its cell's count") {
  Counted counted;
  FrequencyMap& map = counted.map;
  REQUIRE(map.width() == 12);
  for (const MapFate fate : {MapFate::encoder, MapFate::decoder, MapFate::discarded}) {
    map.fate = fate;
    map.full = fate == MapFate::discarded ? 100 : 50;
    for (int y = 0; y < 12; ++y) {
      for (int x = 0; x < 12; ++x) {
        const int token = y / 4 * 3 + x / 4;
        const int encoder = 10 * token, decoder = 50 - 5 * token;
        const int count = fate == MapFate::encoder ? encoder : fate == MapFate::decoder ? decoder : 100 - encoder - decoder;
        const std::uint32_t expected = token < 5 ? ramp_colour(low, high, static_cast<std::uint64_t>(count), map.full) : low;
        REQUIRE(frequency_texel(map, counted.counts.data(), x, y) == expected);
      }
    }
  }
}

TEST_CASE("before the first draw a map is empty") {
  Counted counted;
  counted.counts.assign(counted.counts.size(), 0);
  counted.map.full = 0;
  for (const MapFate fate : {MapFate::encoder, MapFate::decoder, MapFate::discarded}) {
    counted.map.fate = fate;
    CHECK(frequency_texel(counted.map, counted.counts.data(), 0, 0) == low);
  }
}

}  // namespace maskscope
