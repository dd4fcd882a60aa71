#include "app/edits.h"

#include <algorithm>
#include <cmath>

#include "app/edit_parts.h"
#include "core/data/text_file.h"
#include "core/draw.h"
#include "core/error.h"

namespace maskscope::edits {
namespace {

namespace fs = std::filesystem;

SchemeModality& modality_in(Document& document, const std::string& name) {
  const int at = document.scheme.find(name);
  if (at < 0) throw Error(cat("modality ", name, ": the scheme has none of this name."));
  return document.scheme.modalities[static_cast<std::size_t>(at)];
}

// As many decoder slots as the sampled targets can take.
int slots_for_targets(const Scheme& scheme) {
  if (scheme.target_tokens) return std::max(scheme.target_tokens->high, 1);
  int target = 0;
  for (const SchemeModality& entry : scheme.modalities) {
    // A run needs a sentinel, a kept token between two runs pays for the second: two more than tokens at most.
    const int sentinels = has_spans_in_decoder(entry.modality.kind) ? 2 : 0;
    if (entry.reaches_decoder()) target += entry.modality.max_tokens + sentinels;
  }
  return std::max(target, 1);
}

// As many slots as tokens can come.
void make_room_for_transfer(Scheme& scheme) {
  int input = 0, target = 0;
  for (const SchemeModality& entry : scheme.modalities) {
    if (entry.transfer_role == TransferRole::input && entry.reaches_encoder()) input += entry.modality.max_tokens;
    if (entry.transfer_role == TransferRole::target && entry.reaches_decoder()) target += entry.modality.max_tokens;
  }
  scheme.encoder_slots = std::max(input, 1);
  scheme.decoder_slots = std::max(target, 1);
}

void require_range(const char* field, TokenRange range) {
  if (range.low < 0 || range.low > range.high) {
    throw Error(cat(field, ": found ", range.low, "..", range.high, ", expected two counts >= 0, the lower one first."));
  }
}

// What an empty text means: nothing to tokenize is still a text of one [EOS].
void take_text(Document& document, const std::string& text, const fs::path& file) {
  document.inputs.text = text;
  document.inputs.text_file = file;
  // A sample's own texts stay as they are: a text of one's own takes its place.
  const PictureSource source = document.inputs.picture;
  if (source == PictureSource::dataset || source == PictureSource::dump) document.inputs.picture = PictureSource::none;
}

}  // namespace

Edit set_seed(std::uint64_t seed) {
  return {tr_later("seed"), "seed", [=](Document& d) { d.seed = seed; }};
}

Edit set_random(RandomSource random) {
  return {tr_later("random numbers"), "", [=](Document& d) { d.random = random; }};
}

Edit set_sample_index(std::uint64_t index) {
  return {tr_later("draw number"), "sample_index", [=](Document& d) {
            if (index > max_sample_index) throw Error(cat("draw number: found ", index, ", expected at most ", max_sample_index, "."));
            d.sample_index = index;
          }};
}

Edit set_mode(BudgetMode mode) {
  return {mode == BudgetMode::sampled ? tr_later("sampled budgets") : tr_later("direct ratios"), "", [=](Document& d) {
            d.scheme.mode = mode;
            if (mode == BudgetMode::direct) return;
            // Slots set by hand belong to direct mode: sampled budgets come with as many slots as tokens.
            d.scheme.encoder_slots = std::max(d.scheme.input_tokens.high, 1);
            d.scheme.decoder_slots = slots_for_targets(d.scheme);
          }};
}

Edit set_direct_mode(std::vector<DirectBudget> start) {
  return {tr_later("direct ratios"), "", [start = std::move(start)](Document& d) {
            d.scheme.mode = BudgetMode::direct;
            const bool has_own = std::any_of(d.scheme.modalities.begin(), d.scheme.modalities.end(), [](const SchemeModality& entry) {
              return entry.direct_encoder_tokens > 0 || entry.direct_decoder_tokens > 0;
            });
            if (has_own) return;
            for (const DirectBudget& budget : start) {
              set_direct_encoder(budget.modality, budget.encoder_tokens).apply(d);
              set_direct_decoder(budget.modality, budget.decoder_tokens).apply(d);
            }
          }};
}

Edit set_transfer_mode() {
  return {tr_later("transfer"), "", [](Document& d) {
            d.scheme.mode = BudgetMode::transfer;
            // TransferMasking knows no other kinds.
            std::erase_if(d.scheme.modalities, [](const SchemeModality& entry) {
              return entry.modality.kind != ModalityKind::img && entry.modality.kind != ModalityKind::seq;
            });
            for (SchemeModality& entry : d.scheme.modalities) {
              if (entry.transfer_role != TransferRole::none) continue;
              entry.transfer_role = entry.reaches_decoder() ? TransferRole::target : TransferRole::input;
            }
            make_room_for_transfer(d.scheme);
          }};
}

Edit set_transfer(std::vector<std::string> inputs, std::vector<std::string> targets) {
  return {tr_later("transfer"), "", [inputs = std::move(inputs), targets = std::move(targets)](Document& d) {
            Scheme& scheme = d.scheme;
            for (SchemeModality& entry : scheme.modalities) entry.transfer_role = TransferRole::none;
            // What is named on both sides is input, as in the reference.
            const auto give = [&](const std::string& name, TransferRole role) {
              SchemeModality& entry = modality_in(d, name);
              if (entry.modality.kind != ModalityKind::img && entry.modality.kind != ModalityKind::seq) {
                throw Error(cat("modality ", name, ": found type ", to_string(entry.modality.kind), ", but transfer masking takes img and seq only. Leave it out."));
              }
              entry.transfer_role = role;
            };
            for (const std::string& name : targets) give(name, TransferRole::target);
            for (const std::string& name : inputs) give(name, TransferRole::input);
            std::erase_if(scheme.modalities, [](const SchemeModality& entry) { return entry.transfer_role == TransferRole::none; });
            if (scheme.modalities.empty()) throw Error("transfer: no modality is named. Name at least one.");
            scheme.mode = BudgetMode::transfer;
            make_room_for_transfer(scheme);
          }};
}

Edit set_transfer_role(const std::string& modality, TransferRole role) {
  return {later("transfer role of {0}", modality), "", [=](Document& d) {
            modality_in(d, modality).transfer_role = role;
            make_room_for_transfer(d.scheme);
          }};
}

Edit set_preset(const std::string& name) {
  return {later("preset {0}", name), "", [=](Document& d) {
            const bool is_dataset = d.inputs.picture == PictureSource::dataset;  // its grids have the sizes they have
            d.scheme = is_dataset ? preset_scheme(name) : with_grid(preset_scheme(name), d.inputs.input_size, d.inputs.patch_size);
            d.disabled.clear();
            look_for_files(d);
          }};
}

Edit set_input_tokens(TokenRange range) {
  return {tr_later("input tokens"), "input_tokens", [=](Document& d) {
            require_range("input tokens", range);
            d.scheme.input_tokens = range;
            d.scheme.encoder_slots = std::max(range.high, 1);
          }};
}

Edit set_target_tokens(TokenRange range) {
  return {tr_later("target tokens"), "target_tokens", [=](Document& d) {
            require_range("target tokens", range);
            d.scheme.target_tokens = range;
            d.scheme.decoder_slots = slots_for_targets(d.scheme);
          }};
}

Edit set_all_targets(bool is_all) {
  if (!is_all) return set_target_tokens(*Scheme().target_tokens);
  return {tr_later("all other tokens are targets"), "", [](Document& d) {
            d.scheme.target_tokens.reset();
            d.scheme.decoder_slots = slots_for_targets(d.scheme);
          }};
}

Edit set_sampling_weight(int component, double weight) {
  return {tr_later("sampling weight"), cat("sampling_weight/", component), [=](Document& d) {
            const std::size_t at = component_in(d, component);
            if (!std::isfinite(weight) || weight < 0) throw Error(cat("sampling weight: found ", weight, ", expected a finite number >= 0."));
            std::vector<double>& weights = d.scheme.sampling_weights;
            if (weights.empty()) weights.assign(static_cast<std::size_t>(d.scheme.num_components()), 1.0);
            weights[at] = weight;
          }};
}

Edit set_input_alpha(const std::string& modality, int component, double alpha) {
  return {later("input alpha of {0}", modality), cat("input_alpha/", component, "/", modality), [=](Document& d) {
            modality_in(d, modality).input_alphas.at(component_in(d, component)) = alpha;
          }};
}

Edit set_target_alpha(const std::string& modality, int component, double alpha) {
  return {later("target alpha of {0}", modality), cat("target_alpha/", component, "/", modality), [=](Document& d) {
            modality_in(d, modality).target_alphas.at(component_in(d, component)) = alpha;
          }};
}

Edit set_keep(int component, KeepScheme keep, const std::string& modality) {
  return {tr_later("keep scheme"), "", [=](Document& d) {
            const std::size_t at = component_in(d, component);
            for (SchemeModality& entry : d.scheme.modalities) {
              const bool is_meant = modality.empty() || entry.modality.name == modality;
              if (is_meant && at < entry.keep.size()) entry.keep[at] = keep;
            }
          }};
}

Edit set_direct_encoder(const std::string& modality, int tokens) {
  return {later("encoder tokens of {0}", modality), "direct_encoder/" + modality, [=](Document& d) {
            SchemeModality& entry = modality_in(d, modality);
            const int max = entry.modality.max_tokens;
            entry.direct_encoder_tokens = entry.reaches_encoder() ? std::clamp(tokens, 0, max) : 0;
            if (entry.modality.kind == ModalityKind::img) {
              entry.direct_decoder_tokens = std::min(entry.direct_decoder_tokens, max - entry.direct_encoder_tokens);
            }
          }};
}

Edit set_direct_decoder(const std::string& modality, int tokens) {
  return {later("decoder tokens of {0}", modality), "direct_decoder/" + modality, [=](Document& d) {
            SchemeModality& entry = modality_in(d, modality);
            const int max = entry.modality.max_tokens;
            entry.direct_decoder_tokens = entry.reaches_decoder() ? std::clamp(tokens, 0, max) : 0;
            if (entry.modality.kind == ModalityKind::img) {
              entry.direct_encoder_tokens = std::min(entry.direct_encoder_tokens, max - entry.direct_decoder_tokens);
            }
          }};
}

Edit set_direct(const std::string& modality, int encoder_tokens, int decoder_tokens) {
  return {later("tokens of {0}", modality), "direct/" + modality, [=](Document& d) {
            set_direct_decoder(modality, 0).apply(d);
            set_direct_encoder(modality, encoder_tokens).apply(d);
            const Modality& info = modality_in(d, modality).modality;
            const int room = info.kind == ModalityKind::img ? info.max_tokens - encoder_tokens : info.max_tokens;
            set_direct_decoder(modality, std::clamp(decoder_tokens, 0, std::max(room, 0))).apply(d);
          }};
}

Edit set_encoder_slots(int slots) {
  return {tr_later("encoder slots"), "encoder_slots", [=](Document& d) { d.scheme.encoder_slots = slots; }};
}

Edit set_decoder_slots(int slots) {
  return {tr_later("decoder slots"), "decoder_slots", [=](Document& d) { d.scheme.decoder_slots = slots; }};
}

Edit set_modality_enabled(const std::string& modality, bool is_enabled) {
  return {later(is_enabled ? tr_later("switch on {0}") : tr_later("switch off {0}"), modality), "", [=](Document& d) {
            std::erase(d.disabled, modality);
            if (!is_enabled) {
              d.disabled.push_back(modality);
              std::sort(d.disabled.begin(), d.disabled.end());
            }
          }};
}

Edit open_scene(std::uint64_t scene_seed) {
  return {tr_later("bundled scene"), "scene", [=](Document& d) {
            d.inputs.picture = PictureSource::scene;
            d.inputs.scene_seed = scene_seed;
            d.inputs.photo.clear();
            d.inputs.text.reset();
            d.inputs.text_file.clear();
          }};
}

Edit open_photo(const fs::path& path) {
  return {later("open {0}", path.filename().string()), "", [=](Document& d) {
            d.inputs.picture = PictureSource::photo;
            d.inputs.photo = absolute_path(path);
          }};
}

Edit open_text_file(const fs::path& path) {
  return {later("open {0}", path.filename().string()), "", [=](Document& d) { take_text(d, read_text_file(path), absolute_path(path)); }};
}

Edit open_tokenizer(const fs::path& path) {
  return {later("tokenizer {0}", path.filename().string()), "", [=](Document& d) { d.inputs.tokenizer = absolute_path(path); }};
}

Edit use_bundled_tokenizer() {
  return {tr_later("bundled tokenizer"), "", [](Document& d) { d.inputs.tokenizer.clear(); }};
}

Edit set_text(const std::string& text) {
  return {tr_later("text"), "text", [=](Document& d) { take_text(d, text, {}); }};
}

Edit use_scene_caption() {
  return {tr_later("scene's own caption"), "", [](Document& d) {
            d.inputs.text.reset();
            d.inputs.text_file.clear();
          }};
}

Edit set_fit(FitMode fit) {
  return {fit == FitMode::centre_crop ? tr_later("centre crop") : tr_later("fit whole picture"), "", [=](Document& d) { d.inputs.fit = fit; }};
}

Edit set_grid(int input_size, int patch_size) {
  return {later("grid {0} / {1}", input_size, patch_size), "", [=](Document& d) {
            d.inputs.input_size = input_size;
            d.inputs.patch_size = patch_size;
            validate(d.inputs);
            d.scheme = with_grid(d.scheme, input_size, patch_size);
            // Names follow the grid ("rgb@224" -> "rgb@448"), so what was switched off has to follow too.
            for (std::string& name : d.disabled) {
              const auto at = name.find('@');
              if (at != std::string::npos) name = cat(name.substr(0, at + 1), input_size);
            }
          }};
}

Edit replace_document(const Document& document, const EditName& name) {
  return {name, "", [=](Document& d) { d = document; }};
}

}  // namespace maskscope::edits
