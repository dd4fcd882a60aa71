// Vocabularies, samples and requests that cannot be masked: for each the whole sentence that the user reads.
#include <climits>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/draw.h"
#include "core/error.h"
#include "kernels/backend.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

template <class Function>
std::string sentence_of(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// One modality of each kind.
Scheme four_kinds() {
  Scheme scheme;
  scheme.name = "four kinds";
  const auto add = [&](const char* name, ModalityKind kind, int max_tokens, int vocab_size) {
    SchemeModality entry;
    entry.modality.name = name;
    entry.modality.id = modality_id(name);
    entry.modality.kind = kind;
    entry.modality.max_tokens = max_tokens;
    entry.modality.vocab_size = vocab_size;
    entry.modality.has_decoder_embedding = kind != ModalityKind::seq_emb;
    entry.input_alphas = entry.target_alphas = {1.0};
    entry.keep = {KeepScheme::random};
    scheme.modalities.push_back(entry);
  };
  add("grid", ModalityKind::img, 4, 100);
  add("pieces", ModalityKind::seq_token, 3, 100);
  add("rows", ModalityKind::seq_emb, 5, 0);
  add("text", ModalityKind::seq, 6, 30000);
  scheme.modalities[1].modality.vocab_offset = 2147483600;
  return scheme;
}
enum Position { grid, pieces, rows, text };

Sample good_sample() {
  return {"shoe",
          {{true, {1, 2, 3, 4}, {}, 0}, {true, {1, 2}, {}, 0}, {true, {}, {}, 2}, {true, {500, 501, 502}, {1, 2}, 0}}};
}

// What packing says after an edit of the good sample.
struct Case {
  std::function<void(std::vector<ModalityTokens>&)> edit;
  std::string sentence;
};

std::string sentence_after(const Case& item, const Scheme& scheme) {
  std::vector<Sample> samples{good_sample()};
  item.edit(samples[0].modalities);
  return sentence_of([&] { pack_samples(make_plan(scheme, default_vocabulary()), view_of(samples)); });
}

}  // namespace

TEST_CASE("bad input: samples") {
  using Tokens = std::vector<ModalityTokens>;
  const Case cases[] = {
      {[](Tokens&) {}, ""},
      {[](Tokens& t) { t.pop_back(); },
       "Sample \"shoe\" holds 3 modalities, but the scheme has 4. Give one entry per modality of the scheme; mark those it lacks as "
       "absent."},
      {[](Tokens& t) { t.clear(); },
       "Sample \"shoe\" holds 0 modalities, but the scheme has 4. Give one entry per modality of the scheme; mark those it lacks as "
       "absent."},
      {[](Tokens& t) { t[grid].ids.pop_back(); },
       "Sample \"shoe\", modality grid: found 3 token ids, expected 4 (one per cell of the grid). Give all of them, or none when they "
       "are unknown."},
      {[](Tokens& t) { t[grid].ids[2] = 100; },
       "Sample \"shoe\", modality grid: the token id at position 2 is 100, but the vocabulary has 100 ids, 0 to 99. Check that the "
       "tokens were made with the tokenizer of this modality."},
      {[](Tokens& t) { t[grid].ids[2] = unknown_token_id; }, ""},
      {[](Tokens& t) { t[grid].ids[2] = -2; },
       "Sample \"shoe\", modality grid: the token id at position 2 is -2, but the vocabulary has 100 ids, 0 to 99. Check that the "
       "tokens were made with the tokenizer of this modality."},
      {[](Tokens& t) { t[text].ids[1] = 30000; },
       "Sample \"shoe\", modality text: the token id at position 1 is 30000, but the vocabulary has 30000 ids, 0 to 29999. Check that "
       "the tokens were made with the tokenizer of this modality."},
      {[](Tokens& t) { t[text].ids[1] = unknown_token_id; },
       "Sample \"shoe\", modality text: the token id at position 1 is -1, but the vocabulary has 30000 ids, 0 to 29999. Check that "
       "the tokens were made with the tokenizer of this modality."},
      {[](Tokens& t) { t[pieces].ids[1] = 60; },
       "Sample \"shoe\", modality pieces: the token id at position 1 is 60, and vocab_offset 2147483600 takes it beyond 2147483647. "
       "Lower the one or the other."},
      {[](Tokens& t) { t[pieces].ids.assign(9, 1); },
       "Sample \"shoe\", modality pieces: found 9 token ids, but its tensor has 8 slots, and such ids are not cut to max_tokens. Give "
       "at most max_tokens, which is 3."},
      {[](Tokens& t) { t[pieces].chunk_lengths = {2}; },
       "Sample \"shoe\", modality pieces: found 1 chunks, but only texts (seq) are masked by chunks. Give its ids in one piece."},
      {[](Tokens& t) { t[rows].ids = {1}; },
       "Sample \"shoe\", modality rows: found 1 token ids, but its tokens are vectors. Give the number of rows."},
      {[](Tokens& t) { t[rows].num_rows = -1; },
       "Sample \"shoe\", modality rows: found num_rows -1. Give a number that is not negative."},
      {[](Tokens& t) { t[rows].num_rows = INT_MAX; }, ""},  // cut to max_tokens
      {[](Tokens& t) { t[text].num_rows = 5; },
       "Sample \"shoe\", modality text: found 5 rows, but only embedding vectors (seq_emb) come in rows. Give its token ids."},
      {[](Tokens& t) { t[text].chunk_lengths = {1, 1}; },
       "Sample \"shoe\", modality text: its chunks hold 2 ids together, but there are 3. Give chunk lengths that add up to the number "
       "of ids."},
      {[](Tokens& t) { t[text].chunk_lengths = {INT_MAX, INT_MAX}; },
       "Sample \"shoe\", modality text: its chunks hold 4294967294 ids together, but there are 3. Give chunk lengths that add up to the "
       "number of ids."},
      {[](Tokens& t) { t[text].chunk_lengths = {4, -1}; },
       "Sample \"shoe\", modality text: chunk 1 has the length -1. Give a length that is not negative."},
      {[](Tokens& t) { t[text].chunk_lengths.assign(65536, 0); },
       "Sample \"shoe\", modality text: found 65536 chunks. At most 65535 are supported."},
  };
  for (const Case& item : cases) {
    INFO("expected: " << item.sentence);
    CHECK(sentence_after(item, four_kinds()) == item.sentence);
  }

  Scheme scheme = four_kinds();
  scheme.mode = BudgetMode::transfer;
  scheme.modalities[pieces].modality.kind = scheme.modalities[rows].modality.kind = ModalityKind::seq;
  for (SchemeModality& entry : scheme.modalities) entry.transfer_role = TransferRole::input;
  CHECK(sentence_after({[](Tokens& t) { t[rows].num_rows = 0; }, ""}, scheme) ==
        "Sample \"shoe\", modality text: found a text in 2 chunks, but transfer masking takes a text in one piece. Join them.");
}

