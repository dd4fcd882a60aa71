#include "app/panels/view_text.h"

#include <algorithm>

#include "app/explain.h"
#include "app/problem_list.h"
#include "app/tensor_table.h"

namespace maskscope {
std::string tokens_as_text(const PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  std::string text;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    text += cat(m > 0 ? "\n" : "", frame.scheme.modalities[static_cast<std::size_t>(m)].modality.name, "\n");
    text += to_tsv(TensorTable(frame, TableKind::modality, m));
  }
  return text;
}

std::string table_as_text(const PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  return to_tsv(TensorTable(frame, context.view.table_kind, std::max(frame.scheme.find(context.view.table_modality), 0)));
}

std::string problems_as_text(const PanelContext& context) { return to_text(all_problems(context.frame())); }

std::optional<std::string> story_as_text(const PanelContext& context) {
  const MaskedFrame& frame = context.frame();
  const Pointed& shown = context.view.shown();
  if (!is_in_frame(frame, shown)) return std::nullopt;
  const AttentionRule attention{context.view.is_attention_causal, context.view.is_attention_separate};
  const TokenStory story = shown.token.is_valid() ? tell_token(frame, shown.token, attention)
                                                  : tell_ignored_slot(frame, shown.side == PackedSide::encoder, shown.ignored_slot, attention);
  std::string text = cat(story.title, ": ", story.verdict, "\n");
  for (const HistoryLine& line : story.lines) text += cat(line.step, " ", line.name, ": ", line.sentence, "\n");
  if (!story.remark.empty()) text += story.remark + "\n";
  return text;
}

}  // namespace maskscope
