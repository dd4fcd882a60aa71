// Scheme files of this program: written, read back equal, and what is refused.
#include <algorithm>

#include "core/data/scheme_config.h"
#include "core/data/yaml_document.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/scheme_fixtures.h"

namespace maskscope {
namespace {

Scheme read_back(const Scheme& scheme) {
  const test::ConfigFolder folder;
  const LoadedConfig config = read_config(folder.write("scheme.yaml", scheme_to_yaml(scheme)));
  CHECK(config.kind == ConfigKind::scheme);
  CHECK(config.problems.empty());
  REQUIRE(config.training.size() == 1);
  CHECK(config.training[0].is_usable);
  return config.training[0].scheme;
}

std::string error_of(const std::string& text) {
  const test::ConfigFolder folder;
  try {
    read_config(folder.write("scheme.yaml", text));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// A scheme with modalities of its own, in which every field differs from what is usual.
Scheme unusual_scheme() {
  Scheme scheme = preset_scheme("4m-21");
  scheme.name = "yes: \"mine\", \xC3\xA9\n";
  scheme.sampling_weights = {0.1, 1.0 / 3.0, 0.0, 1e-9, 1e6, 2.0, 3.0};
  scheme.input_tokens = {1, 300};
  scheme.target_tokens.reset();
  scheme.max_tries = 7;
  scheme.encoder_slots = 299;
  scheme.decoder_slots = 511;
  const auto add = [&](Modality modality) {
    SchemeModality entry = scheme.modalities.front();
    entry.modality = std::move(modality);
    entry.direct_encoder_tokens = 3;
    entry.direct_decoder_tokens = 2;
    scheme.modalities.push_back(entry);
  };
  Modality tokens{.name = "on",
                  .short_name = "\xC3\xA4",
                  .kind = ModalityKind::seq_token,
                  .id = 77,
                  .min_tokens = 1,
                  .max_tokens = 64,
                  .vocab_size = 1024,
                  .vocab_offset = 300};
  Modality rows{.name = "zz rows: #1",
                .short_name = "1:30",
                .kind = ModalityKind::seq_emb,
                .id = modality_id("zz rows: #1"),
                .max_tokens = 9,
                .has_decoder_embedding = false};
  Modality grid{.name = "zzz",
                .short_name = "zzz",
                .id = modality_id("zzz"),
                .max_tokens = 16,
                .vocab_size = 5,
                .input_size = 64,
                .patch_size = 16,
                .has_encoder_embedding = false,
                .num_channels = 4,
                .max_positions = 20,
                .has_learned_positions = true};
  add(rows);
  add(grid);
  scheme.modalities.back().keep.assign(7, KeepScheme::binary);  // of no effect, but kept
  add(tokens);
  std::sort(scheme.modalities.begin(), scheme.modalities.end(),
            [](const auto& a, const auto& b) { return a.modality.name < b.modality.name; });
  SchemeModality& rgb = scheme.modalities[static_cast<std::size_t>(scheme.find("rgb@224"))];
  rgb.is_in_domain = false;
  rgb.modality = *builtin_modality("rgb@224", 14);
  return scheme;
}

std::string minimal(const std::string& modalities) {
  return "maskscope_scheme: 1\ninput_tokens: [1, 2]\ntarget_tokens: all\nencoder_slots: 4\ndecoder_slots: 4\nmodalities:\n" +
         modalities;
}

}  // namespace

TEST_CASE("every preset is read back equal from its scheme file") {
  for (const std::string& name : preset_names()) {
    INFO(name);
    CHECK(read_back(preset_scheme(name)) == preset_scheme(name));
  }
}

TEST_CASE("a scheme with modalities of its own is read back equal") {
  const Scheme scheme = unusual_scheme();
  CHECK_NOTHROW(validate(scheme));
  CHECK(read_back(scheme) == scheme);
}

TEST_CASE("direct and transfer schemes are read back equal") {
  Scheme scheme = preset_scheme("text-to-image");
  scheme.mode = BudgetMode::transfer;
  for (SchemeModality& entry : scheme.modalities)
    entry.transfer_role = entry.modality.name == "caption" ? TransferRole::input : TransferRole::target;
  CHECK(read_back(scheme) == scheme);
  scheme = preset_scheme("mae");
  CHECK(scheme.mode == BudgetMode::direct);
  CHECK(read_back(scheme) == scheme);
}

TEST_CASE("a scheme file by hand needs little") {
  const test::ConfigFolder folder;
  const auto path = folder.write("mine.yaml", minimal("  my_tokens:\n    kind: img\n    input_size: 64\n    patch_size: 16\n    "
                                                      "input_alphas: [1.0]\n    target_alphas: [0.5]\n"
                                                      "  caption: {input_alphas: [1.0], target_alphas: [2.0], keep: [all]}\n"));
  const Scheme scheme = read_config(path).training[0].scheme;
  CHECK(scheme.name == "mine");
  CHECK_FALSE(scheme.target_tokens.has_value());
  REQUIRE(scheme.num_modalities() == 2);
  CHECK(scheme.modalities[1].modality.max_tokens == 16);
  CHECK(scheme.modalities[1].modality.short_name == "my_to");
  CHECK(scheme.modalities[0].keep == std::vector{KeepScheme::all});
}

TEST_CASE("scheme files: what is wrong is named with its place") {
  CHECK_THAT(error_of("maskscope_scheme: 2\n"),
             contains_text("scheme.yaml, line 1, column 19: maskscope_scheme is 2, but this program reads version 1"));
  CHECK_THAT(error_of("maskscope_scheme: 1\n"), contains_text("input_tokens is missing."));
  CHECK_THAT(error_of("maskscope_scheme: 1\nalphas: 3\n"),
             contains_text("line 2, column 1: alphas is no key of a scheme file. The keys here are: maskscope_scheme, name,"));
  CHECK_THAT(error_of(minimal("  caption: 5\n")), contains_text("modalities.caption is the number 5, but a map was expected"));
  CHECK_THAT(error_of(minimal("  caption: {}\n")), contains_text("modalities.caption.input_alphas is missing."));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1]}\n")),
             contains_text("modalities.caption.target_alphas is missing."));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1e-9], target_alphas: [1]}\n")),
             contains_text("input_alphas has the text \"1e-9\", but a number was expected"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: 1, target_alphas: [1]}\n")),
             contains_text("input_alphas is the number 1, but a list was expected"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1], target_alphas: [1, 2]}\n")),
             contains_text("Modality caption, target_alphas: found 2 entries"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [-1], target_alphas: [1]}\n")),
             contains_text("Modality caption, input_alphas, component 1: found -1"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1], target_alphas: [1], keep: [some]}\n")),
             contains_text("keep is the text \"some\", but one of random, all, binary was expected"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1], target_alphas: [1], kepe: [all]}\n")),
             contains_text("modalities.caption.kepe is no key of a scheme file"));
  CHECK_THAT(error_of(minimal("  mine: {input_alphas: [1], target_alphas: [1]}\n")),
             contains_text("modalities.mine.kind is missing."));
  CHECK_THAT(error_of(minimal("  mine: {kind: seq, input_alphas: [1], target_alphas: [1]}\n")),
             contains_text("modalities.mine.max_tokens is missing."));
  CHECK_THAT(error_of(minimal("  mine: {kind: text, max_tokens: 3, input_alphas: [1], target_alphas: [1]}\n")),
             contains_text("kind is the text \"text\", but one of img, seq, seq_token, seq_emb"));
  CHECK_THAT(error_of(minimal("  mine: {kind: seq, max_tokens: 70000, input_alphas: [1], target_alphas: [1]}\n")),
             contains_text("Modality mine, max_tokens: found 70000"));
  CHECK_THAT(error_of(minimal("  mine: {kind: seq, max_tokens: lots, input_alphas: [1], target_alphas: [1]}\n")),
             contains_text("max_tokens is the text \"lots\", but a whole number was expected"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1], target_alphas: [1], in: 1}\n")),
             contains_text("in is the number 1, but true or false was expected"));
  CHECK_THAT(error_of(minimal("  caption: {input_alphas: [1], target_alphas: [1], role: both}\n")),
             contains_text("role is the text \"both\", but input or target was expected"));
  CHECK_THAT(error_of(minimal("  []\n")), contains_text("modalities is a list of 0"));
  CHECK_THAT(error_of(minimal("  {}\n")), contains_text("The scheme has no modality"));
  CHECK_THAT(error_of("maskscope_scheme: 1\ninput_tokens: 5\ntarget_tokens: all\n"),
             contains_text("input_tokens is the number 5, but a list was expected"));
  CHECK_THAT(error_of("maskscope_scheme: 1\ninput_tokens: [5]\ntarget_tokens: all\n"),
             contains_text("input_tokens is a list of 1, but two numbers"));
  CHECK_THAT(error_of("maskscope_scheme: 1\ninput_tokens: [1, 2]\ntarget_tokens: all\nencoder_slots: 4\n"),
             contains_text("decoder_slots is missing."));
}

TEST_CASE("the example of docs/schemes.md is a scheme file") {
  const std::string page = test::read_all(MASKSCOPE_SOURCE_DIR "/docs/schemes.md");
  const std::size_t begin = page.find("```yaml\n") + 8;
  const test::ConfigFolder folder;
  const LoadedConfig config = read_config(folder.write("example.yaml", page.substr(begin, page.find("```", begin) - begin)));
  CHECK(config.training[0].scheme.name == "my scheme");
  CHECK(config.training[0].scheme.num_modalities() == 3);
}

TEST_CASE("a scheme file is written back in place") {
  const test::ConfigFolder folder;
  const auto path = folder.write("mae.yaml", "# mine\n" + scheme_to_yaml(preset_scheme("mae")));
  const LoadedConfig config = read_config(path);
  Scheme changed = config.training[0].scheme;
  changed.modalities[0].direct_encoder_tokens = 40;
  changed.encoder_slots = 40;
  changed.modalities[0].input_alphas[0] = 0.25;
  const auto texts = with_scheme(config, 0, changed);
  REQUIRE(texts.size() == 1);
  CHECK(texts.at(path) == "# mine\n" + scheme_to_yaml(changed));
}

}  // namespace maskscope
