#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/draw.h"
#include "core/named_transform_draws.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

using Order = std::vector<int>;

TEST_CASE("named choices are functions of seed and sample, whatever else was drawn") {
  const auto draws = named_transform_draws(42, 7), same = named_transform_draws(42, 7), other = named_transform_draws(42, 8);
  same->palette_length();
  same->pose_order();
  same->uniform();
  const Order order = draws->metadata_order(21);
  CHECK(order == same->metadata_order(21));
  CHECK(order != other->metadata_order(21));
  CHECK(order != draws->metadata_order(21));  // the second draw has another name
  CHECK(draws->crop_row(1) == 0);
  CHECK(draws->caption_choice(1) == 0);
  CHECK(draws->metadata_order(0).empty());
  CHECK(draws->metadata_order(1) == Order{0});
}

TEST_CASE("the names of choices before masking are frozen") {
  REQUIRE(draw_naming_version == 1);
  // Recorded from version 1: the same seed must give the same sample in every later version of the program.
  const auto draws = named_transform_draws(42, 7);
  CHECK(draws->palette_length() == 5);
  CHECK(draws->crop_row(1000) == 305);
  CHECK(draws->caption_choice(1000) == 438);
  CHECK(draws->pose_order() == Order{0, 1, 2, 3});
  CHECK(draws->metadata_order(8) == Order{4, 1, 7, 6, 2, 5, 3, 0});
  CHECK(draws->crop24() == 7469263);
  CHECK(draws->crop24() == 319016);
  CHECK(draws->crop_offset(1000) == 609);
  CHECK(draws->uniform() == 0x1.6c8f77fb0d079p-1);
}

TEST_CASE("named choices are as likely as they should be") {
  constexpr int num_samples = 24'000;
  std::map<int, int> lengths, rows;
  std::map<Order, int> orders;
  double sum = 0;
  for (std::uint64_t sample = 0; sample < num_samples; ++sample) {
    const auto draws = named_transform_draws(3, sample);
    ++lengths[draws->palette_length()];
    ++rows[draws->crop_row(5)];
    ++orders[draws->pose_order()];
    sum += draws->uniform();
  }
  // Five standard deviations of a count.
  const auto is_even = [&](const auto& counts, int kinds) {
    const double expected = static_cast<double>(num_samples) / kinds;
    return counts.size() == static_cast<std::size_t>(kinds) && std::all_of(counts.begin(), counts.end(), [&](const auto& entry) {
             const double difference = entry.second - expected;
             return difference * difference < 25 * expected;
           });
  };
  CHECK(is_even(lengths, 7));
  CHECK((lengths.begin()->first == 1 && lengths.rbegin()->first == 7));
  CHECK(is_even(rows, 5));
  CHECK(is_even(orders, 24));
  CHECK(std::abs(sum / num_samples - 0.5) < 0.01);
}

}  // namespace
}  // namespace maskscope
