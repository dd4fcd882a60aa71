// The scheme restated from its description: plain, slow, on whole lists, one sample after the other. The backends are
// compared with it. Shares no code with kernels/.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "core/masked_batch.h"
#include "core/sample.h"
#include "core/scheme.h"
#include "tests/oracle/oracle_random.h"

namespace oracle {

using maskscope::KeepScheme;
using maskscope::MaskedBatch;
using maskscope::ModalityKind;
using maskscope::Sample;
using maskscope::Scheme;
using maskscope::SchemeModality;
using maskscope::SequenceVocabulary;

constexpr int none = -1;

// Everything the slots of one modality hold.
struct Slots {
  std::vector<int> tensor, input_mask, target_mask, attention, origin;
  double keep_probability = 0;
  int attempts = 0, uncut = 0, window = 0;
};

inline Slots empty_slots(int count, int id) {
  const auto n = static_cast<std::size_t>(count);
  Slots slots;
  slots.tensor.assign(n, id);
  slots.input_mask.assign(n, 1);
  slots.target_mask.assign(n, 1);
  slots.attention.assign(n, 0);
  slots.origin.assign(n, -1);
  return slots;
}

inline std::vector<float> dirichlet(const Random& random, Purpose purpose, std::uint32_t attempt,
                                    const std::vector<int>& ids, const std::vector<double>& alphas) {
  std::vector<double> gammas;
  for (std::size_t m = 0; m < ids.size(); ++m) {
    gammas.push_back(random.gamma(purpose, ids[m], attempt, std::fmax(alphas[m], 1e-9)));
  }
  const double sum = std::accumulate(gammas.begin(), gammas.end(), 0.0);
  std::vector<float> p;
  for (const double gamma : gammas) {
    p.push_back(std::clamp(static_cast<float>(gamma / sum), std::ldexp(1.0f, -126), 1.0f - std::ldexp(1.0f, -24)));
  }
  return p;
}

struct Budget {
  std::vector<int> tokens;
  bool gave_up = false;
};

inline Budget budget(const Random& random, Purpose purpose, int total, const std::vector<int>& ids,
                     const std::vector<double>& alphas, const std::vector<int>& least, const std::vector<int>& most,
                     int max_tries) {
  std::vector<int> tokens;
  for (int attempt = 0; attempt < max_tries; ++attempt) {
    const auto name = static_cast<std::uint32_t>(attempt) * 1048576u;
    tokens.clear();
    for (const float p : dirichlet(random, purpose, name, ids, alphas)) {
      tokens.push_back(static_cast<int>(std::floor(p * static_cast<float>(total))));
    }
    const int rest = total - std::accumulate(tokens.begin(), tokens.end(), 0);
    for (int extra = 0; extra < rest; ++extra) {
      const auto p = dirichlet(random, purpose, name + 1u + static_cast<std::uint32_t>(extra), ids, alphas);
      ++tokens[static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin())];
    }
    bool is_enough = true;
    for (std::size_t m = 0; m < tokens.size(); ++m) {
      tokens[m] = std::min(tokens[m], most[m]);
      if (tokens[m] < least[m]) is_enough = false;
    }
    if (is_enough) return {tokens, false};
  }
  return {tokens, true};
}

// As the reference does it: argsort, then look every slot up.
inline Slots image(const Random& random, const SchemeModality& entry, const std::vector<int>& ids, int input_budget,
                   int target_budget) {
  const int n = entry.modality.max_tokens;
  Slots slots = empty_slots(n, maskscope::unknown_token_id);
  std::vector<std::uint32_t> noise;
  for (int i = 0; i < n; ++i) {
    noise.push_back(random.rand24(image_noise, entry.modality.id, 0, static_cast<std::size_t>(i)));
  }
  std::vector<int> shuffle(static_cast<std::size_t>(n));
  std::iota(shuffle.begin(), shuffle.end(), 0);
  std::stable_sort(shuffle.begin(), shuffle.end(), [&](int a, int b) {
    return noise[static_cast<std::size_t>(a)] < noise[static_cast<std::size_t>(b)];
  });
  int num_targets = 0, first_target = -1;
  for (int i = 0; i < n; ++i) {
    const auto slot = static_cast<std::size_t>(i);
    if (!ids.empty()) slots.tensor[slot] = ids[slot];
    slots.origin[slot] = i;
    const bool is_input = shuffle[slot] < input_budget;
    const bool is_target =
        !is_input && (target_budget == none || shuffle[slot] < input_budget + target_budget);
    slots.input_mask[slot] = !is_input;
    slots.target_mask[slot] = !is_target;
    if (is_target && num_targets++ == 0) first_target = i;
  }
  if (num_targets > 0) slots.attention[static_cast<std::size_t>(first_target)] = num_targets;
  return slots;
}

