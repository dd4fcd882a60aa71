#include "core/data/dump_rules.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "core/error.h"

namespace maskscope {
namespace {

enum class DumpRule : std::uint8_t {
  one_side,           // no slot is input and target
  attention_range,    // not negative, at most the number of slots
  attention_form,     // as image_mask and sequence_mask make it
  target_ids,         // within the vocabulary
  other_ids,
  contiguous,         // a sequence's input and its target are each in one piece, in this order
  target_begins,      // with a sentinel
  sentinels_ascend,
  sentinels_match,    // a run that the target holds has its place in the input
  fits,               // a sequence uses at most max_tokens ids on each side
  predictable,        // targets belong to modalities that can be predicted
  has_input,
  has_target,
};

struct Breach {
  DumpRule rule{};
  int modality = -1;  // in the dump; -1: the sample
  ProblemLevel level = ProblemLevel::error;
  std::string sentence, reference;
};

// The slots that break a rule: the first one is named, the others are counted.
class SlotCount {
 public:
  void add(int slot) {
    if (count_++ == 0) first_ = slot;
  }
  int first() const { return first_; }
  explicit operator bool() const { return count_ > 0; }
  // "slot 17" or "slot 17 and 3 more"
  std::string text() const { return count_ == 1 ? cat("slot ", first_) : cat("slot ", first_, " and ", count_ - 1, " more"); }

 private:
  int first_ = -1, count_ = 0;
};

class SampleChecker {
 public:
  SampleChecker(const BatchDump& dump, int sample, const SequenceVocabulary& vocabulary) : dump_(dump), sample_(sample) {
    for (std::size_t k = 1; k < vocabulary.sentinel_ids.size(); ++k) sentinel_number_.emplace(vocabulary.sentinel_ids[k], static_cast<int>(k));
  }

  std::vector<Breach> check() {
    bool has_input = false, has_target = false;
    for (modality_ = 0; modality_ < static_cast<int>(dump_.modalities.size()); ++modality_) {
      const DumpedModality& m = dump_.modalities[static_cast<std::size_t>(modality_)];
      input_ = m.row(m.input_mask, sample_);
      target_ = m.row(m.target_mask, sample_);
      attention_ = m.row(m.decoder_attention_mask, sample_);
      ids_ = m.ids.empty() ? std::span<const std::int32_t>() : m.row(m.ids, sample_);
      known_ = builtin_modality(m.name);
      const bool can_be_target = m.kind != ModalityKind::seq_emb && (!known_ || known_->has_decoder_embedding);
      has_input |= std::find(input_.begin(), input_.end(), 0) != input_.end();
      has_target |= can_be_target && std::find(target_.begin(), target_.end(), 0) != target_.end();
      check_sides(can_be_target);
      check_attention(m);
      if (!ids_.empty()) check_ids();
      if (has_spans_in_decoder(m.kind)) check_sequence(m);
    }
    modality_ = -1;
    if (!has_input) add(DumpRule::has_input, "nothing is input: the encoder sees ignored slots alone.", "It trains on the sample all the same.");
    if (!has_target) add(DumpRule::has_target, "nothing is a target that can be predicted: the sample adds nothing to the loss.", "It says nothing.");
    return std::move(breaches_);
  }

 private:
  void add(DumpRule rule, std::string sentence, std::string reference, ProblemLevel level = ProblemLevel::error) {
    breaches_.push_back({rule, modality_, level, std::move(sentence), std::move(reference)});
  }
  int num_slots() const { return static_cast<int>(input_.size()); }
  bool is_input(int slot) const { return !input_[static_cast<std::size_t>(slot)]; }
  bool is_target(int slot) const { return !target_[static_cast<std::size_t>(slot)]; }
  std::int32_t attention(int slot) const { return attention_[static_cast<std::size_t>(slot)]; }
  // k of [S_k], 0 for all that is no sentinel.
  int sentinel(int slot) const {
    const auto found = sentinel_number_.find(ids_[static_cast<std::size_t>(slot)]);
    return found == sentinel_number_.end() ? 0 : found->second;
  }

  void check_sides(bool can_be_target) {
    SlotCount both, targets;
    for (int slot = 0; slot < num_slots(); ++slot) {
      if (is_input(slot) && is_target(slot)) both.add(slot);
      if (is_target(slot)) targets.add(slot);
    }
    if (both) {
      add(DumpRule::one_side,
          cat(both.text(), ": both input_mask and target_mask are 0, so the token is input and target at once. 1 means do not use; are the masks inverted?"),
          "It shows the token to the encoder and has the decoder predict it, without a word.");
    }
    if (!can_be_target && targets) {
      add(DumpRule::predictable, cat(targets.text(), ": target_mask is 0, but nothing of this modality can be predicted. Set its target alphas to 0."),
          "It drops these targets.", ProblemLevel::note);
    }
  }

