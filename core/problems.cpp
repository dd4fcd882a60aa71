#include "core/problems.h"

#include "core/error.h"

namespace maskscope {

std::vector<Problem> find_problems(const SampleMasks& masks) {
  std::vector<Problem> problems;
  const MaskedBatch& batch = masks.batch;
  const auto row = static_cast<std::size_t>(masks.row);

  for (int m = 0; m < batch.num_modalities; ++m) {
    const Modality& modality = masks.scheme.modalities[static_cast<std::size_t>(m)].modality;
    const ModalityTokens& tokens = masks.sample.modalities[static_cast<std::size_t>(m)];
    if (modality.kind == ModalityKind::img || !tokens.is_present) continue;
    // What there is, [EOS] included, and what is left of it before masking.
    const int whole = modality.kind == ModalityKind::seq_emb ? tokens.num_rows
                                                             : static_cast<int>(tokens.ids.size()) + (modality.kind == ModalityKind::seq);
    const int kept_before_masking = static_cast<int>(sequence_tokens(modality, tokens, masks.vocabulary.eos_id).ids.size());
    if (const int lost = whole - kept_before_masking; lost > 0) {
      const char* const noun = modality.kind == ModalityKind::seq_emb ? "rows" : "tokens with [EOS]";
      const char* const how = tokens.chunk_lengths.empty() ? " are cut off before masking"
                                                           : " are cut off before masking, because a chunk is kept whole or not at all";
      Problem problem{.kind = ProblemKind::text_truncated, .modality = m, .num_tokens = lost, .sentence = {}, .found = whole, .limit = modality.max_tokens};
      problem.counts_rows = modality.kind == ModalityKind::seq_emb;
      problem.keeps_chunks = !tokens.chunk_lengths.empty();
      problem.sentence = cat(modality.name, ": it has ", whole, " ", noun, ", the modality holds ", modality.max_tokens, ": the last ", lost, how);
      problems.push_back(std::move(problem));
    }
    const std::size_t at = row * static_cast<std::size_t>(batch.num_modalities) + static_cast<std::size_t>(m);
    const std::int32_t budget = batch.target_budget[at];
    const std::int32_t uncut = batch.uncut_target_tokens[at];
    // A budget of 0 cuts nothing: nothing was asked for.
    if (budget > 0 && uncut > budget && masks.scheme.modalities[static_cast<std::size_t>(m)].reaches_decoder()) {
      int kept = 0;
      for (int slot = 0; slot < modality.num_slots(); ++slot) kept += !masks.slot_value(batch.target_mask, m, slot);
      int discarded = 0;
      for (const Fate fate : source_fates(masks, m)) discarded += fate == Fate::discarded;
      problems.push_back({ProblemKind::target_cut, m, discarded,
                          cat(modality.name, ": target of ", uncut, " tokens cut to ", kept, " (budget ", budget, "), ",
                              discarded, discarded == 1 ? " token of the text is discarded" : " tokens of the text are discarded"),
                          uncut, budget, kept});
    }
  }

  const std::uint8_t flags = batch.budget_flags[row];
  const auto gave_up = [&](BudgetFlag flag, const char* side) {
    if (!(flags & static_cast<std::uint8_t>(flag))) return;
    problems.push_back({ProblemKind::budget_gave_up, -1, 0,
                        cat("no ", side, " budget met every modality's minimum in ", masks.scheme.max_tries,
                            " tries: the last one is used. Lower min_tokens or raise the number of ", side, " tokens"),
                        0, masks.scheme.max_tries, 0, flag == BudgetFlag::target_gave_up});
  };
  gave_up(BudgetFlag::input_gave_up, "input");
  gave_up(BudgetFlag::target_gave_up, "target");

  const auto overflow = [&](ProblemKind kind, int used, int limit, const char* side) {
    if (used <= limit) return;
    problems.push_back({kind, -1, used - limit,
                        cat(used, " tokens are meant for the ", side, ", which has ", limit, " slots: the last ", used - limit,
                            " in concatenation order are lost"), used, limit});
  };
  overflow(ProblemKind::encoder_overflow, batch.encoder_valid[row], batch.encoder_slots, "encoder");
  overflow(ProblemKind::decoder_overflow, batch.decoder_valid[row], batch.decoder_slots, "decoder");

  if (batch.encoder_valid[row] == 0) {
    problems.push_back({ProblemKind::no_input, -1, 0, "nothing reaches the encoder: every encoder slot is ignored", 0, 0, 0});
  }
  if (batch.decoder_valid[row] == 0) {
    problems.push_back({ProblemKind::no_target, -1, 0, "nothing is a target: this sample adds nothing to the loss", 0, 0, 0});
  }
  return problems;
}

}  // namespace maskscope
