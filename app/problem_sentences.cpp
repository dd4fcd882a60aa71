#include "app/problem_sentences.h"

#include "app/i18n/translate.h"

namespace maskscope {
namespace {

std::string text_truncated(const Problem& problem) {
  if (problem.counts_rows) {
    return fill(tr("It has {0} rows, the modality holds {1}: the last {2} are cut off before masking."), problem.found, problem.limit, problem.num_tokens);
  }
  const char* const pattern =
      problem.keeps_chunks ? tr("It has {0} tokens with [EOS], the modality holds {1}: the last {2} are cut off before masking, because a chunk is kept whole or not at all.")
                           : tr("It has {0} tokens with [EOS], the modality holds {1}: the last {2} are cut off before masking.");
  return fill(pattern, problem.found, problem.limit, problem.num_tokens);
}

}  // namespace

std::string problem_sentence(const Problem& problem) {
  switch (problem.kind) {
    case ProblemKind::text_truncated: return text_truncated(problem);
    case ProblemKind::target_cut:
      return fill(tr_count(problem.num_tokens, "Target of {0} tokens cut to {1} (budget {2}), {3} token of the text is discarded.",
                           "Target of {0} tokens cut to {1} (budget {2}), {3} tokens of the text are discarded."),
                  problem.found, problem.kept, problem.limit, problem.num_tokens);
    case ProblemKind::budget_gave_up:
      return fill(problem.is_target
                      ? tr("No target budget met every modality's minimum in {0} tries: the last one is used. Lower min_tokens or raise the number of target tokens.")
                      : tr("No input budget met every modality's minimum in {0} tries: the last one is used. Lower min_tokens or raise the number of input tokens."),
                  problem.limit);
    case ProblemKind::encoder_overflow:
      return fill(tr("{0} tokens are meant for the encoder, which has {1} slots: the last {2} in concatenation order are lost."), problem.found, problem.limit,
                  problem.num_tokens);
    case ProblemKind::decoder_overflow:
      return fill(tr("{0} tokens are meant for the decoder, which has {1} slots: the last {2} in concatenation order are lost."), problem.found, problem.limit,
                  problem.num_tokens);
    case ProblemKind::no_target: return tr("Nothing is a target: this sample adds nothing to the loss.");
    case ProblemKind::no_input: return tr("Nothing reaches the encoder: every encoder slot is ignored.");
  }
  return problem.sentence;
}

}  // namespace maskscope
