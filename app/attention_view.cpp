#include "app/attention_view.h"

#include <algorithm>

#include "app/i18n/translate.h"
#include "app/token_label.h"
#include "core/error.h"
#include "kernels/embedding.h"

namespace maskscope {
namespace {

// The full mask of the decoder's self-attention, and which of the two rules blocks a cell.
void fill_decoder(const MaskedFrame& frame, AttentionMatrix& matrix) {
  const AttentionSettings& settings = matrix.settings;
  const DecoderAttention attention = decoder_attention(frame.batch, 0, {settings.is_causal, settings.is_separate});
  const std::vector<std::int16_t>& modality = frame.batch.decoder_attention_modality;
  const auto n = static_cast<std::size_t>(attention.num_slots);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column < n; ++column) {
      CellState& state = matrix.cells[row * n + column];
      if (!attention.attention_mask[row * n + column]) continue;
      const bool is_in_reach = static_cast<std::int32_t>(column) < attention.reach[row];
      const bool is_own = !settings.is_separate || modality[row] == modality[column];
      state = is_in_reach ? CellState::other_modality : is_own ? CellState::beyond_reach : CellState::other_and_beyond;
    }
  }
  matrix.numbers = frame.batch.decoder_attention;
  matrix.reach = attention.reach;
  matrix.sees_nothing = attention.attends_to_nothing;
  matrix.num_rows_without_sight = attention.num_rows_without_sight;
}

// Every row the same: the encoder's ignore mask.
void fill_from_encoder(const MaskedFrame& frame, AttentionMatrix& matrix) {
  const std::vector<std::uint8_t> attention = encoder_attention(frame.batch, 0, 0);
  const auto columns = attention.size(), rows = matrix.rows.slots.size();
  for (std::size_t cell = 0; cell < rows * columns; ++cell) {
    if (attention[cell % columns]) matrix.cells[cell] = CellState::ignored;
  }
  const bool is_blind = std::all_of(attention.begin(), attention.end(), [](std::uint8_t is_blocked) { return is_blocked != 0; });
  matrix.sees_nothing.assign(rows, is_blind ? 1 : 0);
  matrix.num_rows_without_sight = is_blind ? static_cast<int>(rows) : 0;
}

std::string modality_name(const MaskedFrame& frame, const AxisSlot& slot) {
  return frame.scheme.modalities[static_cast<std::size_t>(slot.modality)].modality.name;
}

std::string verdict(const AttentionMatrix& matrix, CellState state) {
  const bool is_causal = matrix.settings.is_causal;
  switch (state) {
    case CellState::allowed: return tr("may attend");
    case CellState::other_modality: return tr("blocked: other modality");
    case CellState::beyond_reach: return is_causal ? tr("blocked: a later slot") : tr("blocked: order, beyond the running sum");
    case CellState::other_and_beyond: return is_causal ? tr("blocked twice: other modality, and a later slot") : tr("blocked twice: other modality, and beyond the running sum");
    case CellState::ignored: return tr("blocked: ignored slot");
  }
  return "";
}

std::string order_sentence(const AttentionMatrix& matrix, int row, int column, CellState state) {
  const std::int32_t reach = matrix.reach[static_cast<std::size_t>(row)];
  const bool is_alone = state == CellState::other_modality;
  if (matrix.settings.is_causal) {
    if (column > row) return fill(tr("Order blocks it: column {0} comes after row {1} (decoder_causal_mask, on)."), column, row);
    return fill(is_alone ? tr("Order alone would allow it: column {0} is not after row {1} (decoder_causal_mask, on).")
                         : tr("Order allows it: column {0} is not after row {1} (decoder_causal_mask, on)."),
                column, row);
  }
  if (column >= reach) return fill(tr("Order blocks it: column {0} ≥ running sum {1}."), column, reach);
  return fill(is_alone ? tr("Order alone would allow it: column {0} < running sum {1}.") : tr("Order allows it: column {0} < running sum {1}."), column, reach);
}

std::string modality_sentence(const MaskedFrame& frame, const AttentionMatrix& matrix, int row, int column) {
  const AxisSlot &query = matrix.rows.slots[static_cast<std::size_t>(row)], &key = matrix.columns.slots[static_cast<std::size_t>(column)];
  if (!matrix.settings.is_separate) return tr("Decoder tokens see those of all modalities (decoder_sep_mask, off).");
  if (query.modality != key.modality) return tr("Decoder tokens see only their own modality (decoder_sep_mask, on).");
  return fill(tr("Both are of {0}: decoder_sep_mask has nothing against it."), modality_name(frame, query));
}

