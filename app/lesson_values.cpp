#include "app/lesson_values.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

// Each with its meaning. "has_", "is_": 0 or 1.
constexpr std::array number_names = std::to_array<std::string_view>({
    "is_sampled", "is_direct", "is_transfer", "are_draws_known", "is_dump",
    "modalities",       // of this sample
    "tokens", "tokens_encoder", "tokens_target", "tokens_discarded",  // of the source, [EOS] included, by fate
    "has_sentinel",     // in an encoder slot or as a target

    // The grid that is spoken of: one that can be a target, if there is one.
    "has_grid", "grid_side", "grid_tokens", "grid_pixels", "patch_pixels", "grid_encoder", "grid_target", "grid_discarded",
    "grid_budget_in", "grid_budget_out",  // -1: none
    "grid_is_target",   // may be
    "grid_left",        // what the input budget leaves of it

    // The text that is spoken of: the caption, if there is one.
    "has_text", "text_tokens", "text_budget_in", "text_budget_out",
    "text_in_slots",    // used as input, sentinels included
    "text_out_ids",     // of the target, sentinels included
    "text_out_slots",   // of the decoder's concatenation that these take
    "text_runs",        // masked runs
    "text_discarded", "text_keep_percent", "text_attempts", "text_cut_ids",

    "num_input_tokens", "budget_in_total", "budget_in_lost",
    "has_target_range", "num_target_tokens", "budget_out_total", "budget_out_lost",

    "encoder_concat", "encoder_slots", "encoder_used", "encoder_ignored", "encoder_cut",
    "decoder_concat", "decoder_slots", "decoder_used", "decoder_ignored", "decoder_cut",
    "ignored_slots",    // of both

    // The image and the text with two decoder rows or more, and what their rows may attend to.
    "has_image_rows", "image_rows", "image_number", "image_sees",
    "has_text_rows", "text_rows", "text_first_sees", "text_last_sees",
    "blind_rows",       // that may attend to nothing
    "blind_used_rows",  // of these, rows that hold a token
});
constexpr std::array text_names = std::to_array<std::string_view>({"grid_name", "text_name", "image_rows_name"});

template <class Names>
bool contains(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

using Numbers = std::map<std::string, std::int64_t, std::less<>>;
using Texts = std::map<std::string, std::string, std::less<>>;

const Modality& modality_at(const MaskedFrame& frame, int m) { return frame.scheme.modalities[static_cast<std::size_t>(m)].modality; }

int count_of(const std::vector<Fate>& fates, Fate fate) { return static_cast<int>(std::count(fates.begin(), fates.end(), fate)); }

// The most familiar grid that can be a target, else any; -1: none.
int spoken_grid(const MaskedFrame& frame) {
  int best = -1, best_rank = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = modality_at(frame, m);
    if (info.kind != ModalityKind::img || !frame.is_present(m) || !has_places(info) || info.grid_side() * info.grid_side() != info.max_tokens) continue;
    const int rank = !frame.scheme.modalities[static_cast<std::size_t>(m)].reaches_decoder() ? 1 : info.name.starts_with("tok_rgb@") ? 3 : 2;
    if (rank > best_rank) best = m, best_rank = rank;
  }
  return best;
}

int spoken_text(const MaskedFrame& frame) {
  int best = -1;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    if (modality_at(frame, m).kind != ModalityKind::seq || !frame.is_present(m) || source_fates(frame.masks(), m).empty()) continue;
    if (modality_at(frame, m).name == "caption") return m;
    if (best < 0) best = m;
  }
  return best;
}

