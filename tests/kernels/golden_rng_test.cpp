#include "kernels/numpy_random.h"
#include "kernels/python_random.h"
#include "kernels/torch_generator.h"
#include "tests/catch.h"
#include "tests/kernels/golden_file.h"

namespace maskscope {
namespace {

using nlohmann::json;

// n and the first few elements of torch.rand(n).
void check_rand(TorchGenerator& generator, const json& call) {
  const auto recorded = call[2].get<std::vector<std::uint32_t>>();
  std::vector<std::uint32_t> draws(call[1].get<std::size_t>());
  for (std::uint32_t& draw : draws) draw = generator.rand24();
  REQUIRE(recorded.size() <= draws.size());
  draws.resize(recorded.size());
  REQUIRE(draws == recorded);
}

// alphas, the first few samples, and how many there were.
void check_dirichlet(TorchGenerator& generator, const json& call) {
  const auto alphas = call[1].get<std::vector<double>>();
  std::vector<double> gammas(alphas.size());
  std::vector<float> p(alphas.size());
  for (std::size_t sample = 0; sample < call[3].get<std::size_t>(); ++sample) {
    generator.dirichlet(view_of(alphas), view_of(gammas), view_of(p));
    if (sample < call[2].size()) REQUIRE(p == call[2][sample].get<std::vector<float>>());
  }
}

}  // namespace

TEST_CASE("golden: PyTorch's generator") {
  const auto golden = load_golden("rng");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("torch").empty());
  for (const json& entry : golden->at("torch")) {
    TorchGenerator generator(entry["seed"].get<std::uint64_t>());
    for (const json& call : entry["calls"]) {
      INFO("seed " << entry["seed"] << ", " << call[0] << " " << call[1]);
      if (call[0] == "rand") {
        check_rand(generator, call);
      } else if (call[0] == "dirichlet") {
        check_dirichlet(generator, call);
      } else {
        REQUIRE(call[0] == "multinomial");
        const auto weights = call[1].get<std::vector<double>>();
        REQUIRE(generator.multinomial(view_of(weights)) == call[2].get<std::int32_t>());
      }
    }
  }
}

TEST_CASE("golden: Python's generator") {
  const auto golden = load_golden("rng");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("python_random").empty());
  for (const json& entry : golden->at("python_random")) {
    PythonRandom generator(entry["seed"].get<std::uint64_t>());
    for (const json& call : entry["calls"]) {
      INFO("seed " << entry["seed"] << ", " << call);
      if (call[0] == "uniform") {
        REQUIRE(generator.uniform() == call[1].get<double>());
      } else if (call[0] == "choice") {
        REQUIRE(generator.below(2) == call[1].get<double>());
      } else if (call[0] == "randint") {
        const auto low = call[1].get<std::uint32_t>(), high = call[2].get<std::uint32_t>();
        REQUIRE(low + generator.below(high - low + 1) == call[3].get<std::uint32_t>());
      } else {
        REQUIRE(call[0] == "sample");
        REQUIRE(generator.permutation(call[1].get<std::int32_t>()) == call[2].get<std::vector<std::int32_t>>());
      }
    }
  }
}

TEST_CASE("golden: NumPy's generator") {
  const auto golden = load_golden("rng");
  if (!golden) return;
  REQUIRE_FALSE(golden->at("numpy_random").empty());
  for (const json& entry : golden->at("numpy_random")) {
    NumpyRandom generator(static_cast<std::uint32_t>(entry["seed"].get<std::uint64_t>()));
    for (const json& call : entry["calls"]) {
      INFO("seed " << entry["seed"] << ", " << call);
      REQUIRE(generator.below(call[0].get<std::uint32_t>()) == call[1].get<std::uint32_t>());
    }
  }
}

}  // namespace maskscope