struct Token {
  int id;
  int origin;
};

// A sequence as a list of pieces, each kept or masked whole.
using Pieces = std::vector<std::vector<Token>>;

inline Pieces pieces_of(const SchemeModality& entry, const maskscope::ModalityTokens& tokens, int eos_id) {
  const maskscope::Modality& modality = entry.modality;
  Pieces pieces;
  const int offset = modality.kind == ModalityKind::seq_token ? modality.vocab_offset : 0;
  std::vector<int> ids = tokens.ids;
  if (modality.kind == ModalityKind::seq_emb) {
    ids.assign(static_cast<std::size_t>(tokens.num_rows), 0);
    if (tokens.num_rows > modality.max_tokens) ids.resize(static_cast<std::size_t>(modality.max_tokens));
  }
  std::vector<int> lengths = tokens.chunk_lengths;
  if (lengths.empty()) lengths.assign(ids.size(), 1);
  if (modality.kind == ModalityKind::seq) {
    lengths.push_back(1);
    ids.push_back(eos_id);
  }
  int position = 0;
  for (const int length : lengths) {
    if (modality.kind == ModalityKind::seq && position + length > modality.max_tokens) break;
    pieces.emplace_back();
    for (int i = 0; i < length; ++i, ++position) {
      pieces.back().push_back({ids[static_cast<std::size_t>(position)] + offset, position});
    }
  }
  return pieces;
}

// Span masking of one side or both.
struct Spans {
  std::vector<Token> input, target;
  double keep_probability = 0;
  int attempts = 0;
};

inline Spans spans(const Random& random, int modality_id, const Pieces& pieces, const std::vector<int>& sentinels,
                   int input_budget, KeepScheme keep) {
  Spans result;
  if (input_budget > 0) {
    if (keep == KeepScheme::random) result.keep_probability = random.uniform(keep_probability, modality_id);
    if (keep == KeepScheme::all) result.keep_probability = 1;
    if (keep == KeepScheme::binary) result.keep_probability = random.words(keep_probability, modality_id, 0, 0)[0] >> 31;
  }
  for (;;) {
    result.input.clear();
    result.target.clear();
    std::size_t sentinel = 0;
    const auto next_sentinel = [&] {
      if (++sentinel >= sentinels.size()) throw std::out_of_range("no such sentinel");
      return Token{sentinels[sentinel], -2 - static_cast<int>(sentinel)};
    };
    bool was_masked = false;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const float draw =
          static_cast<float>(random.rand24(span, modality_id, static_cast<std::uint32_t>(result.attempts), i)) /
          16777216.0f;
      const bool is_masked = !(draw <= static_cast<float>(result.keep_probability));
      if (is_masked && !was_masked) {
        const Token mark = next_sentinel();
        result.input.push_back(mark);
        result.target.push_back(mark);
      }
      std::vector<Token>& side = is_masked ? result.target : result.input;
      side.insert(side.end(), pieces[i].begin(), pieces[i].end());
      was_masked = is_masked;
    }
    result.target.push_back(next_sentinel());
    ++result.attempts;
    if (input_budget == 0) result.input.clear();
    if (static_cast<int>(result.input.size()) <= input_budget) return result;
    result.keep_probability = result.keep_probability * 0.9;
  }
}