void tell_decoder_cell(const MaskedFrame& frame, const AttentionMatrix& matrix, int row, int column, CellStory& story) {
  const auto r = static_cast<std::size_t>(row), c = static_cast<std::size_t>(column);
  story.sentences.push_back(order_sentence(matrix, row, column, matrix.cell(row, column)));
  story.sentences.push_back(modality_sentence(frame, matrix, row, column));
  if (!matrix.settings.is_causal) {
    story.sentences.push_back(fill(tr("Compressed number of this row: {0}. All numbers up to here add up to {1}."), matrix.numbers[r], matrix.reach[r]));
  }
  const std::string held = held_label(frame, row);
  if (!held.empty()) story.sentences.push_back(fill(tr("The row holds “{0}” and must predict “{1}”."), held, slot_label(frame, matrix.rows.slots[r])));
  if (matrix.rows.slots[r].is_ignored) story.sentences.push_back(tr("The row is an ignored slot: this attention makes no exception for it, but nothing is predicted there."));
  if (matrix.settings.is_separate && (matrix.rows.slots[r].is_ignored || matrix.columns.slots[c].is_ignored)) {
    story.sentences.push_back(tr("An ignored slot counts here as the modality of the unused slot that filled it: its modality id becomes -1 only afterwards."));
  }
  if (matrix.columns.slots[c].is_ignored) story.sentences.push_back(tr("The column is an ignored slot: its vectors are zero, but this attention makes no exception for it."));
  if (matrix.sees_nothing[r]) {
    story.sentences.push_back(tr("This row can attend to nothing at all. The reference fills with the smallest finite number and so weighs all columns alike; a port that fills with -inf gets NaN."));
  }
}

void tell_encoder_cell(const AttentionMatrix& matrix, int row, int column, CellStory& story) {
  if (matrix.cell(row, column) == CellState::ignored) {
    story.sentences.push_back(fill(tr("Encoder slot {0} holds no token (encoder_mask 1): no row may attend to it."), column));
  } else {
    story.sentences.push_back(fill(tr("Encoder slot {0} holds a token (encoder_mask 0): every row may attend to it, of whatever modality."), column));
  }
  if (matrix.rows.slots[static_cast<std::size_t>(row)].is_ignored) {
    story.sentences.push_back(matrix.rows.is_encoder ? tr("The row is an ignored slot itself: it attends as all do, but nothing may attend to it.")
                                                     : tr("The row is an ignored slot: it attends as all do, but nothing is predicted there."));
  }
}

}  // namespace

int AttentionMatrix::next_row_without_sight(int row) const {
  const int count = rows.num_slots();
  for (int step = 1; step <= count; ++step) {
    const int next = (row + step) % count;
    if (sees_nothing[static_cast<std::size_t>(next)]) return next;
  }
  return -1;
}

AttentionMatrix attention_matrix(const MaskedFrame& frame, const AttentionSettings& settings) {
  AttentionMatrix matrix;
  matrix.settings = settings;
  matrix.rows = slot_axis(frame, settings.kind == AttentionKind::encoder);
  matrix.columns = slot_axis(frame, settings.kind != AttentionKind::decoder);
  matrix.cells.assign(matrix.rows.slots.size() * matrix.columns.slots.size(), CellState::allowed);
  if (settings.kind == AttentionKind::decoder) fill_decoder(frame, matrix);
  else fill_from_encoder(frame, matrix);
  for (const CellState state : matrix.cells) ++matrix.counts[static_cast<std::size_t>(state)];
  return matrix;
}

CellStory explain_cell(const MaskedFrame& frame, const AttentionMatrix& matrix, int row, int column) {
  const CellState state = matrix.cell(row, column);
  CellStory story;
  story.title = fill(tr("row {0} · {1} → column {2} · {3}"), row, slot_title(frame, matrix.rows.slots[static_cast<std::size_t>(row)]), column,
                     slot_title(frame, matrix.columns.slots[static_cast<std::size_t>(column)]));
  story.verdict = verdict(matrix, state);
  story.is_allowed = state == CellState::allowed;
  if (matrix.settings.kind == AttentionKind::decoder) tell_decoder_cell(frame, matrix, row, column, story);
  else tell_encoder_cell(matrix, row, column, story);
  return story;
}

std::string attention_as_text(const MaskedFrame& frame, const AttentionMatrix& matrix) {
  const bool has_numbers = !matrix.numbers.empty();
  std::string text = "row\ttoken";
  if (has_numbers) text += "\tdecoder_attention_mask\treach";
  for (int column = 0; column < matrix.columns.num_slots(); ++column) text += cat('\t', column);
  text += '\n';
  for (int row = 0; row < matrix.rows.num_slots(); ++row) {
    const auto r = static_cast<std::size_t>(row);
    text += cat(row, '\t', in_one_line(slot_title(frame, matrix.rows.slots[r])));
    if (has_numbers) text += cat('\t', matrix.numbers[r], '\t', matrix.reach[r]);
    for (int column = 0; column < matrix.columns.num_slots(); ++column) text += matrix.cell(row, column) == CellState::allowed ? "\t0" : "\t1";
    text += '\n';
  }
  return text;
}

}  // namespace maskscope