  void check_attention(const DumpedModality& m) {
    SlotCount outside, wrong;
    int first_target = -1, num_targets = 0;
    for (int slot = 0; slot < num_slots(); ++slot) {
      if (attention(slot) < 0 || attention(slot) > num_slots()) outside.add(slot);
      if (!is_target(slot)) continue;
      if (num_targets++ == 0) first_target = slot;
    }
    if (outside) {
      add(DumpRule::attention_range,
          cat("decoder_attention_mask, ", outside.text(), ": ", attention(outside.first()), " was found, 0 to ", num_slots(),
              " expected (how many slots more may be seen from here on)."),
          "It adds the numbers up and lets the decoder see that many slots.");
      return;
    }
    const bool is_grid = m.kind == ModalityKind::img;
    for (int slot = 0; slot < num_slots(); ++slot) {
      if (attention(slot) != expected_attention(m.kind, slot, first_target, num_targets)) wrong.add(slot);
    }
    if (!wrong) return;
    const int expected = expected_attention(m.kind, wrong.first(), first_target, num_targets);
    add(DumpRule::attention_form,
        cat("decoder_attention_mask, ", wrong.text(), ": ", attention(wrong.first()), " was found, ", expected, " expected (",
            is_grid                              ? cat("a grid has the number of its targets, ", num_targets, ", at the first target slot and 0 elsewhere")
            : m.kind == ModalityKind::seq_emb ? std::string("embeddings have no targets: 0 everywhere")
                                                 : std::string("a sequence has 1 on its target slots and 0 elsewhere"),
            ")."),
        "It adds the numbers up, and its decoder sees too much or too little.");
  }

  static int expected_attention(ModalityKind kind, int slot, int first_target, int num_targets, bool is_target) {
    if (kind == ModalityKind::img) return slot == first_target ? num_targets : 0;
    return has_spans_in_decoder(kind) && is_target ? 1 : 0;
  }
  int expected_attention(ModalityKind kind, int slot, int first_target, int num_targets) const {
    return expected_attention(kind, slot, first_target, num_targets, is_target(slot));
  }

  void check_ids() {
    // A grid whose ids are all unknown is how a dump without a neural tokenizer says so.
    const bool is_unknown = std::all_of(ids_.begin(), ids_.end(), [](std::int32_t id) { return id == unknown_token_id; });
    if (is_unknown) return;
    const int vocab_size = known_ ? known_->vocab_size : 0;
    SlotCount targets, others;
    for (int slot = 0; slot < num_slots(); ++slot) {
      const std::int32_t id = ids_[static_cast<std::size_t>(slot)];
      if (id >= 0 && (vocab_size == 0 || id < vocab_size)) continue;
      (is_target(slot) ? targets : others).add(slot);
    }
    const auto sentence = [&](const SlotCount& slots, const char* what) {
      const std::int32_t id = ids_[static_cast<std::size_t>(slots.first())];
      return cat(slots.text(), ": ", what, ' ', id, ", ",
                 vocab_size > 0 ? cat("the vocabulary has the ids 0 to ", vocab_size - 1) : std::string("ids from 0 on were expected"),
                 ". Check which tokenizer made the ids.");
    };
    if (targets) add(DumpRule::target_ids, sentence(targets, "the target id"), "Its loss fails: the index is out of range, on a GPU with an assert of the device.");
    if (others) add(DumpRule::other_ids, sentence(others, "the id"), "Its embedding fails if the slot is used: the index is out of range.");
  }

  void check_sequence(const DumpedModality& m) {
    const int max_tokens = m.num_slots / 2 - 1;
    std::vector<int> inputs, targets;
    for (int slot = 0; slot < num_slots(); ++slot) {
      if (is_input(slot)) inputs.push_back(slot);
      if (is_target(slot)) targets.push_back(slot);
    }
    const auto used = [&](const std::vector<int>& slots) { return static_cast<int>(slots.size()); };
    const auto in_one_piece = [&](const std::vector<int>& slots) { return slots.empty() || slots.back() - slots.front() + 1 == used(slots); };
    if (!in_one_piece(inputs) || !in_one_piece(targets) || (!inputs.empty() && inputs.front() != 0) ||
        (!inputs.empty() && !targets.empty() && targets.front() < inputs.back())) {
      add(DumpRule::contiguous,
          cat("the used slots are not in order: a sequence has its input in one piece from slot 0 on, and its target in one piece behind it. Found: input ",
              piece_text(inputs), ", target ", piece_text(targets), "."),
          "It numbers the positions by rank and doesn't notice.");
    }
    if (used(inputs) > max_tokens || used(targets) > 2 * max_tokens + 1) {
      add(DumpRule::fits, cat(used(inputs), " input and ", used(targets), " target slots are used, but the modality holds ", max_tokens, " tokens."),
          "It doesn't notice.");
    }
    if (targets.empty()) return;
    if (sentinel(targets.front()) == 0) {
      add(DumpRule::target_begins,
          cat("the target begins at slot ", targets.front(), " with the id ", ids_[static_cast<std::size_t>(targets.front())],
              ", a sentinel [S_k] was expected: the decoder can't know which run it is to predict."),
          "It trains on it all the same.", ProblemLevel::warning);
    }
    check_sentinels(inputs, "input");
    check_sentinels(targets, "target");
    check_runs(inputs, targets);
  }