// Text and pre-tokenized sequences. target_slot: where the target begins.
inline Slots text(const Random& random, const SchemeModality& entry, const maskscope::ModalityTokens& tokens,
                  const SequenceVocabulary& vocabulary, int input_budget, int target_budget, int target_slot,
                  KeepScheme keep) {
  const int modality_id = entry.modality.id;
  Slots slots = empty_slots(2 * (entry.modality.max_tokens + 1), vocabulary.pad_id);
  const Spans spans_of_text = spans(random, modality_id, pieces_of(entry, tokens, vocabulary.eos_id),
                                    vocabulary.sentinel_ids, input_budget, keep);
  slots.keep_probability = spans_of_text.keep_probability;
  slots.attempts = spans_of_text.attempts;
  const std::vector<Token>& input = spans_of_text.input;
  std::vector<Token> target = spans_of_text.target;
  slots.uncut = static_cast<int>(target.size());

  if (target_budget != none && slots.uncut > target_budget) {
    // In a text any id of a sentinel counts; pre-tokenized ids never do.
    std::vector<int> marks;
    for (int i = 0; i < slots.uncut; ++i) {
      const auto& known = vocabulary.sentinel_ids;
      const Token& token = target[static_cast<std::size_t>(i)];
      if (entry.modality.kind == ModalityKind::seq_token ? token.origin < 0
                                                         : std::find(known.begin(), known.end(), token.id) != known.end()) {
        marks.push_back(i);
      }
    }
    const auto choices = static_cast<std::uint32_t>(std::max<std::size_t>(1, marks.size() - 1));
    int begin = marks[random.randint(target_window, modality_id, choices)];
    int end = begin + target_budget;
    if (slots.uncut - begin < target_budget) {
      begin = *std::find_if(marks.begin(), marks.end(),
                            [&](int mark) { return slots.uncut - mark <= target_budget; });
      end = slots.uncut;
    }
    slots.window = begin;
    target = {target.begin() + begin, target.begin() + end};
  }
  for (std::size_t i = 0; i < input.size(); ++i) {
    slots.tensor[i] = input[i].id;
    slots.origin[i] = input[i].origin;
    slots.input_mask[i] = 0;
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    const std::size_t slot = static_cast<std::size_t>(target_slot) + i;
    slots.tensor.at(slot) = target[i].id;
    slots.origin[slot] = target[i].origin;
    slots.target_mask[slot] = 0;
    slots.attention[slot] = 1;
  }
  return slots;
}

// Rows of floats: the input side only. tensor: the row, -1 for a vector of zeros.
inline Slots rows(const Random& random, const SchemeModality& entry, const maskscope::ModalityTokens& tokens,
                  const SequenceVocabulary& vocabulary, int input_budget, KeepScheme keep) {
  Slots slots = empty_slots(entry.modality.max_tokens, -1);
  const Spans masked = spans(random, entry.modality.id, pieces_of(entry, tokens, vocabulary.eos_id),
                             vocabulary.sentinel_ids, input_budget, keep);
  slots.keep_probability = masked.keep_probability;
  slots.attempts = masked.attempts;
  for (std::size_t i = 0; i < masked.input.size(); ++i) {
    slots.tensor[i] = std::max(masked.input[i].origin, -1);
    slots.origin[i] = masked.input[i].origin;
    slots.input_mask[i] = 0;
  }
  return slots;
}

// Transfer: wholly input or wholly target.
inline Slots whole_image(const SchemeModality& entry, const std::vector<int>& ids) {
  const int n = entry.modality.max_tokens;
  const bool is_input = entry.transfer_role == maskscope::TransferRole::input;
  Slots slots = empty_slots(n, maskscope::unknown_token_id);
  if (!ids.empty()) slots.tensor = ids;
  std::iota(slots.origin.begin(), slots.origin.end(), 0);
  (is_input ? slots.input_mask : slots.target_mask).assign(static_cast<std::size_t>(n), 0);
  if (!is_input) slots.attention[0] = n;
  return slots;
}

// A slot of a concatenation.
struct Entry {
  int slot, modality, target_id, attention;
  bool is_used;
};

// Used ones first, then the others, each in order.
inline int select(std::vector<Entry>& entries, int most) {
  const auto end_of_used =
      std::stable_partition(entries.begin(), entries.end(), [](const Entry& entry) { return entry.is_used; });
  const auto num_used = static_cast<int>(end_of_used - entries.begin());
  if (entries.size() > static_cast<std::size_t>(most)) entries.resize(static_cast<std::size_t>(most));
  return num_used;
}