void add_grid(const MaskedFrame& frame, Numbers& numbers, Texts& texts) {
  const int m = spoken_grid(frame);
  if (m < 0) return;
  const Modality& info = modality_at(frame, m);
  const std::vector<Fate> fates = source_fates(frame.masks(), m);
  texts["grid_name"] = info.name;
  numbers["has_grid"] = 1;
  numbers["grid_side"] = info.grid_side();
  numbers["grid_tokens"] = info.max_tokens;
  numbers["grid_pixels"] = info.input_size;
  numbers["patch_pixels"] = info.patch_size;
  numbers["grid_encoder"] = count_of(fates, Fate::encoder);
  numbers["grid_target"] = count_of(fates, Fate::decoder);
  numbers["grid_discarded"] = count_of(fates, Fate::discarded);
  numbers["grid_budget_in"] = frame.masks().input_budget(m);
  numbers["grid_budget_out"] = frame.masks().target_budget(m);
  numbers["grid_is_target"] = frame.scheme.modalities[static_cast<std::size_t>(m)].reaches_decoder();
  numbers["grid_left"] = info.max_tokens - std::max(frame.masks().input_budget(m), 0);
}

void add_text(const MaskedFrame& frame, Numbers& numbers, Texts& texts) {
  const int m = spoken_text(frame);
  if (m < 0) return;
  const SampleMasks masks = frame.masks();
  const auto at = static_cast<std::size_t>(m);
  const std::vector<Fate> fates = source_fates(masks, m);
  int in = 0, out = 0, sentinels = 0;
  for (int slot = 0; slot < modality_at(frame, m).num_slots(); ++slot) {
    const bool is_input = !masks.slot_value(frame.batch.input_mask, m, slot);
    in += is_input;
    out += !masks.slot_value(frame.batch.target_mask, m, slot);
    sentinels += is_input && origin::is_sentinel(masks.slot_value(frame.batch.slot_origin, m, slot));
  }
  texts["text_name"] = modality_at(frame, m).name;
  numbers["has_text"] = 1;
  numbers["text_tokens"] = static_cast<std::int64_t>(fates.size());
  numbers["text_budget_in"] = masks.input_budget(m);
  numbers["text_budget_out"] = masks.target_budget(m);
  numbers["text_in_slots"] = in;
  numbers["text_out_ids"] = out;
  numbers["text_out_slots"] = frame.scheme.modalities[at].reaches_decoder() ? std::max(out - 1, 0) : 0;
  numbers["text_runs"] = sentinels;
  numbers["text_discarded"] = count_of(fates, Fate::discarded);
  numbers["text_keep_percent"] = std::llround(100 * frame.batch.keep_probability[at]);
  numbers["text_attempts"] = frame.batch.num_attempts[at];
  numbers["text_cut_ids"] = std::max(frame.batch.uncut_target_tokens[at] - out, 0);
}

void add_budgets(const MaskedFrame& frame, Numbers& numbers) {
  const SampleMasks masks = frame.masks();
  std::int64_t input = 0, target = 0;
  bool has_range = true;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    input += std::max(masks.input_budget(m), 0);
    target += std::max(masks.target_budget(m), 0);
    has_range = has_range && masks.target_budget(m) >= 0;
  }
  const std::int64_t drawn_input = frame.batch.num_input_tokens[0], drawn_target = frame.batch.num_target_tokens[0];
  numbers["num_input_tokens"] = drawn_input;
  numbers["budget_in_total"] = input;
  numbers["budget_in_lost"] = std::max<std::int64_t>(drawn_input - input, 0);
  numbers["has_target_range"] = has_range;
  numbers["num_target_tokens"] = has_range ? drawn_target : 0;
  numbers["budget_out_total"] = target;
  numbers["budget_out_lost"] = has_range ? std::max<std::int64_t>(drawn_target - target, 0) : 0;
}

