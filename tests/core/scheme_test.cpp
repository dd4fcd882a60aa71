#include "core/scheme.h"

#include <functional>
#include <limits>
#include <set>
#include <string>

#include "core/error.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

// The message for the default scheme after an edit; empty when it is accepted.
std::string message_after(const std::function<void(Scheme&)>& edit) {
  Scheme scheme = default_scheme();
  edit(scheme);
  try {
    validate(scheme);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void check_refused(const std::string& part1, const std::string& part2, const std::function<void(Scheme&)>& edit) {
  const std::string message = message_after(edit);
  INFO("message: " << message);
  CHECK(message.find(part1) != std::string::npos);
  CHECK(message.find(part2) != std::string::npos);
  CHECK((!message.empty() && message.back() == '.'));
}

SchemeModality& modality(Scheme& scheme, const char* name) {
  return scheme.modalities[static_cast<std::size_t>(scheme.find(name))];
}

}  // namespace

TEST_CASE("the default scheme is the one the window opens with") {
  const Scheme scheme = default_scheme();
  CHECK_NOTHROW(validate(scheme));
  CHECK(scheme.num_modalities() == 8);
  CHECK(scheme.num_components() == 1);
  CHECK(scheme.find("rgb@224") == 2);
  CHECK(scheme.find("rgb@448") == -1);
  CHECK(scheme.input_tokens == TokenRange{128, 128});
  std::set<std::string> short_names;
  for (const SchemeModality& entry : scheme.modalities) {
    CHECK(entry.modality.short_name.size() <= 5);
    short_names.insert(entry.modality.short_name);
    CHECK(entry.target_alphas[0] == (entry.modality.name == "rgb@224" ? 0.0 : 1.0));
  }
  CHECK(short_names.size() == 8);
}

TEST_CASE("presets are valid and named") {
  const auto names = preset_names();
  CHECK(names.front() == default_scheme().name);
  for (const std::string& name : names) {
    INFO(name);
    const Scheme scheme = preset_scheme(name);
    CHECK(scheme.name == name);
    CHECK_NOTHROW(validate(scheme));
  }
  CHECK(preset_scheme("all-to-all") == default_scheme());
  try {
    preset_scheme("nonsense");
    FAIL("no error");
  } catch (const Error& error) {
    for (const std::string& name : names) CHECK(std::string(error.what()).find(name) != std::string::npos);
  }
}

TEST_CASE("a scheme that cannot be computed is refused with modality and field") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  check_refused("no modality", "", [](Scheme& s) { s.modalities.clear(); });
  check_refused("det", "sorted", [](Scheme& s) { std::swap(s.modalities[0], s.modalities[7]); });
  check_refused("caption", "twice", [](Scheme& s) { s.modalities[1] = s.modalities[0]; });
  check_refused("det", "id", [](Scheme& s) { modality(s, "det").modality.id = 32652; });
  check_refused("det", "id", [](Scheme& s) { modality(s, "det").modality.id = 32768; });
  for (const double alpha : {-0.1, nan, infinity, 1e10}) {
    check_refused("rgb@224", "input_alphas", [&](Scheme& s) { modality(s, "rgb@224").input_alphas = {alpha}; });
    check_refused("rgb@224", "target_alphas", [&](Scheme& s) { modality(s, "rgb@224").target_alphas = {alpha}; });
  }
  check_refused("det", "target_alphas", [](Scheme& s) { modality(s, "det").target_alphas = {1, 1}; });
  check_refused("det", "input_alphas", [](Scheme& s) { modality(s, "det").input_alphas = {}; });
  check_refused("det", "keep", [](Scheme& s) { modality(s, "det").keep = {}; });
  check_refused("det", "keep", [](Scheme& s) { modality(s, "det").keep = {static_cast<KeepScheme>(7)}; });
  check_refused("caption", "component", [](Scheme& s) {
    for (SchemeModality& entry : s.modalities) entry.input_alphas.clear();
  });
  check_refused("sampling_weights", "2 entries", [](Scheme& s) { s.sampling_weights = {1, 1}; });
  for (const double weight : {-1.0, 0.0, nan, infinity}) {
    check_refused("sampling_weights", "", [&](Scheme& s) { s.sampling_weights = {weight}; });
  }
  for (const int max_tokens : {0, -1, 65536}) {
    check_refused("det", "max_tokens", [&](Scheme& s) { modality(s, "det").modality.max_tokens = max_tokens; });
  }
  check_refused("det", "min_tokens", [](Scheme& s) { modality(s, "det").modality.min_tokens = 257; });
  check_refused("det", "min_tokens", [](Scheme& s) { modality(s, "det").modality.min_tokens = -1; });
  check_refused("rgb@224", "grid of 196", [](Scheme& s) { modality(s, "rgb@224").modality.max_tokens = 195; });
  check_refused("input tokens", "above", [](Scheme& s) { s.input_tokens = {2, 1}; });
  check_refused("target tokens", "negative", [](Scheme& s) { s.target_tokens = TokenRange{-1, 1}; });
  check_refused("target tokens", "1048576", [](Scheme& s) { s.target_tokens = TokenRange{0, 1 << 21}; });
  check_refused("encoder slots", "0", [](Scheme& s) { s.encoder_slots = 0; });
  check_refused("decoder slots", "-3", [](Scheme& s) { s.decoder_slots = -3; });
  check_refused("max_tries", "4096", [](Scheme& s) { s.max_tries = 4096; });
  check_refused("modalities", "257", [](Scheme& s) { s.modalities.resize(257); });
}

TEST_CASE("budgets set by hand may not exceed the tokens") {
  const auto direct = [](const char* name, int encoder, int decoder) {
    return [=](Scheme& s) {
      s.mode = BudgetMode::direct;
      modality(s, name).direct_encoder_tokens = encoder;
      modality(s, name).direct_decoder_tokens = decoder;
    };
  };
  check_refused("tok_rgb@224", "197", direct("tok_rgb@224", 100, 97));
  check_refused("tok_rgb@224", "encoder", direct("tok_rgb@224", -1, 0));
  check_refused("caption", "encoder", direct("caption", 257, 0));
  check_refused("caption", "decoder", direct("caption", 0, 257));
  CHECK(message_after(direct("tok_rgb@224", 100, 96)).empty());
  CHECK(message_after(direct("caption", 256, 256)).empty());
}

}  // namespace maskscope