inline void mask_row(const Scheme& scheme, const SequenceVocabulary& vocabulary, const Sample& sample,
                     const Random& random, MaskedBatch& batch, std::size_t row) {
  const std::size_t num_modalities = scheme.modalities.size();
  std::vector<int> ids, least, most;
  for (const SchemeModality& entry : scheme.modalities) {
    ids.push_back(entry.modality.id);
    least.push_back(entry.modality.min_tokens);
    most.push_back(entry.modality.max_tokens);
  }

  // Budgets.
  Budget input, target;
  std::size_t c = 0;
  int num_input_tokens = 0, num_target_tokens = none;
  if (scheme.mode == maskscope::BudgetMode::direct) {
    num_target_tokens = 0;
    for (const SchemeModality& entry : scheme.modalities) {
      input.tokens.push_back(entry.direct_encoder_tokens);
      target.tokens.push_back(entry.direct_decoder_tokens);
      num_input_tokens += entry.direct_encoder_tokens;
      num_target_tokens += entry.direct_decoder_tokens;
    }
  } else if (scheme.mode == maskscope::BudgetMode::transfer) {
    for (const SchemeModality& entry : scheme.modalities) {
      const bool is_input = entry.transfer_role == maskscope::TransferRole::input;
      input.tokens.push_back(is_input ? entry.modality.max_tokens : 0);
      target.tokens.push_back(is_input && entry.modality.kind == ModalityKind::img ? 0 : none);
      num_input_tokens += input.tokens.back();
    }
  } else {
    const auto& weights = scheme.sampling_weights;
    if (weights.empty()) {
      c = random.randint(component, 0, static_cast<std::uint32_t>(scheme.num_components()));
    } else {
      const double point = random.uniform(component, 0) * std::accumulate(weights.begin(), weights.end(), 0.0);
      double sum = weights[0];
      while (point >= sum) sum += weights[++c];
    }
    const auto draw_total = [&](Purpose purpose, maskscope::TokenRange range) {
      return range.low +
             static_cast<int>(random.randint(purpose, 0, static_cast<std::uint32_t>(range.high - range.low + 1)));
    };
    std::vector<double> input_alphas, target_alphas;
    for (const SchemeModality& entry : scheme.modalities) {
      input_alphas.push_back(entry.input_alphas[c]);
      target_alphas.push_back(entry.target_alphas[c]);
    }
    num_input_tokens = draw_total(num_input, scheme.input_tokens);
    input = budget(random, input_budget, num_input_tokens, ids, input_alphas, least, most, scheme.max_tries);
    if (scheme.target_tokens) {
      num_target_tokens = draw_total(num_target, *scheme.target_tokens);
      for (std::size_t m = 0; m < num_modalities; ++m) {
        if (scheme.modalities[m].modality.kind == ModalityKind::img) most[m] -= input.tokens[m];
        most[m] = std::max(most[m], least[m]);
      }
      target = budget(random, target_budget, num_target_tokens, ids, target_alphas, least, most, scheme.max_tries);
    } else {
      target.tokens.assign(num_modalities, none);
    }
  }
  batch.component[row] = static_cast<int>(c);
  batch.num_input_tokens[row] = num_input_tokens;
  batch.num_target_tokens[row] = num_target_tokens;
  batch.budget_flags[row] = static_cast<std::uint8_t>(input.gave_up + 2 * target.gave_up);

  // Content masks.
  const bool is_transfer = scheme.mode == maskscope::BudgetMode::transfer;
  std::vector<Slots> slots;
  for (std::size_t m = 0; m < num_modalities; ++m) {
    const SchemeModality& entry = scheme.modalities[m];
    const auto& tokens = sample.modalities[m];
    if (!tokens.is_present) {
      slots.push_back(empty_slots(entry.modality.num_slots(), 0));
    } else if (entry.modality.kind == ModalityKind::img) {
      slots.push_back(is_transfer ? whole_image(entry, tokens.ids)
                                  : image(random, entry, tokens.ids, input.tokens[m], target.tokens[m]));
    } else if (entry.modality.kind == ModalityKind::seq_emb) {
      slots.push_back(rows(random, entry, tokens, vocabulary, input.tokens[m], entry.keep[c]));
    } else {
      slots.push_back(text(random, entry, tokens, vocabulary, input.tokens[m], target.tokens[m],
                           is_transfer ? entry.modality.max_tokens : input.tokens[m],
                           is_transfer ? KeepScheme::all : entry.keep[c]));
    }
    const std::size_t first = row * static_cast<std::size_t>(batch.num_slots) + static_cast<std::size_t>(batch.slot_offset[m]);
    for (std::size_t i = 0; i < slots[m].tensor.size(); ++i) {
      batch.tensor[first + i] = slots[m].tensor[i];
      batch.input_mask[first + i] = static_cast<std::uint8_t>(slots[m].input_mask[i]);
      batch.target_mask[first + i] = static_cast<std::uint8_t>(slots[m].target_mask[i]);
      batch.decoder_attention_mask[first + i] = slots[m].attention[i];
      batch.slot_origin[first + i] = slots[m].origin[i];
    }
    const std::size_t at = row * num_modalities + m;
    batch.input_budget[at] = input.tokens[m];
    batch.target_budget[at] = target.tokens[m];
    batch.keep_probability[at] = slots[m].keep_probability;
    batch.num_attempts[at] = slots[m].attempts;
    batch.uncut_target_tokens[at] = slots[m].uncut;
    batch.target_window_begin[at] = slots[m].window;
  }

  // Encoder.
  std::vector<Entry> encoder;
  for (std::size_t m = 0; m < num_modalities; ++m) {
    if (!scheme.modalities[m].reaches_encoder()) continue;
    for (std::size_t i = 0; i < slots[m].tensor.size(); ++i) {
      encoder.push_back({batch.slot_offset[m] + static_cast<int>(i), ids[m], 0, 0, slots[m].input_mask[i] == 0});
    }
  }
  batch.encoder_valid[row] = select(encoder, scheme.encoder_slots);
  for (std::size_t i = 0; i < encoder.size(); ++i) {
    const std::size_t at = row * static_cast<std::size_t>(batch.encoder_slots) + i;
    batch.encoder_source[at] = encoder[i].slot;
    batch.encoder_mask[at] = !encoder[i].is_used;
    batch.encoder_modality[at] = static_cast<std::int16_t>(encoder[i].is_used ? encoder[i].modality : -1);
  }

  // Decoder.
  std::vector<std::size_t> order;
  for (std::size_t m = 0; m < num_modalities; ++m) {
    if (scheme.modalities[m].reaches_decoder()) order.push_back(m);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return random.words(decoder_order, ids[a], 0, 0)[0] < random.words(decoder_order, ids[b], 0, 0)[0];
  });
  std::vector<Entry> decoder;
  for (std::size_t place = 0; place < num_modalities; ++place) {
    batch.decoder_order[row * num_modalities + place] = place < order.size() ? static_cast<int>(order[place]) : -1;
  }
  for (const std::size_t m : order) {
    const bool is_text = scheme.modalities[m].modality.kind != ModalityKind::img;
    for (std::size_t i = 0; i + is_text < slots[m].tensor.size(); ++i) {
      const std::size_t next = i + is_text;
      decoder.push_back({batch.slot_offset[m] + static_cast<int>(i), ids[m], slots[m].tensor[next],
                         slots[m].attention[i], slots[m].target_mask[i] == 0 && slots[m].target_mask[next] == 0});
    }
  }
  batch.decoder_valid[row] = select(decoder, scheme.decoder_slots);
  for (std::size_t i = 0; i < decoder.size(); ++i) {
    const std::size_t at = row * static_cast<std::size_t>(batch.decoder_slots) + i;
    const Entry& entry = decoder[i];
    batch.decoder_source[at] = entry.slot;
    batch.decoder_mask[at] = !entry.is_used;
    batch.decoder_modality[at] = static_cast<std::int16_t>(entry.is_used ? entry.modality : -1);
    batch.target_ids[at] = entry.is_used ? entry.target_id : 0;
    batch.decoder_attention[at] = entry.attention;
    batch.decoder_attention_modality[at] = static_cast<std::int16_t>(entry.modality);
  }
}

// What Backend::run must give. Throws std::out_of_range when a text needs more sentinels than there are.
inline MaskedBatch mask(const Scheme& scheme, const SequenceVocabulary& vocabulary, const std::vector<Sample>& samples,
                        std::uint64_t seed, std::uint64_t first_sample, int batch_size) {
  MaskedBatch batch;
  batch.resize(scheme, batch_size);
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch_size); ++row) {
    mask_row(scheme, vocabulary, samples[row % samples.size()], {seed, first_sample + row}, batch, row);
  }
  return batch;
}

}  // namespace oracle