TEST_CASE("bad input: vocabularies") {
  const auto sentence = [](const std::function<void(SequenceVocabulary&)>& edit) {
    SequenceVocabulary vocabulary = default_vocabulary();
    edit(vocabulary);
    return sentence_of([&] { make_plan(four_kinds(), vocabulary); });
  };
  CHECK(sentence([](SequenceVocabulary& v) { v.sentinel_ids.resize(1); }) ==
        "The tokenizer's vocabulary has 1 sentinel tokens ([S_0], [S_1], …), but span masking needs at least two. Use a "
        "tokenizer.json with the sentinels of 4M.");
  CHECK(sentence([](SequenceVocabulary& v) { v.sentinel_ids.resize(65537); }) ==
        "The tokenizer's vocabulary has 65537 sentinel tokens. At most 65536 are supported; use a tokenizer.json with fewer.");
  CHECK(sentence([](SequenceVocabulary& v) { v.pad_id = -1; }) ==
        "The tokenizer's vocabulary, [PAD]: found the id -1, but ids are not negative. Use another tokenizer.json.");
  CHECK(sentence([](SequenceVocabulary& v) { v.eos_id = INT_MIN; }) ==
        "The tokenizer's vocabulary, [EOS]: found the id -2147483648, but ids are not negative. Use another tokenizer.json.");
  CHECK(sentence([](SequenceVocabulary& v) { v.sentinel_ids[7] = -5; }) ==
        "The tokenizer's vocabulary, [S_7]: found the id -5, but ids are not negative. Use another tokenizer.json.");
}

TEST_CASE("bad input: requests") {
  const MaskingPlan plan = make_plan(four_kinds(), default_vocabulary());
  const std::vector<Sample> samples{good_sample()};
  const PackedSamples packed = pack_samples(plan, view_of(samples));
  const std::unique_ptr<Backend> backend = make_backend(BackendChoice::cpu, 1);
  const auto sentence = [&](const PackedSamples& of, DrawRange draws) {
    MaskedBatch masks;
    return sentence_of([&] { backend->run(plan, of, draws, masks); });
  };
  CHECK(sentence(packed, {.seed = 1, .first_sample = 0, .batch_size = 3}) == "");
  CHECK(sentence(packed, {.seed = 1, .first_sample = 0, .batch_size = -1}) ==
        "The batch size is -1. Give a number that is not negative.");
  CHECK(sentence(pack_samples(plan, {}), {.seed = 1, .first_sample = 0, .batch_size = 1}) ==
        "There is no sample to mask. Open an image or a text first.");
  CHECK(sentence(packed, {.seed = 1, .first_sample = max_sample_index, .batch_size = 2}) ==
        "Samples 1099511627775 to 1099511627776 were asked for, but samples are numbered from 0 to 1099511627775. Choose a smaller "
        "first sample.");
  Scheme longer = four_kinds();
  longer.modalities[text].modality.max_tokens = 7;
  const PackedSamples of_another = pack_samples(make_plan(longer, default_vocabulary()), view_of(samples));
  CHECK(sentence(of_another, {.seed = 1, .first_sample = 0, .batch_size = 1}) ==
        "The samples were prepared for a scheme of 4 modalities and 19 tokens, but this one has 4 and 18. Prepare them again for this "
        "scheme.");
}

TEST_CASE("bad input: texts that need more sentinels than exist") {
  Scheme scheme = preset_scheme("t5");
  scheme.mode = BudgetMode::direct;
  scheme.modalities[0].direct_encoder_tokens = scheme.modalities[0].direct_decoder_tokens = 256;
  SequenceVocabulary vocabulary = default_vocabulary();
  vocabulary.sentinel_ids.resize(4);
  const MaskingPlan plan = make_plan(scheme, vocabulary);
  const std::vector<Sample> samples{{"long", {{true, std::vector<std::int32_t>(200, 500), {}, 0}}}};
  MaskedBatch masks;
  CHECK(sentence_of([&] {
          make_backend(BackendChoice::cpu, 1)->run(plan, pack_samples(plan, view_of(samples)), {.seed = 1, .first_sample = 0, .batch_size = 8}, masks);
        }) ==
        "Sample 0, modality caption: span masking made more masked runs than the vocabulary has sentinels for. It has 4 ([S_0] is "
        "never used, and the target ends with one). Use a shorter text, a smaller max_tokens or a tokenizer with more sentinels.");
}

}  // namespace maskscope
