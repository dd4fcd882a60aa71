#include "core/scheme.h"

#include <set>
#include <string>

#include "core/error.h"
#include "tests/catch.h"

namespace maskscope {

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

TEST_CASE("presets have the numbers of 4M's configurations") {
  struct Case {
    const char* name;
    int modalities, components;
    TokenRange input, target;
  };
  for (const Case& c : {Case{"4m-7", 8, 2, {128, 128}, {128, 128}}, Case{"4m-7-capbias", 8, 6, {128, 128}, {128, 128}},
                        Case{"4m-21", 19, 7, {256, 256}, {256, 256}}, Case{"text2im", 8, 3, {64, 256}, {256, 256}},
                        Case{"superres-448", 14, 4, {64, 1024}, {1024, 1024}}}) {
    INFO(c.name);
    const Scheme scheme = preset_scheme(c.name);
    CHECK(scheme.num_modalities() == c.modalities);
    CHECK(scheme.num_components() == c.components);
    CHECK(scheme.input_tokens == c.input);
    CHECK(scheme.target_tokens == c.target);
    CHECK(scheme.encoder_slots == c.input.high);
    CHECK(scheme.decoder_slots == c.target.high);
  }
  const Scheme superres = preset_scheme("superres-448");
  for (const SchemeModality& entry : superres.modalities) {
    const bool is_target = entry.modality.name.starts_with("tok_") && entry.modality.name.ends_with("@448");
    CHECK(entry.is_out_domain == is_target);
    CHECK((entry.target_alphas[3] == 1.0) == is_target);
  }
  CHECK(superres.modalities[static_cast<std::size_t>(superres.find("tok_rgb@448"))].target_alphas == std::vector{5.0, 1.0, 1.0, 1.0});
  const Scheme bias = preset_scheme("4m-7-capbias");
  CHECK(bias.modalities[0].keep[5] == KeepScheme::all);
  CHECK(bias.sampling_weights == std::vector<double>(6, 1.0));
}

}  // namespace maskscope
