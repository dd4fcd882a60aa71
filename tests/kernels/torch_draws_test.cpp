#include "kernels/torch_draws.h"

#include <limits>

#include "tests/catch.h"

namespace maskscope {

TEST_CASE("The Mersenne twister is seeded as by its authors") {
  // The first outputs that mt19937ar.c prints, and the 10000th that the C++ standard demands.
  MersenneTwister engine = init_genrand(5489);
  CHECK(engine() == 3499211612u);
  engine.discard(9998);
  CHECK(engine() == 4123659995u);

  const std::vector<std::uint32_t> key = {0x123, 0x234, 0x345, 0x456};
  MersenneTwister from_key = init_by_array(view_of(key));
  for (const std::uint32_t output : {1067595299u, 955945823u, 477289528u, 4107218783u, 4228976476u}) {
    CHECK(from_key() == output);
  }
  // A key longer than the state wraps around it.
  std::vector<std::uint32_t> long_key(700);
  for (std::size_t i = 0; i < long_key.size(); ++i) long_key[i] = static_cast<std::uint32_t>(i);
  MersenneTwister whole = init_by_array(view_of(long_key));
  long_key.back() ^= 1;
  CHECK(whole() != init_by_array(view_of(long_key))());
}

TEST_CASE("Seeds of 64 bits reach each generator as in Python") {
  constexpr std::uint64_t low = 7, high = (std::uint64_t{1} << 32) + 7;
  // torch.manual_seed and the seed given to NumPy are the low 32 bits; Python takes all.
  CHECK(TorchGenerator(low).rand24() == TorchGenerator(high).rand24());
  CHECK(TorchGenerators(low).numpy.below(1u << 30) == TorchGenerators(high).numpy.below(1u << 30));
  CHECK(PythonRandom(low).uniform() != PythonRandom(high).uniform());
  // random.seed(2**64 - 1); random.random()
  CHECK(PythonRandom(std::numeric_limits<std::uint64_t>::max()).uniform() == 0.021825695401270107);
}

TEST_CASE("Integers of the generators stay below their bound") {
  PythonRandom python(1);
  NumpyRandom numpy(1);
  for (const std::uint32_t n : {1u, 2u, 3u, 31u, 32u, 33u, (1u << 31) + 1, ~0u}) {
    for (int i = 0; i < 50; ++i) {
      CHECK(python.below(n) < n);
      CHECK(numpy.below(n) < n);
    }
  }
  // One value: Python draws for it, NumPy does not.
  PythonRandom python_after(1);
  NumpyRandom numpy_after(1);
  python_after.below(1);
  numpy_after.below(1);
  CHECK(python_after.uniform() != PythonRandom(1).uniform());
  CHECK(numpy_after.below(~0u) == NumpyRandom(1).below(~0u));
}

TEST_CASE("The decoder's order is Python's next sample and leaves Python's generator alone") {
  TorchGenerators generators(3);
  TorchDraws draws(generators);
  draws.uniform({});
  PythonRandom python = generators.python;
  for (const std::int32_t n : {0, 1, 2, 7, 30}) {
    draws.shuffle_decoder(n);
    const std::vector<std::int32_t> order = PythonRandom(python).permutation(n);
    REQUIRE(static_cast<std::int32_t>(order.size()) == n);
    for (std::size_t place = 0; place < order.size(); ++place) {
      CHECK(draws.order_key(0, order[place]) == place);
    }
  }
  CHECK(generators.python.uniform() == python.uniform());
}

TEST_CASE("Every verb draws from its own generator") {
  const auto moves = [](auto&& use) {
    TorchGenerators generators(5), untouched(5);
    TorchDraws draws(generators);
    use(draws);
    return std::vector<bool>{generators.torch.rand24() != untouched.torch.rand24(),
                             generators.python.uniform() != untouched.python.uniform(),
                             generators.numpy.below(~0u) != untouched.numpy.below(~0u)};
  };
  const std::vector<bool> torch = {true, false, false}, python = {false, true, false}, numpy = {false, false, true};
  SerialGroup group;
  std::vector<std::uint32_t> noise(4);
  const std::vector<double> alphas = {1.0, 1e-9}, weights = {0.5, 0.5};
  std::vector<double> gammas(2);
  std::vector<float> p(2);
  const DirichletRequest request{.modalities = {}, .alphas = view_of(alphas)};
  CHECK(moves([&](TorchDraws& draws) { draws.rand24(group, {DrawPurpose::span, 1, 0}, 3, view_of(noise)); }) == torch);
  CHECK(moves([&](TorchDraws& draws) { draws.dirichlet(group, request, view_of(gammas), view_of(p)); }) == torch);
  CHECK(moves([&](TorchDraws& draws) { draws.weighted_component(view_of(weights)); }) == torch);
  CHECK(moves([&](TorchDraws& draws) { draws.uniform({DrawPurpose::keep_probability, 1, 0}); }) == python);
  CHECK(moves([&](TorchDraws& draws) { draws.choice({DrawPurpose::keep_probability, 1, 0}); }) == python);
  CHECK(moves([&](TorchDraws& draws) { draws.randint({DrawPurpose::component, 0, 0}, 5); }) == python);
  CHECK(moves([&](TorchDraws& draws) { draws.randint({DrawPurpose::num_target_tokens, 0, 0}, 5); }) == python);
  CHECK(moves([&](TorchDraws& draws) { draws.randint({DrawPurpose::target_window, 1, 0}, 5); }) == numpy);
}

}  // namespace maskscope