  static std::string piece_text(const std::vector<int>& slots) {
    return slots.empty() ? "none" : cat(slots.size(), " slots, first ", slots.front(), ", last ", slots.back());
  }

  void check_sentinels(const std::vector<int>& slots, const char* side) {
    int last = 0;
    for (const int slot : slots) {
      const int k = sentinel(slot);
      if (k == 0) continue;
      if (k <= last) {
        add(DumpRule::sentinels_ascend,
            cat("the ", side, " has [S_", k, "] in slot ", slot, " behind [S_", last, "]: the numbers of sentinels ascend, unless they stand in the text itself."),
            "It doesn't notice.", ProblemLevel::warning);
        return;
      }
      last = k;
    }
  }

  // Every run but the closing sentinel's: a sentinel that is followed by ids stands in the input too, unless nothing is input.
  void check_runs(const std::vector<int>& inputs, const std::vector<int>& targets) {
    if (inputs.empty()) return;
    for (std::size_t i = 0; i + 1 < targets.size(); ++i) {
      const int k = sentinel(targets[i]);
      if (k == 0 || sentinel(targets[i + 1]) != 0) continue;
      if (std::any_of(inputs.begin(), inputs.end(), [&](int slot) { return sentinel(slot) == k; })) continue;
      add(DumpRule::sentinels_match, cat("slot ", targets[i], ": the target has a run of [S_", k, "], which the input has no place for."),
          "It doesn't notice.", ProblemLevel::warning);
      return;
    }
  }

  const BatchDump& dump_;
  int sample_;
  std::map<std::int32_t, int> sentinel_number_;
  std::vector<Breach> breaches_;
  // Of the modality that is looked at.
  int modality_ = -1;
  std::span<const std::uint8_t> input_, target_;
  std::span<const std::int32_t> attention_, ids_;
  std::optional<Modality> known_;
};

DataProblem to_problem(const BatchDump& dump, int sample, const Breach& breach) {
  return {breach.level, dump.source_name, dump_sample_key(sample),
          breach.modality < 0 ? "" : dump.modalities[static_cast<std::size_t>(breach.modality)].name, breach.sentence, breach.reference};
}

}  // namespace

std::vector<DataProblem> problems_of_sample(const BatchDump& dump, int sample, const SequenceVocabulary& vocabulary) {
  std::vector<DataProblem> problems;
  for (const Breach& breach : SampleChecker(dump, sample, vocabulary).check()) problems.push_back(to_problem(dump, sample, breach));
  return problems;
}

void add_rule_problems(BatchDump& dump) {
  constexpr int most_of_a_kind = 3;
  const SequenceVocabulary vocabulary = default_vocabulary();
  std::map<std::pair<DumpRule, int>, std::pair<int, DataProblem>> more;  // by rule and modality: how many, and one of them
  for (int sample = 0; sample < dump.batch_size; ++sample) {
    for (const Breach& breach : SampleChecker(dump, sample, vocabulary).check()) {
      auto& [count, last] = more[{breach.rule, breach.modality}];
      if (++count <= most_of_a_kind) dump.problems.push_back(to_problem(dump, sample, breach));
      else last = to_problem(dump, sample, breach);
    }
  }
  for (auto& [kind, entry] : more) {
    auto& [count, last] = entry;
    if (count <= most_of_a_kind) continue;
    const int hidden = count - most_of_a_kind;
    last.sentence = cat(hidden, hidden == 1 ? " more sample has" : " more samples have", " a problem of this kind, the last is ", last.key, ": ", last.sentence);
    last.key.clear();
    dump.problems.push_back(last);
  }
}

std::optional<ModalityKind> kind_by_form(const DumpedModality& m) {
  const auto num_samples = m.input_mask.size() / static_cast<std::size_t>(m.num_slots);
  bool can_be_grid = true, can_be_sequence = !m.ids.empty() && m.num_slots % 2 == 0 && m.num_slots >= 4, has_targets = false;
  for (std::size_t sample = 0; sample < num_samples; ++sample) {
    const auto target = m.row(m.target_mask, static_cast<int>(sample));
    const auto attention = m.row(m.decoder_attention_mask, static_cast<int>(sample));
    const auto num_targets = std::count(target.begin(), target.end(), 0);
    const auto first = std::find(target.begin(), target.end(), 0) - target.begin();
    has_targets |= num_targets > 0;
    for (std::ptrdiff_t slot = 0; slot < std::ssize(target); ++slot) {
      const auto at = static_cast<std::size_t>(slot);
      can_be_grid &= attention[at] == (slot == first ? num_targets : 0);
      can_be_sequence &= attention[at] == (target[at] ? 0 : 1);
    }
  }
  if (!has_targets && m.ids.empty()) return m.tensor_shape.size() == 2 ? ModalityKind::seq_emb : ModalityKind::img;
  if (has_targets && can_be_grid && !can_be_sequence) return ModalityKind::img;
  if (has_targets && can_be_sequence && !can_be_grid) return ModalityKind::seq;
  return std::nullopt;
}

}  // namespace maskscope