void add_slots(const MaskedFrame& frame, Numbers& numbers) {
  const MaskedBatch& batch = frame.batch;
  std::int64_t encoder_concat = 0, decoder_concat = 0;
  for (const SchemeModality& entry : frame.scheme.modalities) {
    const int slots = entry.modality.num_slots();
    if (entry.reaches_encoder()) encoder_concat += slots;
    if (entry.reaches_decoder()) decoder_concat += slots - (has_spans_in_decoder(entry.modality.kind) ? 1 : 0);
  }
  const auto ignored = [](const std::vector<std::uint8_t>& bits) { return std::count_if(bits.begin(), bits.end(), [](std::uint8_t bit) { return bit != 0; }); };
  numbers["encoder_concat"] = encoder_concat;
  numbers["decoder_concat"] = decoder_concat;
  numbers["encoder_slots"] = batch.encoder_slots;
  numbers["decoder_slots"] = batch.decoder_slots;
  numbers["encoder_ignored"] = ignored(batch.encoder_mask);
  numbers["decoder_ignored"] = ignored(batch.decoder_mask);
  numbers["encoder_used"] = batch.encoder_slots - numbers["encoder_ignored"];
  numbers["decoder_used"] = batch.decoder_slots - numbers["decoder_ignored"];
  numbers["ignored_slots"] = numbers["encoder_ignored"] + numbers["decoder_ignored"];
  numbers["encoder_cut"] = std::max(batch.encoder_valid[0] - batch.encoder_slots, 0);
  numbers["decoder_cut"] = std::max(batch.decoder_valid[0] - batch.decoder_slots, 0);
}

// Columns that the rows of the decoder's self-attention may attend to, without the M x M matrix.
class OpenColumns {
 public:
  explicit OpenColumns(const MaskedBatch& batch) : batch_(batch), reach_(static_cast<std::size_t>(batch.decoder_slots)) {
    std::int64_t sum = 0;
    for (std::size_t row = 0; row < reach_.size(); ++row) {
      sum += batch.decoder_attention[row];
      reach_[row] = std::clamp<std::int64_t>(sum, 0, static_cast<std::int64_t>(reach_.size()));
      first_.try_emplace(batch.decoder_attention_modality[row], static_cast<std::int64_t>(row));
    }
  }
  std::int64_t count(std::size_t row) const {
    const auto begin = batch_.decoder_attention_modality.begin();
    return std::count(begin, begin + static_cast<std::ptrdiff_t>(reach_[row]), batch_.decoder_attention_modality[row]);
  }
  bool is_blind(std::size_t row) const { return first_.at(batch_.decoder_attention_modality[row]) >= reach_[row]; }

 private:
  const MaskedBatch& batch_;
  std::vector<std::int64_t> reach_;             // (M') columns below this one are open as far as the order goes
  std::map<std::int16_t, std::int64_t> first_;  // column of each modality
};

void add_attention(const MaskedFrame& frame, Numbers& numbers, Texts& texts) {
  const MaskedBatch& batch = frame.batch;
  const OpenColumns open(batch);
  std::map<int, std::vector<std::size_t>> rows;  // by modality id: those that hold a token
  for (std::size_t row = 0; row < static_cast<std::size_t>(batch.decoder_slots); ++row) {
    if (!batch.decoder_mask[row]) rows[batch.decoder_modality[row]].push_back(row);
    if (!open.is_blind(row)) continue;
    ++numbers["blind_rows"];
    if (!batch.decoder_mask[row]) ++numbers["blind_used_rows"];
  }
  std::size_t most = 1;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = modality_at(frame, m);
    const auto found = rows.find(info.id);
    if (info.kind != ModalityKind::img || found == rows.end() || found->second.size() <= most) continue;
    const std::size_t first = found->second.front();
    most = found->second.size();
    texts["image_rows_name"] = info.name;
    numbers["has_image_rows"] = 1;
    numbers["image_rows"] = static_cast<std::int64_t>(most);
    numbers["image_number"] = batch.decoder_attention[first];
    numbers["image_sees"] = open.count(first);
  }
  const int text = spoken_text(frame);
  const auto found = text < 0 ? rows.end() : rows.find(modality_at(frame, text).id);
  if (found == rows.end() || found->second.size() < 2) return;
  numbers["has_text_rows"] = 1;
  numbers["text_rows"] = static_cast<std::int64_t>(found->second.size());
  numbers["text_first_sees"] = open.count(found->second.front());
  numbers["text_last_sees"] = open.count(found->second.back());
}

