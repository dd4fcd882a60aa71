// Passports against the masks they explain, on schemes and samples made at random.
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "core/passport.h"
#include "kernels/backend.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"
#include "tests/kernels/random_scheme.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

struct Masked {
  Scheme scheme;
  std::vector<Sample> samples;
  SequenceVocabulary vocabulary = default_vocabulary();
  MaskedBatch batch;
  std::uint64_t seed = 0, first_sample = 0;

  int num_rows() const { return batch.batch_size; }
  const Sample& sample(int row) const { return samples[static_cast<std::size_t>(row) % samples.size()]; }
  SampleMasks masks(int row) const { return {scheme, sample(row), vocabulary, batch, row, seed, first_sample + static_cast<std::uint64_t>(row)}; }
};

Masked random_masked(std::uint32_t number) {
  RandomScheme random(number);
  Masked masked;
  masked.scheme = random.scheme();
  for (int i = 0; i < 2; ++i) masked.samples.push_back(random.sample(masked.scheme, masked.vocabulary));
  masked.seed = number * 977u;
  masked.first_sample = number % 5;
  const MaskingPlan plan = make_plan(masked.scheme, masked.vocabulary);
  make_backend(BackendChoice::cpu, 1)->run(plan, pack_samples(plan, view_of(std::as_const(masked.samples))), {masked.seed, masked.first_sample, 3}, masked.batch);
  return masked;
}

// Calls check(masked, masks) for every sample of many random schemes; schemes whose scheme can't be masked (a text
// with more runs than sentinels) are counted, and must stay rare.
void for_random_masks(const std::function<void(const SampleMasks&)>& check) {
  constexpr std::uint32_t num_schemes = 150;
  std::uint32_t refused = 0;
  for (std::uint32_t number = 1; number <= num_schemes; ++number) {
    Masked masked;
    try {
      masked = random_masked(number);
    } catch (const Error&) {
      ++refused;
      continue;
    }
    INFO("scheme " << number);
    for (int row = 0; row < masked.num_rows(); ++row) check(masked.masks(row));
  }
  CHECK(refused < num_schemes / 5);
}

const Modality& modality(const SampleMasks& masks, int m) { return masks.scheme.modalities[static_cast<std::size_t>(m)].modality; }
bool is_text(const SampleMasks& masks, int m) { return modality(masks, m).kind != ModalityKind::img; }
// What the modality's source tokens are, [EOS] included.
std::vector<std::int32_t> source_ids(const SampleMasks& masks, int m) {
  const ModalityTokens& tokens = masks.sample.modalities[static_cast<std::size_t>(m)];
  if (is_text(masks, m)) return sequence_tokens(modality(masks, m), tokens, masks.vocabulary.eos_id).ids;
  if (!tokens.ids.empty()) return tokens.ids;
  return std::vector<std::int32_t>(static_cast<std::size_t>(modality(masks, m).max_tokens), unknown_token_id);
}
bool is_input(const SampleMasks& masks, int m, int slot) { return !masks.slot_value(masks.batch.input_mask, m, slot); }
bool is_target(const SampleMasks& masks, int m, int slot) { return !masks.slot_value(masks.batch.target_mask, m, slot); }
std::int32_t origin_of(const SampleMasks& masks, int m, int slot) { return masks.slot_value(masks.batch.slot_origin, m, slot); }

// Every token of the sample: source tokens, and the sentinels that were written.
std::vector<TokenIdentity> tokens_of(const SampleMasks& masks) {
  std::vector<TokenIdentity> tokens;
  for (int m = 0; m < masks.scheme.num_modalities(); ++m) {
    const auto count = static_cast<std::int32_t>(source_fates(masks, m).size());
    for (std::int32_t i = 0; i < count; ++i) tokens.push_back({m, i});
    if (!is_text(masks, m)) continue;
    for (int slot = 0; slot < modality(masks, m).num_slots(); ++slot) {
      const TokenIdentity token{m, origin_of(masks, m, slot)};
      if (origin::is_sentinel(token.origin) && std::find(tokens.begin(), tokens.end(), token) == tokens.end()) tokens.push_back(token);
    }
  }
  return tokens;
}

