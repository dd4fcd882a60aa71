#include "core/named_transform_draws.h"

#include <array>
#include <cassert>
#include <cstddef>
#include <numeric>
#include <utility>

#include "core/draw.h"

namespace maskscope {

namespace {

class NamedTransformDraws final : public TransformDraws {
 public:
  NamedTransformDraws(std::uint64_t seed, std::uint64_t sample_index) : draws_{seed, sample_index} {}

  int palette_length() override { return 1 + one_of(DrawPurpose::palette_length, 7); }
  int crop_row(int num_crops) override { return one_of(DrawPurpose::crop_row, num_crops); }
  int caption_choice(int num_captions) override { return one_of(DrawPurpose::caption_choice, num_captions); }
  std::vector<int> pose_order() override { return permutation(DrawPurpose::pose_order, 4); }
  std::vector<int> metadata_order(int num_entries) override { return permutation(DrawPurpose::metadata_order, num_entries); }
  std::uint32_t crop24() override { return draws_.rand24(next(DrawPurpose::crop_shape), 0); }
  int crop_offset(int num_offsets) override { return one_of(DrawPurpose::crop_offset, num_offsets); }
  double uniform() override {
    const PhiloxBlock block = draws_.block(next(DrawPurpose::flip), 0);
    return static_cast<double>((std::uint64_t{block.word[0]} << 32 | block.word[1]) >> 11) * 0x1p-53;
  }

 private:
  // Repeated draws of one purpose are told apart by their number: the attempt.
  DrawName next(DrawPurpose purpose) {
    return {purpose, 0, num_calls_[static_cast<std::size_t>(purpose) - static_cast<std::size_t>(DrawPurpose::palette_length)]++};
  }
  int one_of(DrawPurpose purpose, int n) {
    std::uint32_t block = 0;
    return integer(next(purpose), block, n);
  }

  // An integer below n from the blocks at block and behind, which moves on: one block at least for each integer.
  int integer(DrawName name, std::uint32_t& block, int n) const {
    assert(n >= 1);
    const auto range = static_cast<std::uint32_t>(n);
    const std::uint32_t uneven_rest = (0u - range) % range;  // Lemire's multiplication, as all integers of docs/draws.md
    for (;;) {
      for (const std::uint32_t word : draws_.block(name, block++).word) {
        const std::uint64_t product = std::uint64_t{word} * range;
        if (static_cast<std::uint32_t>(product) >= uneven_rest) return static_cast<int>(product >> 32);
      }
    }
  }

  std::vector<int> permutation(DrawPurpose purpose, int n) {
    std::vector<int> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    const DrawName name = next(purpose);
    std::uint32_t block = 0;
    for (int i = n - 1; i >= 1; --i) {
      std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(integer(name, block, i + 1))]);
    }
    return order;
  }

  static constexpr std::size_t num_purposes =
      static_cast<std::size_t>(DrawPurpose::flip) - static_cast<std::size_t>(DrawPurpose::palette_length) + 1;
  SampleDraws draws_;
  std::array<std::uint32_t, num_purposes> num_calls_{};
};

}  // namespace

std::unique_ptr<TransformDraws> named_transform_draws(std::uint64_t seed, std::uint64_t sample_index) {
  assert(sample_index <= max_sample_index);
  return std::make_unique<NamedTransformDraws>(seed, sample_index);
}

}  // namespace maskscope