bool has_sentinel(const MaskedFrame& frame) {
  const auto is_sentinel = [&](TokenIdentity token) {
    return token.is_valid() && origin::is_sentinel(token.origin) && has_spans_in_decoder(modality_at(frame, token.modality).kind);
  };
  for (int slot = 0; slot < frame.batch.encoder_slots; ++slot) {
    if (is_sentinel(token_in_encoder_slot(frame.masks(), slot))) return true;
  }
  for (int slot = 0; slot < frame.batch.decoder_slots; ++slot) {
    if (is_sentinel(token_in_decoder_slot(frame.masks(), slot))) return true;
  }
  return false;
}

}  // namespace

bool is_lesson_value(std::string_view name) { return contains(number_names, name) || contains(text_names, name); }

LessonValues::LessonValues(const MaskedFrame& frame) {
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    if (!frame.is_present(m)) continue;
    const std::vector<Fate> fates = source_fates(frame.masks(), m);
    ++numbers_["modalities"];
    numbers_["tokens"] += static_cast<std::int64_t>(fates.size());
    numbers_["tokens_encoder"] += count_of(fates, Fate::encoder);
    numbers_["tokens_target"] += count_of(fates, Fate::decoder);
    numbers_["tokens_discarded"] += count_of(fates, Fate::discarded);
  }
  numbers_["is_dump"] = !frame.are_draws_known;
  numbers_["are_draws_known"] = frame.are_draws_known;
  numbers_["is_sampled"] = frame.are_draws_known && frame.scheme.mode == BudgetMode::sampled;
  numbers_["is_direct"] = frame.are_draws_known && frame.scheme.mode == BudgetMode::direct;
  numbers_["is_transfer"] = frame.are_draws_known && frame.scheme.mode == BudgetMode::transfer;
  numbers_["has_sentinel"] = has_sentinel(frame);
  add_grid(frame, numbers_, texts_);
  add_text(frame, numbers_, texts_);
  add_budgets(frame, numbers_);
  add_slots(frame, numbers_);
  add_attention(frame, numbers_, texts_);
}

std::int64_t LessonValues::number(std::string_view name) const {
  assert(is_lesson_value(name));
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? 0 : found->second;
}

std::string LessonValues::text(std::string_view name) const {
  if (!contains(text_names, name)) return cat(number(name));
  const auto found = texts_.find(name);
  return found == texts_.end() ? std::string() : found->second;
}

std::int64_t LessonValues::operand(const std::string& name_or_number) const {
  std::int64_t number = 0;
  const auto [end, failure] = std::from_chars(name_or_number.data(), name_or_number.data() + name_or_number.size(), number);
  return failure == std::errc() && end == name_or_number.data() + name_or_number.size() ? number : this->number(name_or_number);
}

bool LessonValues::holds(const LessonCondition& condition) const {
  const auto term_holds = [&](const LessonTerm& term) {
    const std::int64_t left = operand(term.left), right = operand(term.right);
    switch (term.comparison) {
      case LessonTerm::Comparison::less: return left < right;
      case LessonTerm::Comparison::less_equal: return left <= right;
      case LessonTerm::Comparison::equal: return left == right;
      case LessonTerm::Comparison::not_equal: return left != right;
      case LessonTerm::Comparison::greater_equal: return left >= right;
      case LessonTerm::Comparison::greater: return left > right;
    }
    return false;
  };
  return std::all_of(condition.begin(), condition.end(), [&](const LessonClause& clause) {
    return std::all_of(clause.all_of.begin(), clause.all_of.end(), term_holds) != clause.is_negated;
  });
}

}  // namespace maskscope
