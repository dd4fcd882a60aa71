// Schemes that cannot be: for each the whole sentence that the user reads.
#include <climits>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/scheme.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// What is done to the default scheme, and what validate says then.
struct Case {
  std::function<void(Scheme&)> edit;
  std::string sentence;
};

// Empty when the scheme is accepted.
std::string sentence_of(const Scheme& scheme) {
  try {
    validate(scheme);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void check(const std::vector<Case>& cases) {
  for (const Case& item : cases) {
    INFO("expected: " << item.sentence);
    Scheme scheme = default_scheme();
    item.edit(scheme);
    CHECK(sentence_of(scheme) == item.sentence);
  }
}

SchemeModality& entry(Scheme& scheme, const char* name) { return scheme.modalities[static_cast<std::size_t>(scheme.find(name))]; }
Modality& modality(Scheme& scheme, const char* name) { return entry(scheme, name).modality; }

}  // namespace

TEST_CASE("bad schemes: modalities") {
  check({
      {[](Scheme& s) { s.modalities.clear(); }, "The scheme has no modality. Add at least one, for example rgb@224 or caption."},
      {[](Scheme& s) { s = Scheme{}; }, "The scheme has no modality. Add at least one, for example rgb@224 or caption."},
      {[](Scheme& s) { s.modalities.resize(257); }, "The scheme has 257 modalities. At most 256 are supported."},
      {[](Scheme& s) { modality(s, "det").name = ""; }, "Scheme: a modality has an empty name. Give every modality a name."},
      {[](Scheme& s) { s.modalities[1] = s.modalities[0]; },
       "Modality caption: the name is there twice. Names must be unique within a scheme."},
      {[](Scheme& s) { std::swap(s.modalities[0], s.modalities[1]); },
       "Modality caption comes after det. Modalities must be sorted by name, because that is the order of every concatenation."},
      {[](Scheme& s) { modality(s, "det").id = 32652; },
       "Modality det, id: 32652 is also the id of another modality. Ids must be unique; rename one of the two."},
      {[](Scheme& s) { modality(s, "det").id = 32768; }, "Modality det, id: found 32768. Ids go from 0 to 32767."},
      {[](Scheme& s) { modality(s, "det").id = -1; }, "Modality det, id: found -1. Ids go from 0 to 32767."},
      {[](Scheme& s) { modality(s, "det").kind = static_cast<ModalityKind>(4); },
       "Modality det, type: found number 4. Use img, seq, seq_token or seq_emb."},
      {[](Scheme& s) { modality(s, "det").kind = ModalityKind::seq_emb; },
       "Modality det, has_decoder_embedding: found true, but vectors (seq_emb) cannot be predicted. Set it to false."},
  });
}

TEST_CASE("bad schemes: sizes") {
  check({
      {[](Scheme& s) { modality(s, "det").max_tokens = 0; }, "Modality det, max_tokens: found 0. Give a number from 1 to 65535."},
      {[](Scheme& s) { modality(s, "det").max_tokens = -1; }, "Modality det, max_tokens: found -1. Give a number from 1 to 65535."},
      {[](Scheme& s) { modality(s, "det").max_tokens = 65536; },
       "Modality det, max_tokens: found 65536. Give a number from 1 to 65535."},
      {[](Scheme& s) { modality(s, "det").max_tokens = INT_MAX; },
       "Modality det, max_tokens: found 2147483647. Give a number from 1 to 65535."},
      {[](Scheme& s) { modality(s, "det").min_tokens = -1; },
       "Modality det, min_tokens: found -1. Give a number that is not negative."},
      {[](Scheme& s) { modality(s, "det").min_tokens = 257; },
       "Modality det, min_tokens: 257 is above max_tokens, which is 256. Lower the one or raise the other."},
      {[](Scheme& s) { modality(s, "det").vocab_size = -1; },
       "Modality det, vocab_size: found -1. Give the number of token ids, or 0 for pixels."},
      {[](Scheme& s) { modality(s, "det").vocab_offset = -1; },
       "Modality det, vocab_offset: found -1. Give a number that is not negative."},
      {[](Scheme& s) { modality(s, "det").max_positions = -1; },
       "Modality det, max_positions: found -1. Give a number from 0 to 65535: rows of the position table, or 0 for max_tokens."},
      {[](Scheme& s) { modality(s, "rgb@224").num_channels = INT_MAX; },
       "Modality rgb@224, num_channels: found 2147483647. Give a number from 0 to 65535: values per pixel, or 0 for all but pixels."},
      {[](Scheme& s) { modality(s, "rgb@224").input_size = -224; },
       "Modality rgb@224, input_size: found -224. Give a number from 0 to 65535: pixels per side, or 0 for text."},
      {[](Scheme& s) { modality(s, "rgb@224").patch_size = INT_MIN; },
       "Modality rgb@224, patch_size: found -2147483648. Give a number from 0 to 65535: pixels per side, or 0 for text."},
      {[](Scheme& s) { modality(s, "rgb@224").max_tokens = 195; },
       "Modality rgb@224, max_tokens: found 195, but input_size 224 and patch_size 16 make a grid of 196 tokens. Set max_tokens to "
       "that."},
      {[](Scheme& s) {
         const SchemeModality text = entry(s, "caption");
         s.modalities.assign(17, text);
         for (int m = 0; m < 17; ++m) {
           Modality& long_text = s.modalities[static_cast<std::size_t>(m)].modality;
           long_text.name = std::string(1, static_cast<char>('a' + m));
           long_text.id = m;
           long_text.max_tokens = 65535;
         }
       },
       "The modalities have 1114095 tokens together. At most 1048576 are supported; lower max_tokens or take out a modality."},
  });
}

TEST_CASE("bad schemes: mixtures") {
  check({
      {[](Scheme& s) { entry(s, "rgb@224").input_alphas = {-0.5}; },
       "Modality rgb@224, input_alphas, component 1: found -0.5. Give a finite number from 0 to 1e+09."},
      {[](Scheme& s) { entry(s, "rgb@224").input_alphas = {nan}; },
       "Modality rgb@224, input_alphas, component 1: found nan. Give a finite number from 0 to 1e+09."},
      {[](Scheme& s) { entry(s, "rgb@224").target_alphas = {infinity}; },
       "Modality rgb@224, target_alphas, component 1: found inf. Give a finite number from 0 to 1e+09."},
      {[](Scheme& s) { entry(s, "rgb@224").target_alphas = {-infinity}; },
       "Modality rgb@224, target_alphas, component 1: found -inf. Give a finite number from 0 to 1e+09."},
      {[](Scheme& s) { entry(s, "rgb@224").target_alphas = {1e10}; },
       "Modality rgb@224, target_alphas, component 1: found 1e+10. Give a finite number from 0 to 1e+09."},
      {[](Scheme& s) { entry(s, "det").target_alphas = {1, 1}; },
       "Modality det, target_alphas: found 2 entries, but the scheme has 1 mixture components (as many as the first modality has "
       "input_alphas). Give one entry per component."},
      {[](Scheme& s) { entry(s, "det").input_alphas = {}; },
       "Modality det, input_alphas: found 0 entries, but the scheme has 1 mixture components (as many as the first modality has "
       "input_alphas). Give one entry per component."},
      {[](Scheme& s) { entry(s, "det").keep = {}; },
       "Modality det, keep: found 0 entries, but the scheme has 1 mixture components. Give one keep scheme per component."},
      {[](Scheme& s) { entry(s, "det").keep = {static_cast<KeepScheme>(7)}; },
       "Modality det, keep: found an unknown keep scheme. Use random, all or binary."},
      {[](Scheme& s) {
         for (SchemeModality& any : s.modalities) any.input_alphas.clear();
       },
       "Modality caption, input_alphas: the list is empty, so the scheme has no mixture component. Give at least one alpha."},
      {[](Scheme& s) { s.modalities.front().input_alphas.resize(4097); },
       "The scheme has 4097 mixture components. At most 4096 are supported."},
      {[](Scheme& s) { s.sampling_weights = {0}; },
       "Scheme, sampling_weights: the weights add up to 0. Give at least one component a weight above 0, and keep their sum "
       "finite."},
      {[](Scheme& s) { s.sampling_weights = {1, 1}; },
       "Scheme, sampling_weights: found 2 entries, but the scheme has 1 mixture components. Give one weight per component, or "
       "none."},
      {[](Scheme& s) { s.sampling_weights = {-1}; },
       "Scheme, sampling_weights, component 1: found -1. Give a finite number that is not negative."},
      {[](Scheme& s) { s.sampling_weights = {nan}; },
       "Scheme, sampling_weights, component 1: found nan. Give a finite number that is not negative."},
      {[](Scheme& s) {
         for (SchemeModality& any : s.modalities) {
           any.input_alphas.resize(2, 1.0);
           any.target_alphas.resize(2, 1.0);
           any.keep.resize(2, KeepScheme::all);
         }
         s.sampling_weights = {1e308, 1e308};
       },
       "Scheme, sampling_weights: the weights add up to inf. Give at least one component a weight above 0, and keep their sum "
       "finite."},
  });
}

TEST_CASE("bad schemes: numbers of tokens and slots") {
  check({
      {[](Scheme& s) { s.input_tokens = {256, 64}; },
       "Scheme, input tokens: the lower end 256 is above the upper end 64. Swap them, or make them equal."},
      {[](Scheme& s) { s.target_tokens = TokenRange{2, 1}; },
       "Scheme, target tokens: the lower end 2 is above the upper end 1. Swap them, or make them equal."},
      {[](Scheme& s) { s.input_tokens = {-1, 1}; },
       "Scheme, input tokens: the lower end is -1. Give a number of tokens that is not negative."},
      // The budgets above 2^31 that an int can still hold; options.cpp refuses the others.
      {[](Scheme& s) { s.input_tokens = {0, INT_MAX}; },
       "Scheme, input tokens: the upper end is 2147483647. At most 1048576 tokens are supported."},
      {[](Scheme& s) { s.target_tokens = TokenRange{INT_MAX, INT_MAX}; },
       "Scheme, target tokens: the upper end is 2147483647. At most 1048576 tokens are supported."},
      {[](Scheme& s) { s.encoder_slots = 0; }, "Scheme, encoder slots: found 0. Give a number of slots from 1 to 1048576."},
      {[](Scheme& s) { s.decoder_slots = 0; }, "Scheme, decoder slots: found 0. Give a number of slots from 1 to 1048576."},
      {[](Scheme& s) { s.encoder_slots = -3; }, "Scheme, encoder slots: found -3. Give a number of slots from 1 to 1048576."},
      {[](Scheme& s) { s.decoder_slots = INT_MAX; },
       "Scheme, decoder slots: found 2147483647. Give a number of slots from 1 to 1048576."},
      {[](Scheme& s) { s.max_tries = 0; }, "Scheme, max_tries: found 0. Give a number from 1 to 4095."},
      {[](Scheme& s) { s.max_tries = 4096; }, "Scheme, max_tries: found 4096. Give a number from 1 to 4095."},
      {[](Scheme& s) { s.mode = static_cast<BudgetMode>(3); },
       "Scheme, mode: found an unknown mode. Use sampled, direct or transfer."},
  });
}

TEST_CASE("bad schemes: budgets set by hand") {
  const auto direct = [](const char* name, int encoder, int decoder) {
    return [=](Scheme& s) {
      s.mode = BudgetMode::direct;
      entry(s, name).direct_encoder_tokens = encoder;
      entry(s, name).direct_decoder_tokens = decoder;
    };
  };
  check({
      {direct("tok_rgb@224", 100, 97),
       "Modality tok_rgb@224: 100 encoder tokens and 97 decoder tokens are 197 together, but it has only 196 tokens, and an image "
       "token can be in one place only. Lower one of the two."},
      {direct("tok_rgb@224", -1, 0), "Modality tok_rgb@224, encoder tokens: found -1. Give a number from 0 to its 196 tokens."},
      {direct("caption", INT_MAX, 0), "Modality caption, encoder tokens: found 2147483647. Give a number from 0 to its 256 tokens."},
      {direct("caption", 257, 0), "Modality caption, encoder tokens: found 257. Give a number from 0 to its 256 tokens."},
      {direct("caption", 0, 257), "Modality caption, decoder tokens: found 257. Give a number from 0 to its 256 tokens."},
      {direct("caption", 0, INT_MIN),
       "Modality caption, decoder tokens: found -2147483648. Give a number from 0 to its 256 tokens."},
      {direct("tok_rgb@224", 100, 96), ""},
      {direct("caption", 256, 256), ""},
  });
}

TEST_CASE("bad schemes: transfer") {
  const auto transfer = [](Scheme& s) {
    s.mode = BudgetMode::transfer;
    for (SchemeModality& any : s.modalities) any.transfer_role = TransferRole::input;
  };
  check({
      {transfer, ""},
      {[&](Scheme& s) {
         transfer(s);
         entry(s, "rgb@224").transfer_role = TransferRole::none;
       },
       "Modality rgb@224, transfer_role: found neither input nor target. In transfer mode give every modality one of the two."},
      {[&](Scheme& s) {
         transfer(s);
         entry(s, "rgb@224").transfer_role = static_cast<TransferRole>(3);
       },
       "Modality rgb@224, transfer_role: found neither input nor target. In transfer mode give every modality one of the two."},
      {[&](Scheme& s) {
         transfer(s);
         modality(s, "det").kind = ModalityKind::seq_token;
       },
       "Modality det, type: found seq_token, but transfer mode takes img and seq only. Take it out, or choose another mode."},
  });
}

}  // namespace maskscope