// By the plain definition: a kept slot of this side holds, or must predict, a token of this origin.
bool is_kept_slot(const SampleMasks& masks, const std::vector<std::int32_t>& sources, const std::vector<std::uint8_t>& mask, int num_slots, int slot_of_all) {
  for (int i = 0; i < num_slots; ++i) {
    const auto at = static_cast<std::size_t>(masks.row * num_slots + i);
    if (!mask[at] && sources[at] == slot_of_all) return true;
  }
  return false;
}
bool reaches_encoder_slot(const SampleMasks& masks, int m, int slot) {
  const MaskedBatch& b = masks.batch;
  return is_kept_slot(masks, b.encoder_source, b.encoder_mask, b.encoder_slots, b.slot_offset[static_cast<std::size_t>(m)] + slot);
}
bool reaches_decoder_slot(const SampleMasks& masks, int m, int slot) {
  const MaskedBatch& b = masks.batch;
  const int slot_of_all = b.slot_offset[static_cast<std::size_t>(m)] + slot;
  const bool stands = is_kept_slot(masks, b.decoder_source, b.decoder_mask, b.decoder_slots, slot_of_all);
  return stands || (is_text(masks, m) && slot > 0 && is_kept_slot(masks, b.decoder_source, b.decoder_mask, b.decoder_slots, slot_of_all - 1));
}

template <class T>
T at(const std::vector<T>& values, const SampleMasks& masks, int width, int index) {
  return values[static_cast<std::size_t>(masks.row * width + index)];
}

}  // namespace

TEST_CASE("a passport's fate is the token's fate, and follows from the masks") {
  int seen[3] = {};
  for_random_masks([&](const SampleMasks& masks) {
    for (int m = 0; m < masks.scheme.num_modalities(); ++m) {
      const std::vector<Fate> fates = source_fates(masks, m);
      const Modality& info = modality(masks, m);
      const ModalityTokens& tokens = masks.sample.modalities[static_cast<std::size_t>(m)];
      if (!tokens.is_present) {
        CHECK(fates.empty());
        continue;
      }
      REQUIRE(fates.size() == source_ids(masks, m).size());
      for (std::size_t i = 0; i < fates.size(); ++i) {
        bool in = false, out = false;
        for (int slot = 0; slot < info.num_slots(); ++slot) {
          if (origin_of(masks, m, slot) != static_cast<std::int32_t>(i)) continue;
          in |= is_input(masks, m, slot) && reaches_encoder_slot(masks, m, slot);
          out |= is_target(masks, m, slot) && reaches_decoder_slot(masks, m, slot);
        }
        CHECK_FALSE((in && out));
        const Fate fate = in ? Fate::encoder : out ? Fate::decoder : Fate::discarded;
        ++seen[in ? 0 : out ? 1 : 2];
        CHECK(fates[i] == fate);
        CHECK(make_passport(masks, {m, static_cast<std::int32_t>(i)}).fate == fate);
      }
    }
  });
  for (const int count : seen) CHECK(count > 1000);
}

TEST_CASE("a passport's id is the token's id") {
  for_random_masks([](const SampleMasks& masks) {
    for (const TokenIdentity token : tokens_of(masks)) {
      const std::int32_t id = make_passport(masks, token).id;
      if (modality(masks, token.modality).kind == ModalityKind::seq_emb) {
        CHECK(id == unknown_token_id);  // vectors have none
      } else if (origin::is_sentinel(token.origin)) {
        CHECK(id == masks.vocabulary.sentinel_ids[static_cast<std::size_t>(origin::sentinel_number(token.origin))]);
      } else {
        CHECK(id == source_ids(masks, token.modality)[static_cast<std::size_t>(token.origin)]);
      }
    }
  });
}

TEST_CASE("images: rank and draw decide the fate as the passport says") {
  for_random_masks([](const SampleMasks& masks) {
    for (int m = 0; m < masks.scheme.num_modalities(); ++m) {
      if (is_text(masks, m)) continue;
      const std::size_t count = source_fates(masks, m).size();
      std::vector<bool> is_drawn(count);
      for (std::size_t slot = 0; slot < count; ++slot) {
        const TokenPassport passport = make_passport(masks, {m, static_cast<std::int32_t>(slot)});
        if (masks.scheme.mode == BudgetMode::transfer) {
          CHECK(passport.draw_index == -1);  // nothing is drawn
          continue;
        }
        CHECK(passport.rank == static_cast<int>(slot));
        REQUIRE(passport.draw_index >= 0);
        REQUIRE(static_cast<std::size_t>(passport.draw_index) < count);
        CHECK_FALSE(is_drawn[static_cast<std::size_t>(passport.draw_index)]);  // a permutation
        is_drawn[static_cast<std::size_t>(passport.draw_index)] = true;
        const int input = masks.input_budget(m), target = masks.target_budget(m);
        // The content masks follow the draw; the fate, what selection left of them.
        const bool is_in = passport.draw_index < input, is_out = !is_in && (target < 0 || passport.draw_index < input + target);
        CHECK(is_in == is_input(masks, m, static_cast<int>(slot)));
        CHECK(is_out == is_target(masks, m, static_cast<int>(slot)));
        CHECK((is_in && reaches_encoder_slot(masks, m, static_cast<int>(slot))) == (passport.fate == Fate::encoder));
        CHECK((is_out && reaches_decoder_slot(masks, m, static_cast<int>(slot))) == (passport.fate == Fate::decoder));
      }
    }
  });
}

