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

}  // namespace maskscope
