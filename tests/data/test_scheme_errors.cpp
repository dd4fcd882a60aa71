// Configurations that are wrong: what is said, and that the rest stays usable.
#include <algorithm>

#include "core/data/scheme_config.h"
#include "core/error.h"
#include "tests/catch.h"
#include "tests/data/scheme_fixtures.h"

namespace maskscope {
namespace {

using test::data_config;
using test::problems_text;
using test::ConfigFolder;

std::string error_of(const std::filesystem::path& path) {
  try {
    read_config(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// A data config with this alphas file.
LoadedConfig with_alphas(const ConfigFolder& folder, const std::string& in_domains, const std::string& out_domains,
                         const std::string& alphas) {
  folder.write("cfgs/alphas/a.yaml", alphas);
  return read_config(
      folder.write("cfgs/data/d.yaml", data_config(in_domains, out_domains, "      alphas_config: cfgs/alphas/a.yaml\n")));
}

}  // namespace

TEST_CASE("files that hold no configuration are refused with what was found and expected") {
  const ConfigFolder folder;
  CHECK_THAT(error_of(folder.path() / "nothing.yaml"), contains_text("there is no such file"));
  CHECK_THAT(error_of(folder.path()), contains_text("this is a folder, a configuration in YAML was expected"));
  CHECK_THAT(error_of("/dev/zero"), contains_text("this is a device"));
  CHECK_THAT(error_of(folder.write("empty.yaml", "")), contains_text("it holds nothing. Expected a data config"));
  CHECK_THAT(error_of(folder.write("list.yaml", "- a\n- b\n")), contains_text("it holds a list of 2. Expected a data config"));
  CHECK_THAT(error_of(folder.write("text.yaml", "just a caption")), contains_text("it holds the text \"just a caption\""));
  CHECK_THAT(error_of(folder.write("other.yaml", "a: 1\n")), contains_text("it holds a map of 1 entry"));
  CHECK_THAT(error_of(folder.write("broken.yaml", "train: [\n")),
             contains_text("broken.yaml, line 2, column 1: this is not valid YAML"));
  CHECK_THAT(error_of(folder.write("latin.yaml", "a: \xE9\n")),
             contains_text("latin.yaml, line 1, column 4: byte 3 is not UTF-8"));
  CHECK_THAT(error_of(folder.write("no_sets.yaml", "train: {}\n")), contains_text("train.datasets is missing"));
  CHECK_THAT(error_of(folder.write("no_set.yaml", "train: {datasets: {}}\n")), contains_text("train.datasets holds no data set"));
  CHECK_THAT(error_of(folder.write("list_of_sets.yaml", "train: {datasets: [a]}\n")),
             contains_text("train.datasets is a list of 1, but a map"));
  CHECK_THAT(error_of(folder.write("text_set.yaml", "train: {datasets: {a: b}}\n")),
             contains_text("data set a is the text \"b\", but a map was expected"));
}

TEST_CASE("a modality without alphas, and alphas without a modality") {
  const ConfigFolder folder;
  const LoadedConfig config = with_alphas(folder, "rgb@224-caption", "caption",
                                          "caption: {input_alphas: [0.5], target_alphas: [0.25], keep: [all]}\ndet: "
                                          "{input_alphas: [1], target_alphas: [1], keep: [all]}\n");
  const std::string text = problems_text(config);
  CHECK_THAT(text, contains_text("a.yaml, modality rgb@224: Line 1, column 1: Data set one has this modality among its domains, "
                                 "but the alphas file has no entry for it."));
  CHECK_THAT(text, contains_text("a.yaml, modality det: Line 2, column 1: These alphas are not used"));
  CHECK_FALSE(config.training[0].is_usable);
  // The rest is there.
  const Scheme& scheme = config.training[0].scheme;
  REQUIRE(scheme.num_modalities() == 2);
  CHECK(scheme.modalities[0].target_alphas == std::vector{0.25});
  CHECK(scheme.modalities[0].keep == std::vector{KeepScheme::all});
  CHECK(scheme.modalities[1].input_alphas == std::vector{0.0});
  CHECK_NOTHROW(validate(scheme));
}

TEST_CASE("keep that is missing, too short, or no keep scheme") {
  const ConfigFolder folder;
  const LoadedConfig missing =
      with_alphas(folder, "caption", "caption", "caption:\n  input_alphas: [0.5]\n  target_alphas: [0.5]\n");
  CHECK_THAT(problems_text(missing), contains_text("modality caption: Line 2, column 3: keep is missing.") &&
                                         contains_text("The reference: It stops with a KeyError."));
  CHECK(missing.training[0].scheme.modalities[0].keep == std::vector{KeepScheme::random});
  const LoadedConfig few =
      with_alphas(folder, "caption", "caption", "caption:\n  input_alphas: [0.5, 1]\n  target_alphas: [0.5, 1]\n  keep: [all]\n");
  CHECK_THAT(problems_text(few), contains_text("keep: 1 entries for 2 mixture components") && contains_text("IndexError"));
  CHECK(few.training[0].scheme.modalities[0].keep == std::vector{KeepScheme::all, KeepScheme::random});
  const LoadedConfig wrong =
      with_alphas(folder, "caption", "caption", "caption:\n  input_alphas: [0.5]\n  target_alphas: [0.5]\n  keep: [some]\n");
  CHECK_THAT(problems_text(wrong),
             contains_text("Line 4, column 10: keep: found the text \"some\", but random, all or binary was expected"));
  const LoadedConfig word =
      with_alphas(folder, "caption", "caption", "caption:\n  input_alphas: [0.5]\n  target_alphas: [0.5]\n  keep: random\n");
  CHECK_THAT(problems_text(word), contains_text("keep: found the text \"random\", but a list"));
  for (const LoadedConfig* config : {&missing, &few, &wrong, &word}) CHECK_FALSE(config->training[0].is_usable);
}

TEST_CASE("lists of unequal length, texts for numbers, infinities") {
  const ConfigFolder folder;
  const LoadedConfig ragged = with_alphas(folder, "caption-tok_rgb@224", "caption-tok_rgb@224",
                                          "caption: {input_alphas: [1, 2], target_alphas: [1, 2], keep: [all, "
                                          "all]}\ntok_rgb@224: {input_alphas: [1], target_alphas: [1, 2]}\n");
  CHECK_THAT(problems_text(ragged),
             contains_text("modality tok_rgb@224: Line 2, column 29: input_alphas has 1 entries, but that of caption has 2."));
  CHECK(ragged.training[0].scheme.modalities[1].input_alphas == std::vector{1.0, 0.0});
  const LoadedConfig spelled = with_alphas(folder, "tok_rgb@224", "tok_rgb@224",
                                           "tok_rgb@224: {input_alphas: [1e-9, .inf, x], target_alphas: [5e2, 2.0e+12, -1]}\n");
  const std::string text = problems_text(spelled);
  CHECK_THAT(text, contains_text("1e-9 is a text to YAML 1.1, where an exponent needs a point and a sign. Write 1.0e-09."));
  CHECK_THAT(text, contains_text("an infinite alpha makes no distribution"));
  CHECK_THAT(text, contains_text("input_alphas has the text \"x\", but a number was expected"));
  CHECK_THAT(text, contains_text("2e+12 is shown as 1e9"));
  CHECK_THAT(text,
             contains_text("-1 is below 0 and shown as 0") && contains_text("It raises every alpha to 1e-9 without a word."));
  CHECK(spelled.training[0].scheme.modalities[0].input_alphas == std::vector{1e-9, 1e9, 0.0});
  CHECK(spelled.training[0].scheme.modalities[0].target_alphas == std::vector{500.0, 1e9, 0.0});
  CHECK_FALSE(spelled.training[0].is_usable);
}

TEST_CASE("alphas files that are missing, broken, empty, or a list") {
  const ConfigFolder folder;
  const auto problems_with = [&](const std::string& content) {
    return problems_text(with_alphas(folder, "caption", "caption", content));
  };
  CHECK_THAT(problems_with("a: [\n"),
             contains_text("Data set one, alphas_config: ") && contains_text("a.yaml, line 2, column 1: this is not valid YAML"));
  CHECK_THAT(problems_with("# nothing\n"), contains_text("The alphas file is empty."));
  CHECK_THAT(problems_with("- caption\n"),
             contains_text("The alphas file holds a list of 1, but a map of modalities was expected."));
  CHECK_THAT(problems_with("caption: 5\n"), contains_text("The alphas file has the number 5 here, but a map with input_alphas"));
  CHECK_THAT(problems_with(
                 "sampling_weights: [1, 1]\nalphas_mixture:\n  caption: {input_alphas: [1], target_alphas: [1], keep: [all]}\n"),
             contains_text("sampling_weights has 2 entries for 1 mixture components"));
  CHECK_THAT(
      problems_with("sampling_weights: [0]\nalphas_mixture:\n  caption: {input_alphas: [1], target_alphas: [1], keep: [all]}\n"),
      contains_text("none below 0 and one above"));
  CHECK_THAT(problems_with("caption: {input_alphas: [1], target_alphas: [1], keep: [all], keep: [random]}\n"),
             contains_text("The key keep stands here a second time"));

  const LoadedConfig missing =
      read_config(folder.write("d.yaml", data_config("caption", "caption", "      alphas_config: cfgs/bolt/none.yaml\n")));
  CHECK_THAT(problems_text(missing), contains_text("there is no file cfgs/bolt/none.yaml") && contains_text("FileNotFoundError"));
  CHECK_FALSE(missing.training[0].is_usable);
  CHECK(missing.training[0].scheme.num_modalities() == 1);
  // Without its ending, as one of the official data configs names it.
  folder.write("cfgs/alphas/b.yaml", "caption: {input_alphas: [0.75], target_alphas: [1], keep: [all]}\n");
  const LoadedConfig shortened =
      read_config(folder.write("d.yaml", data_config("caption", "caption", "      alphas_config: cfgs/alphas/b\n")));
  CHECK_THAT(problems_text(shortened),
             contains_text("cfgs/alphas/b is not there, but cfgs/alphas/b.yaml is, and is shown. Add .yaml to the name."));
  CHECK_FALSE(shortened.training[0].is_usable);
  CHECK(shortened.training[0].scheme.modalities[0].input_alphas == std::vector{0.75});
}

TEST_CASE("unknown modalities are left out, and the rest stays") {
  const ConfigFolder folder;
  const auto read = [&](const std::string& domains) {
    return read_config(
        folder.write("d.yaml", data_config(domains, "caption", "      input_alphas: \"1.0\"\n      target_alphas: \"1.0\"\n")));
  };
  const LoadedConfig unknown = read("caption-my_tokens");
  CHECK_THAT(
      problems_text(unknown),
      contains_text(
          "modality my_tokens: Line 3, column 5: Data set one names the modality \"my_tokens\", which is not in 4M's table."));
  CHECK(unknown.training[0].scheme.num_modalities() == 1);
  CHECK_FALSE(unknown.training[0].is_usable);
  CHECK_THAT(problems_text(read("caption-")), contains_text("There is a hyphen too many."));
  CHECK_THAT(problems_text(read("caption - det")), contains_text("Blanks are part of a name: take them out."));
  CHECK_THAT(problems_text(read("caption-CLIP-B16")), contains_text("the modality \"B16\""));
  CHECK_THAT(problems_text(read("[caption]")),
             contains_text("in_domains is a list of 1, but names of modalities joined by hyphens were expected"));
  // A size that the reference's table lacks.
  const LoadedConfig other_size = read("caption-tok_rgb@336");
  CHECK_THAT(problems_text(other_size), contains_text("\"tok_rgb@336\", which is not in 4M's table"));
  CHECK(other_size.training[0].scheme.num_modalities() == 2);
}

TEST_CASE("token numbers: minima of the main configuration, null, what is cut") {
  const ConfigFolder folder;
  const std::string inline_alphas = "      input_alphas: \"1.0\"\n      target_alphas: \"1.0\"\n";
  MainSettings settings;
  settings.num_input_tokens = settings.num_target_tokens = 128;
  const auto read = [&](const std::string& lines) {
    return read_config(folder.write("d.yaml", data_config("rgb@224-caption", "caption", inline_alphas + lines)), settings);
  };
  // An absent minimum is the main configuration's, a null one the data set's own number.
  CHECK(read("      num_input_tokens: 256\n").training[0].scheme.input_tokens == TokenRange{128, 256});
  CHECK(read("      num_input_tokens: 256\n      min_input_tokens: null\n").training[0].scheme.input_tokens ==
        TokenRange{256, 256});
  CHECK_THAT(
      problems_text(read("      num_input_tokens: 256\n")),
      contains_text("up to 256 input tokens are drawn, but the main configuration's num_input_tokens gives the model 128."));
  const LoadedConfig reversed = read("      num_target_tokens: 64\n");
  CHECK_THAT(problems_text(reversed),
             contains_text("min_target_tokens 128 is above num_target_tokens 64.") && contains_text("ValueError"));
  CHECK_FALSE(reversed.training[0].is_usable);
  CHECK_NOTHROW(validate(reversed.training[0].scheme));
  CHECK_THAT(problems_text(read("      num_target_tokens: 1e2\n")),
             contains_text("num_target_tokens is the text \"1e2\" to YAML 1.1; write a whole number"));
  CHECK_THAT(problems_text(read("      num_target_tokens: 0128\n")),
             contains_text("num_target_tokens is the text \"0128\" to YAML 1.1"));
  CHECK_THAT(problems_text(read("      num_input_tokens: 0400\n")),
             contains_text("\"0400\" is the number 256 in YAML 1.1: a zero in front makes it octal."));
  CHECK_THAT(problems_text(read("      num_target_tokens: -5\n")),
             contains_text("num_target_tokens is the number -5, but a number from 0 to"));
  CHECK_THAT(problems_text(read("      num_target_tokens: 99999999999999999999\n")),
             contains_text("num_target_tokens is the number 99999999999999999999"));
}

TEST_CASE("model configs follow their data config, or say what is wrong with it") {
  const ConfigFolder folder;
  folder.write("cfgs/data.yaml", data_config("rgb@224-caption-tok_dinov2_global", "caption",
                                             "      input_alphas: \"1.0\"\n      target_alphas: \"1.0\"\n"));
  const auto read = [&](const std::string& text) { return read_config(folder.write("cfgs/models/m.yaml", text)); };
  const LoadedConfig good = read(
      "num_input_tokens: 2_56\nnum_target_tokens: 64\nmin_target_tokens: null\ninput_size: 448\npatch_size: "
      "16\nnum_register_tokens: 4\ndata_config: cfgs/data.yaml\nblr: 1e-4\n");
  CHECK(good.kind == ConfigKind::model);
  CHECK(good.settings.num_input_tokens == 256);
  CHECK(good.settings.num_register_tokens == 4);
  CHECK(good.training[0].scheme.encoder_slots == 256);
  CHECK(good.training[0].scheme.decoder_slots == 64);
  // Only modalities without sizes of their own follow those of the run.
  CHECK(good.training[0].scheme.modalities[1].modality.max_tokens == 196);
  CHECK(good.training[0].scheme.modalities[2].modality.max_tokens == 64);
  CHECK(good.files.size() == 2);
  CHECK(good.problems.empty());
  CHECK_THAT(problems_text(read("num_input_tokens: 128\n")), contains_text("data_config: it is missing"));
  CHECK_THAT(problems_text(read("data_config: cfgs/none.yaml\n")), contains_text("there is no file cfgs/none.yaml"));
  CHECK_THAT(problems_text(read("data_config: cfgs/models/m.yaml\n")), contains_text("this is no data config"));
  CHECK_THAT(problems_text(read("num_input_tokens: lots\ndata_config: cfgs/data.yaml\n")),
             contains_text("num_input_tokens is the text \"lots\", but a whole number was expected. The default is shown."));
  CHECK(read("num_input_tokens: \"64\"\ndata_config: cfgs/data.yaml\n").settings.num_input_tokens == 64);
}

TEST_CASE("data sets of a mixture: modalities that one lacks, and weights that don't fit") {
  const ConfigFolder folder;
  const std::string alphas =
      ", input_alphas: '1.0', target_alphas: '1.0', use_wds: True, data_path: x, main_augment_domain: rgb@224}\n";
  const std::string sets = "train:\n  datasets:\n    a: {type: multimodal, in_domains: tok_rgb@224-det, out_domains: det" +
                           alphas + "    b: {type: multimodal, in_domains: tok_rgb@224, out_domains: tok_rgb@224" + alphas;
  const auto read = [&](const std::string& rest) { return read_config(folder.write("d.yaml", sets + rest)); };
  const LoadedConfig config = read("  weights: [3, 1]\n");
  CHECK(config.weights == std::vector{3.0, 1.0});
  for (const ConfigDataset& dataset : config.training) {
    REQUIRE(dataset.scheme.num_modalities() == 2);
    CHECK(dataset.is_usable);
  }
  // b lacks det; a's tok_rgb@224 is an output of the model because b's is.
  CHECK_FALSE(config.training[1].scheme.modalities[0].is_in_domain);
  CHECK_FALSE(config.training[1].scheme.modalities[0].is_out_domain);
  CHECK(config.training[0].scheme.modalities[1].is_out_domain);
  const LoadedConfig few = read("  weights: [3]\n");
  CHECK_THAT(problems_text(few), contains_text("train.weights has 1 entries for 2 data sets") &&
                                     contains_text("It never draws from the last data sets, without a word."));
  CHECK(few.weights == std::vector{3.0, 0.0});
  CHECK_THAT(problems_text(read("  weights: [3, 1, 1]\n")), contains_text("IndexError"));
  CHECK_THAT(problems_text(read("  weights: [0, 0]\n")),
             contains_text("train.weights is a list of 2, but one number per data set"));
  CHECK_THAT(problems_text(read("val:\n  datasets:\n    c: {data_path: y}\n")),
             contains_text("The validation entry c has no training data set of the same name"));
  CHECK_THAT(problems_text(read("val:\n  datasets:\n    a: y\n")),
             contains_text("The validation entry of data set a is the text \"y\""));
  const LoadedConfig validated = read("val:\n  datasets:\n    b: {data_path: y}\n");
  REQUIRE(validated.validation.size() == 1);
  CHECK_FALSE(validated.validation[0].transforms.is_training);
  CHECK_FALSE(validated.validation[0].uses_shards);
}

TEST_CASE("texts that are configurations are told from captions") {
  CHECK(looks_like_config("caption:\n  input_alphas: [1]\n"));
  CHECK(looks_like_config("train: {datasets: {}}"));
  CHECK(looks_like_config("data_config: x"));
  CHECK(looks_like_config(scheme_to_yaml(preset_scheme("t5"))));
  for (const char* text : {"", "a train of datasets", "train", "- train: x", "colour: red", "a: [", "\xff"})
    CHECK_FALSE(looks_like_config(text));
}

TEST_CASE("hostile configurations end in problems, not in memory") {
  const ConfigFolder folder;
  std::string many = "train:\n  datasets:\n";
  for (int i = 0; i < 100; ++i) many += "    d" + std::to_string(i) + ": {in_domains: caption}\n";
  CHECK_THAT(error_of(folder.write("many.yaml", many)), contains_text("100 data sets. At most 64 are read."));
  std::string names = "a0";
  for (int i = 1; i < 300; ++i) names += "-a" + std::to_string(i);
  CHECK_THAT(error_of(folder.write("names.yaml", data_config(names, "caption", ""))),
             contains_text("has 301 modalities. At most 256 are read."));
  CHECK_THAT(
      problems_text(read_config(folder.write("hyphens.yaml", data_config(std::string(100'000, '-') + "a", "caption", "")))),
      contains_text("names of modalities joined by hyphens were expected"));
  std::string list = "caption: {input_alphas: &a [1";
  for (int i = 0; i < 20'000; ++i) list += ",1";
  const LoadedConfig wide = read_config(folder.write("wide.yaml", list + "], target_alphas: *a, keep: [all]}\n"));
  CHECK_THAT(problems_text(wide), contains_text("The alphas have 20001 mixture components. The first 256 are shown."));
  CHECK(wide.training[0].scheme.num_components() == 256);
}

}  // namespace maskscope