TEST_CASE("images: row and column are the grid's") {
  const Session session = make_session();
  const int m = session.frame().scheme.find("tok_depth@224");
  for (int slot = 0; slot < 196; ++slot) {
    const TokenPassport passport = make_passport(session.frame().masks(), {m, slot});
    CHECK(passport.row * 14 + passport.column == slot);
    CHECK(passport.column < 14);
  }
}

TEST_CASE("texts: the replayed draws keep what the input holds") {
  int num_attempts_above_one = 0;
  for_random_masks([&](const SampleMasks& masks) {
    for (const TokenIdentity token : tokens_of(masks)) {
      const int m = token.modality;
      if (!is_text(masks, m) || origin::is_sentinel(token.origin)) continue;
      const TokenPassport passport = make_passport(masks, token);
      const bool has_input = masks.input_budget(m) > 0;
      num_attempts_above_one += passport.num_attempts > 1;
      CHECK(passport.num_tokens == static_cast<int>(source_fates(masks, m).size()));
      if (has_input) {
        CHECK(passport.is_kept == (passport.encoder.tensor_slot >= 0));
        CHECK(passport.is_kept == (static_cast<float>(passport.draw) <= static_cast<float>(passport.keep_probability)));
        CHECK(passport.draw >= 0.0);
        CHECK(passport.draw < 1.0);
      } else {
        CHECK(passport.fate != Fate::encoder);
        CHECK(passport.draw == -1.0);
      }
      CHECK((passport.sentinel > 0) == !passport.is_kept);
      if (has_input && passport.sentinel > 0) {
        // Its run's sentinel stands in the input, behind the kept tokens before the run and as many other sentinels.
        bool is_found = false;
        for (int slot = 0; slot < modality(masks, m).num_slots(); ++slot) {
          is_found |= is_input(masks, m, slot) && origin_of(masks, m, slot) == origin::sentinel(passport.sentinel);
        }
        CHECK(is_found);
      }
    }
  });
  CHECK(num_attempts_above_one > 100);
}

TEST_CASE("texts: position in the target and the window are where the masks have them") {
  int cut = 0;
  for_random_masks([&](const SampleMasks& masks) {
    for (const TokenIdentity token : tokens_of(masks)) {
      const int m = token.modality;
      if (!is_text(masks, m)) continue;
      const TokenPassport passport = make_passport(masks, token);
      if (origin::is_sentinel(token.origin) && passport.decoder.tensor_slot < 0 && passport.encoder.tensor_slot < 0) continue;
      if (modality(masks, m).kind == ModalityKind::seq_emb) {
        CHECK(passport.target_position == -1);  // no target side
        CHECK(passport.decoder.tensor_slot == -1);
        continue;
      }
      int first_target = -1, num_target = 0;
      for (int slot = 0; slot < modality(masks, m).num_slots(); ++slot) {
        if (!is_target(masks, m, slot)) continue;
        if (first_target < 0) first_target = slot;
        ++num_target;
      }
      CHECK(passport.target_window_tokens == num_target);
      if (passport.target_position < 0) {
        CHECK(passport.is_kept);
        CHECK(passport.decoder.tensor_slot < 0);
        continue;
      }
      CHECK(passport.target_position < passport.uncut_target_tokens);
      const int in_window = passport.target_position - passport.target_window_begin;
      const bool is_in_window = in_window >= 0 && in_window < num_target;
      CHECK(is_in_window == (passport.decoder.tensor_slot >= 0));
      if (is_in_window) CHECK(passport.decoder.tensor_slot == first_target + in_window);
      else ++cut;
    }
  });
  CHECK(cut > 100);
}

