// The schemes that come with the program.
#include <algorithm>
#include <cassert>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/scheme.h"

namespace maskscope {

Scheme symmetric_scheme(std::string_view name, const std::vector<std::string_view>& modality_names) {
  Scheme scheme;
  scheme.name = name;
  for (const std::string_view modality_name : modality_names) {
    const auto modality = builtin_modality(modality_name);
    assert(modality.has_value());
    SchemeModality entry;
    entry.modality = *modality;
    entry.is_out_domain = modality->has_decoder_embedding;
    entry.input_alphas = {1.0};
    entry.target_alphas = {modality->has_decoder_embedding ? 1.0 : 0.0};
    entry.keep = {KeepScheme::random};
    scheme.modalities.push_back(entry);
  }
  std::sort(scheme.modalities.begin(), scheme.modalities.end(),
            [](const SchemeModality& a, const SchemeModality& b) { return a.modality.name < b.modality.name; });
  return scheme;
}

namespace {

Scheme all_to_all() {
  return symmetric_scheme("all-to-all", {"rgb@224", "tok_rgb@224", "tok_depth@224", "tok_normal@224",
                                         "tok_semseg@224", "tok_canny_edge@224", "caption", "det"});
}

Scheme rgb_to_all() {
  Scheme scheme = all_to_all();
  scheme.name = "rgb-to-all";
  for (SchemeModality& entry : scheme.modalities) {
    const bool is_rgb = entry.modality.name == "rgb@224";
    entry.input_alphas = {is_rgb ? 1.0 : 0.0};
    entry.target_alphas = {is_rgb ? 0.0 : 1.0};
  }
  return scheme;
}

Scheme text_to_image() {
  Scheme scheme = all_to_all();
  scheme.name = "text-to-image";
  for (SchemeModality& entry : scheme.modalities) {
    entry.input_alphas = {entry.modality.name == "caption" ? 1.0 : 0.0};
    entry.target_alphas = {entry.modality.name == "tok_rgb@224" ? 1.0 : 0.0};
    // The whole prompt is shown, as long as it fits the budget.
    entry.keep = {KeepScheme::all};
  }
  return scheme;
}

// Masked autoencoding: a quarter of the grid is shown, all the rest is predicted.
Scheme mae() {
  Scheme scheme = symmetric_scheme("mae", {"tok_rgb@224"});
  SchemeModality& grid = scheme.modalities.front();
  grid.direct_encoder_tokens = grid.modality.max_tokens / 4;
  grid.direct_decoder_tokens = grid.modality.max_tokens - grid.direct_encoder_tokens;
  scheme.mode = BudgetMode::direct;
  scheme.encoder_slots = grid.direct_encoder_tokens;
  scheme.decoder_slots = grid.direct_decoder_tokens;
  return scheme;
}

Scheme t5() { return symmetric_scheme("t5", {"caption"}); }

// The alphas of one modality in a mixture, in order of the components.
struct MixtureAlphas {
  std::vector<double> input, target;
  std::vector<KeepScheme> keep = {};  // empty: random everywhere
};

struct TokenNumbers {
  TokenRange input, target;  // the upper ends are the model's slots
};
constexpr TokenNumbers same_numbers(int tokens) { return {{tokens, tokens}, {tokens, tokens}}; }

// A mixture over built-in modalities; alphas_of(name) gives each its own.
template <class AlphasOf>
Scheme mixture(std::string_view name, const std::vector<std::string_view>& modality_names, TokenNumbers numbers, AlphasOf alphas_of) {
  Scheme scheme = symmetric_scheme(name, modality_names);
  for (SchemeModality& entry : scheme.modalities) {
    MixtureAlphas alphas = alphas_of(entry.modality.name);
    const std::size_t num_components = alphas.input.size();
    entry.input_alphas = std::move(alphas.input);
    entry.target_alphas = std::move(alphas.target);
    entry.keep = std::move(alphas.keep);
    if (entry.keep.empty()) entry.keep.assign(num_components, KeepScheme::random);
  }
  scheme.input_tokens = numbers.input;
  scheme.target_tokens = numbers.target;
  scheme.encoder_slots = numbers.input.high;
  scheme.decoder_slots = numbers.target.high;
  return scheme;
}

std::vector<std::string_view> modalities_of_4m_7() {
  return {"rgb@224", "tok_rgb@224", "tok_depth@224", "tok_normal@224", "tok_semseg@224", "tok_clip@224", "caption", "det"};
}

// As cfgs/default/4m/alphas_mixture/main/mix_mod7_all2all_rgb2all_a0.5.yaml of the reference, with the token numbers of
// cfgs/default/4m/models/main/4m-b_mod7_500b.yaml: half of the samples go from everything to everything, half from pixels
// to everything.
Scheme four_m_7() {
  return mixture("4m-7", modalities_of_4m_7(), same_numbers(128), [](const std::string& name) -> MixtureAlphas {
    if (name == "rgb@224") return {{1000.0, 0.5}, {0.0, 0.0}};
    return {{0.0, 0.5}, {0.5, 0.5}};
  });
}

// As cfgs/default/4m/alphas_mixture/main/mix_mod7_all2allmix_rgb2all_capbias.yaml: four symmetric mixtures, one from pixels,
// and one that prefers the whole caption. No model config of the reference names it; the numbers are those of 4m-7.
Scheme four_m_7_caption_bias() {
  constexpr KeepScheme random = KeepScheme::random, all = KeepScheme::all;
  Scheme scheme = mixture("4m-7-capbias", modalities_of_4m_7(), same_numbers(128), [](const std::string& name) {
    MixtureAlphas alphas{{0.01, 0.1, 1.0, 10.0, 0.0, 0.05}, {0.01, 0.1, 1.0, 10.0, 0.5, 0.5}};
    if (name == "rgb@224") {
      alphas.input[4] = 1000.0;
      alphas.target.assign(6, 0.0);
    } else if (name == "caption") {
      alphas.input[5] = 5.0;
      alphas.keep = {random, random, random, random, random, all};
    }
    return alphas;
  });
  scheme.sampling_weights.assign(6, 1.0);
  return scheme;
}

// As cfgs/default/4m/alphas_mixture/main/mix_mod21_all2allmix_rgb2all_capT5bias.yaml, with the token numbers of
// cfgs/default/4m/models/main/4m-b_mod21_500b.yaml: four symmetric mixtures, one from pixels, and two that prefer the
// caption and its T5 embedding.
Scheme four_m_21() {
  constexpr KeepScheme random = KeepScheme::random, all = KeepScheme::all;
  Scheme scheme = mixture(
      "4m-21",
      {"rgb@224", "tok_rgb@224", "tok_depth@224", "tok_normal@224", "tok_semseg@224", "tok_clip@224", "tok_dinov2@224",
       "tok_imagebind@224", "tok_dinov2_global", "tok_imagebind_global", "tok_canny_edge@224", "tok_sam_edge@224",
       "caption", "t5_caption", "det", "metadata", "human_poses", "color_palette", "sam_instance"},
      same_numbers(256), [](const std::string& name) {
        MixtureAlphas alphas{{0.01, 0.1, 1.0, 10.0, 0.0, 0.05, 0.05}, {0.01, 0.1, 1.0, 10.0, 0.5, 0.5, 0.5}};
        if (name == "rgb@224") {
          alphas.input[4] = 1000.0;
          alphas.target.assign(7, 0.0);
        } else if (name == "caption") {
          alphas.input[5] = 5.0;
          alphas.input[6] = alphas.target[5] = 0.0;
          alphas.keep = {random, random, random, random, random, all, random};
        } else if (name == "t5_caption") {
          alphas.input[6] = 5.0;
          alphas.input[5] = alphas.target[6] = 0.0;
          alphas.keep = {random, random, random, random, random, random, all};
        } else if (name == "color_palette") {
          alphas.keep.assign(7, KeepScheme::binary);
        }
        return alphas;
      });
  scheme.sampling_weights = {1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.5};
  return scheme;
}

// As cfgs/default/4m/alphas_mixture/specialized/mix_caption_bias_a0.2_a1.0.yaml, with the token numbers of
// cfgs/default/4m/models/specialized/4m-b_mod7_500b--spec_text2im_100b.yaml: fine-tuning for text to image. A third of the
// samples show the whole caption and little else.
Scheme text2im() {
  return mixture("text2im", modalities_of_4m_7(), {{64, 256}, {256, 256}}, [](const std::string& name) {
    MixtureAlphas alphas{{0.05, 0.2, 1.0}, {1.0, 1.0, 1.0}};
    if (name == "rgb@224") alphas.target.assign(3, 0.0);
    if (name == "caption") {
      alphas.input[0] = 5.0;
      alphas.keep = {KeepScheme::all, KeepScheme::random, KeepScheme::random};
    }
    return alphas;
  });
}

// As cfgs/default/4m/alphas_mixture/superres/mix_mod7_superres_caption_rgb_bias.yaml, with the domains of the data config
// of the same name and the token numbers of cfgs/default/4m/models/superres/4m-l_mod7_500b--sr_448_100b.yaml: everything
// at 224 and 448 pixels goes to the tokens at 448. (That data config names the alphas file without ".yaml".)
Scheme superres_448() {
  Scheme scheme = mixture(
      "superres-448",
      {"caption", "det", "rgb@224", "tok_rgb@224", "tok_depth@224", "tok_semseg@224", "tok_normal@224", "tok_clip@224", "rgb@448", "tok_rgb@448",
       "tok_depth@448", "tok_semseg@448", "tok_normal@448", "tok_clip@448"},
      {{64, 1024}, {1024, 1024}}, [](const std::string& name) {
        const bool is_target = name.starts_with("tok_") && name.ends_with("@448");
        MixtureAlphas alphas{{0.05, 0.05, 0.2, 1.0}, {0.0, 0.0, 0.0, 0.0}};
        if (is_target) alphas.target = {0.05, 1.0, 1.0, 1.0};
        if (name.starts_with("tok_rgb")) alphas.input[0] = 5.0;
        if (name == "tok_rgb@448") alphas.target[0] = 5.0;
        if (name == "caption") {
          alphas.input[1] = 5.0;
          alphas.keep = {KeepScheme::random, KeepScheme::all, KeepScheme::random, KeepScheme::random};
        }
        return alphas;
      });
  for (SchemeModality& entry : scheme.modalities) entry.is_out_domain = entry.modality.name.starts_with("tok_") && entry.modality.name.ends_with("@448");
  return scheme;
}

struct Preset {
  const char* name;
  Scheme (*make)();
};
constexpr Preset presets[] = {{"all-to-all", all_to_all},
                              {"rgb-to-all", rgb_to_all},
                              {"text-to-image", text_to_image},
                              {"mae", mae},
                              {"t5", t5},
                              {"4m-7", four_m_7},
                              {"4m-7-capbias", four_m_7_caption_bias},
                              {"4m-21", four_m_21},
                              {"text2im", text2im},
                              {"superres-448", superres_448}};

}  // namespace

Scheme default_scheme() { return all_to_all(); }

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.emplace_back(preset.name);
  return names;
}

Scheme preset_scheme(std::string_view name) {
  std::string known;
  for (const Preset& preset : presets) {
    if (name == preset.name) return preset.make();
    known += cat(known.empty() ? "" : ", ", preset.name);
  }
  throw Error(cat("There is no preset named \"", name, "\". The presets are: ", known, "."));
}

}  // namespace maskscope
