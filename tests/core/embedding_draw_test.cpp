#include "core/embedding_draw.h"

#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "core/draw.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

struct Moments {
  double mean = 0, variance = 0, fourth = 0;  // fourth: mean of the fourth powers
  int above_two_deviations = 0, count = 0;
};

Moments moments(const std::vector<float>& values, double deviation) {
  Moments result;
  result.count = static_cast<int>(values.size());
  for (const float value : values) {
    const double square = double{value} * double{value};
    result.mean += double{value} / result.count;
    result.variance += square / result.count;
    result.fourth += square * square / result.count;
    result.above_two_deviations += std::fabs(double{value}) > 2 * deviation;
  }
  return result;
}

}  // namespace

TEST_CASE("values of seeded tables have the moments of their distribution") {
  constexpr int num_rows = 400, num_blocks = 192;
  const double bound = xavier_bound(768, 768);
  std::vector<float> normal, uniform;
  for (std::uint32_t row = 0; row < num_rows; ++row) {
    for (std::uint32_t block = 0; block < num_blocks; ++block) {
      for (const float value : normal_components({3, EmbeddingTable::encoder_tokens, 32652, row}, block).value) {
        normal.push_back(value);
      }
      for (const float value : uniform_components({3, EmbeddingTable::pixel_projection, 20716, row}, block, bound).value) {
        uniform.push_back(value);
      }
    }
  }
  // Six standard errors each.
  const double n = static_cast<double>(normal.size());
  const Moments of_normal = moments(normal, initial_std);
  const double variance = initial_std * initial_std;
  CHECK(std::fabs(of_normal.mean) < 6 * initial_std / std::sqrt(n));
  CHECK(std::fabs(of_normal.variance - variance) < 6 * variance * std::sqrt(2 / n));
  CHECK(std::fabs(of_normal.fourth - 3 * variance * variance) < 6 * variance * variance * std::sqrt(96 / n));
  CHECK(std::fabs(of_normal.above_two_deviations - 0.0455002639 * n) < 6 * std::sqrt(0.0455 * 0.9545 * n));

  const Moments of_uniform = moments(uniform, bound);
  const double uniform_variance = bound * bound / 3;
  CHECK(std::fabs(of_uniform.mean) < 6 * std::sqrt(uniform_variance / n));
  CHECK(std::fabs(of_uniform.variance - uniform_variance) < 6 * bound * bound * std::sqrt((1.0 / 5 - 1.0 / 9) / n));
  for (const float value : uniform) REQUIRE(std::fabs(double{value}) < bound);
}

TEST_CASE("neighbouring values of seeded tables are independent") {
  // Correlations within a pair, across a block, a row, a table and a seed: six standard errors.
  constexpr int count = 200000;
  const TableRowName name{9, EmbeddingTable::decoder_tokens, 5, 0};
  double within_pair = 0, across_pairs = 0, across_rows = 0, across_tables = 0, across_seeds = 0;
  for (std::uint32_t row = 0; row < count; ++row) {
    TableRowName own = name, next = name, other_table = name, other_seed = name;
    own.row = other_table.row = other_seed.row = row;
    next.row = row + 1;
    other_table.table = EmbeddingTable::encoder_tokens;
    other_seed.seed = 10;
    const FourComponents values = normal_components(own, 0);
    const auto product = [&](float other) {
      return double{values.value[0]} * double{other} / (initial_std * initial_std * count);
    };
    within_pair += product(values.value[1]);
    across_pairs += product(values.value[2]);
    across_rows += product(normal_components(next, 0).value[0]);
    across_tables += product(normal_components(other_table, 0).value[0]);
    across_seeds += product(normal_components(other_seed, 0).value[0]);
  }
  for (const double correlation : {within_pair, across_pairs, across_rows, across_tables, across_seeds}) {
    CHECK(std::fabs(correlation) < 6 / std::sqrt(static_cast<double>(count)));
  }
}

TEST_CASE("names of table values are unique and never those of a masking draw") {
  std::set<std::uint64_t> blocks;
  std::size_t count = 0;
  const auto add = [&](const PhiloxBlock& block) {
    blocks.insert(std::uint64_t{block.word[0]} << 32 | block.word[1]);
    ++count;
  };
  for (std::uint32_t table = 129; table <= 137; ++table) {
    for (const std::uint32_t id : {0u, 1u, 32767u}) {
      for (const std::uint32_t row : {0u, 1u, 65535u, 1u << 30}) {
        for (const std::uint32_t block : {0u, 1u, 191u}) {
          add(TableRowName{4, static_cast<EmbeddingTable>(table), id, row}.block(block));
        }
      }
    }
  }
  for (std::uint32_t purpose = 1; purpose <= 10; ++purpose) {
    for (const std::uint32_t id : {0u, 1u, 32767u}) {
      for (const std::uint32_t attempt : {0u, 1u, 65535u}) {
        for (const std::uint32_t index : {0u, 1u, 191u}) {
          add(SampleDraws{4, 0}.block({static_cast<DrawPurpose>(purpose), id, attempt}, index));
        }
      }
    }
  }
  CHECK(blocks.size() == count);
}

TEST_CASE("values of seeded tables keep their bits") {
  // Recorded: a seed must give the same tables in every later version.
  static_assert(embedding_naming_version == 1);
  const FourComponents normal = normal_components({42, EmbeddingTable::decoder_tokens, 32652, 7}, 3);
  const FourComponents uniform =
      uniform_components({42, EmbeddingTable::pixel_projection, 20716, 7}, 3, xavier_bound(768, 768));
  const float expected_normal[] = {0x1.16f84cp-8f, -0x1.2a8512p-5f, -0x1.1398cp-5f, -0x1.55abbcp-6f};
  const float expected_uniform[] = {0x1.22bbf8p-5f, -0x1.99998ep-7f, 0x1.64520ap-8f, -0x1.f9445ap-5f};
  for (int i = 0; i < 4; ++i) {
    CHECK(normal.value[i] == expected_normal[i]);
    CHECK(uniform.value[i] == expected_uniform[i]);
  }
}

}  // namespace maskscope