TEST_CASE("packed slots are where the batch has the token, and lead back to it") {
  int cut_by_selection = 0;
  for_random_masks([&](const SampleMasks& masks) {
    const MaskedBatch& batch = masks.batch;
    for (const TokenIdentity token : tokens_of(masks)) {
      const TokenPassport passport = make_passport(masks, token);
      const int m = token.modality;
      const SchemeModality& entry = masks.scheme.modalities[static_cast<std::size_t>(m)];
      const int offset = batch.slot_offset[static_cast<std::size_t>(m)];

      const SlotTrail& in = passport.encoder;
      CHECK((in.concat_slot >= 0) == (entry.reaches_encoder() && in.tensor_slot >= 0 && is_input(masks, m, in.tensor_slot)));
      CHECK_FALSE((in.packed_slot >= 0 && in.is_cut_by_selection));
      cut_by_selection += in.is_cut_by_selection;
      if (in.packed_slot >= 0) {
        CHECK(at(batch.encoder_mask, masks, batch.encoder_slots, in.packed_slot) == 0);
        CHECK(at(batch.encoder_source, masks, batch.encoder_slots, in.packed_slot) == offset + in.tensor_slot);
        CHECK(at(batch.encoder_modality, masks, batch.encoder_slots, in.packed_slot) == entry.modality.id);
        CHECK(token_in_encoder_slot(masks, in.packed_slot) == token);
      } else if (in.concat_slot >= 0) {
        CHECK(in.is_cut_by_selection);
        CHECK(batch.encoder_valid[static_cast<std::size_t>(masks.row)] > batch.encoder_slots);
      }

      const SlotTrail& out = passport.decoder;
      CHECK_FALSE((out.packed_slot >= 0 && out.is_cut_by_selection));
      if (out.packed_slot >= 0) {
        CHECK(entry.reaches_decoder());
        CHECK(at(batch.decoder_mask, masks, batch.decoder_slots, out.packed_slot) == 0);
        // Teacher forcing: in a text the slot before predicts the token.
        const int standing = is_text(masks, m) ? out.tensor_slot - 1 : out.tensor_slot;
        CHECK(at(batch.decoder_source, masks, batch.decoder_slots, out.packed_slot) == offset + standing);
        CHECK(at(batch.target_ids, masks, batch.decoder_slots, out.packed_slot) == passport.id);
        CHECK(token_in_decoder_slot(masks, out.packed_slot) == token);
      } else if (out.concat_slot >= 0) {
        CHECK(out.is_cut_by_selection);
      }
      if (passport.teacher_slot >= 0) {
        CHECK(at(batch.decoder_source, masks, batch.decoder_slots, passport.teacher_slot) == offset + out.tensor_slot);
        CHECK(at(batch.decoder_mask, masks, batch.decoder_slots, passport.teacher_slot) == 0);
      }
    }
  });
  CHECK(cut_by_selection > 100);
}

TEST_CASE("every used slot holds a token whose passport leads to that slot") {
  int num_used = 0, num_ignored = 0;
  for_random_masks([&](const SampleMasks& masks) {
    const MaskedBatch& batch = masks.batch;
    for (int slot = 0; slot < batch.encoder_slots; ++slot) {
      const TokenIdentity token = token_in_encoder_slot(masks, slot);
      CHECK(token.is_valid() == !at(batch.encoder_mask, masks, batch.encoder_slots, slot));
      ++(token.is_valid() ? num_used : num_ignored);
      if (token.is_valid()) CHECK(make_passport(masks, token).encoder.packed_slot == slot);
    }
    for (int slot = 0; slot < batch.decoder_slots; ++slot) {
      const TokenIdentity token = token_in_decoder_slot(masks, slot);
      CHECK(token.is_valid() == !at(batch.decoder_mask, masks, batch.decoder_slots, slot));
      if (token.is_valid()) CHECK(make_passport(masks, token).decoder.packed_slot == slot);
    }
  });
  CHECK(num_used > 1000);
  CHECK(num_ignored > 1000);
}

TEST_CASE("the concatenation slots of all tokens are distinct") {
  for_random_masks([](const SampleMasks& masks) {
    std::vector<int> in, out;
    for (const TokenIdentity token : tokens_of(masks)) {
      const TokenPassport passport = make_passport(masks, token);
      if (passport.encoder.concat_slot >= 0) in.push_back(passport.encoder.concat_slot);
      if (passport.decoder.concat_slot >= 0) out.push_back(passport.decoder.concat_slot);
    }
    const auto row = static_cast<std::size_t>(masks.row);
    CHECK(static_cast<int>(in.size()) == masks.batch.encoder_valid[row]);
    CHECK(static_cast<int>(out.size()) == masks.batch.decoder_valid[row]);
    for (std::vector<int>* slots : {&in, &out}) {
      std::sort(slots->begin(), slots->end());
      CHECK(std::adjacent_find(slots->begin(), slots->end()) == slots->end());
    }
  });
}

TEST_CASE("used slots per modality add up to the valid slots") {
  for_random_masks([](const SampleMasks& masks) {
    const MaskedBatch& batch = masks.batch;
    const auto row = static_cast<std::size_t>(masks.row);
    const std::vector<UsedSlots> used = used_slots(masks);
    REQUIRE(used.size() == masks.scheme.modalities.size());
    int encoder = 0, decoder = 0;
    for (int m = 0; m < masks.scheme.num_modalities(); ++m) {
      const UsedSlots& here = used[static_cast<std::size_t>(m)];
      encoder += here.encoder;
      decoder += here.decoder;
      CHECK(here.encoder <= masks.input_budget(m));
      if (masks.target_budget(m) >= 0 && !is_text(masks, m)) CHECK(here.decoder <= masks.target_budget(m));
    }
    CHECK(encoder == std::min(batch.encoder_valid[row], batch.encoder_slots));
    CHECK(decoder == std::min(batch.decoder_valid[row], batch.decoder_slots));
  });
}
