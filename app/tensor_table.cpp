#include "app/tensor_table.h"

#include <algorithm>

#include "app/i18n/translate.h"
#include "app/token_label.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr const char* none = "–";

struct Place {
  int modality = -1;
  int slot = 0;  // of the modality's own tensor
};

Place place_of(const MaskedBatch& batch, std::int32_t source) {
  const auto next = std::upper_bound(batch.slot_offset.begin(), batch.slot_offset.end(), source);
  const int modality = static_cast<int>(next - batch.slot_offset.begin()) - 1;
  return {modality, source - batch.slot_offset[static_cast<std::size_t>(modality)]};
}

const Modality& modality_of(const MaskedFrame& frame, int modality) {
  return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

std::string slot_or_none(int slot) { return slot < 0 ? none : cat(slot); }

std::string id_or_unknown(std::int32_t id) { return id == unknown_token_id ? "?" : cat(id); }

std::string origin_cell(std::int32_t origin) {
  if (origin == origin::padding) return tr("padding");
  return origin::is_sentinel(origin) ? fill(tr("sentinel {0}"), origin::sentinel_number(origin)) : cat(origin);
}

std::vector<TableColumn> modality_columns(const Modality& info) {
  const bool is_rows = info.kind == ModalityKind::seq_emb;
  std::vector<TableColumn> columns = {
      {tr_later("slot"), tr_later("Place in the modality's own tensor."), true, 4},
      is_rows ? TableColumn{tr_later("row"), tr_later("Which embedding vector stands here; -1 is a vector of zeros."), true, 4}
              : TableColumn{tr_later("id"), tr_later("tensor: the token id. ? is an id that only a neural tokenizer could give."), true, 6},
      {tr_later("token"), info.kind == ModalityKind::img ? tr_later("Row and column in the grid.") : tr_later("The piece of the text, the sentinel or the row."), false, 14},
      {tr_later("origin"), tr_later("Where it comes from: the place in the source, a sentinel, or padding that no token was written to."), true, 11},
      {"input_mask", tr_later("1 = do not use: the encoder doesn't get it."), true, 10},
      {"target_mask", tr_later("1 = do not use: it is no target."), true, 11},
      {"decoder_attention_mask", tr_later("Compressed decoder attention: how many positions this slot adds to what the decoder may see."), true, 22},
      {tr_later("encoder slot"), tr_later("The encoder slot that holds it, after selection."), true, 12},
      {tr_later("decoder slot"), tr_later("The decoder slot that must predict it, after selection."), true, 12}};
  if (has_spans_in_decoder(info.kind)) {
    columns.push_back({tr_later("given in"), tr_later("The decoder slot that is given this token and must predict the next one: sequences are shifted by one."), true, 8});
  }
  return columns;
}

std::vector<TableColumn> encoder_columns() {
  return {{tr_later("slot"), tr_later("Encoder slot, after selection and zeroing."), true, 4},
          {tr_later("modality"), tr_later("Whose slot was selected, also for an ignored slot."), false, 20},
          {tr_later("source slot"), tr_later("Which slot of that modality's tensor."), true, 11},
          {tr_later("id"), tr_later("Its token id. ? is unknown; – is pixels, a row of floats or an ignored slot, whose vector is zero."), true, 6},
          {tr_later("token"), tr_later("The token that stands here; nothing in an ignored slot."), false, 14},
          {"encoder_mask", tr_later("1 = do not use: an ignored slot, zeroed."), true, 12},
          {"mod_mask", tr_later("The modality's id in the model, -1 in an ignored slot."), true, 8}};
}

std::vector<TableColumn> decoder_columns() {
  return {{tr_later("slot"), tr_later("Decoder slot, after selection and zeroing."), true, 4},
          {tr_later("modality"), tr_later("Whose slot was selected, also for an ignored slot."), false, 20},
          {tr_later("source slot"), tr_later("Which slot of that modality's tensor stands here."), true, 11},
          {tr_later("given"), tr_later("The token that stands here. Grids stand masked: their place is given, not their id."), false, 14},
          {"target_ids", tr_later("The id to predict. ? is unknown, 0 where the slot is ignored."), true, 10},
          {tr_later("target"), tr_later("The token to predict: of sequences, the one after the given one."), false, 14},
          {"decoder_mask", tr_later("1 = do not use: an ignored slot, zeroed, without a loss."), true, 12},
          {"mod_mask", tr_later("The modality's id in the model, -1 in an ignored slot."), true, 8},
          {"decoder_attention", tr_later("Compressed attention after selection: the running sum of this column says how far a row may look."), true, 17},
          {tr_later("attention modality"), tr_later("The modality's id that the attention is made with: taken before ignored slots become -1."), true, 18}};
}

}  // namespace

TensorTable::TensorTable(const MaskedFrame& frame, TableKind kind, int modality) : frame_(frame), kind_(kind), modality_(modality) {
  switch (kind) {
    case TableKind::modality:
      num_rows_ = modality_of(frame, modality).num_slots();
      columns_ = modality_columns(modality_of(frame, modality));
      find_packed_slots();
      break;
    case TableKind::encoder:
      num_rows_ = frame.batch.encoder_slots;
      columns_ = encoder_columns();
      break;
    case TableKind::decoder:
      num_rows_ = frame.batch.decoder_slots;
      columns_ = decoder_columns();
      break;
  }
  find_fates();
}

void TensorTable::find_packed_slots() {
  const MaskedBatch& batch = frame_.batch;
  const auto rows = static_cast<std::size_t>(num_rows_);
  encoder_slot_.assign(rows, -1);
  predicted_by_.assign(rows, -1);
  given_in_.assign(rows, -1);
  const bool is_shifted = has_spans_in_decoder(modality_of(frame_, modality_).kind);
  const int begin = batch.slot_offset[static_cast<std::size_t>(modality_)];
  const auto put = [&](std::vector<int>& places, int slot, int packed) {
    if (slot >= 0 && slot < num_rows_) places[static_cast<std::size_t>(slot)] = packed;
  };
  for (int i = 0; i < batch.encoder_slots; ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (!batch.encoder_mask[at]) put(encoder_slot_, batch.encoder_source[at] - begin, i);
  }
  for (int i = 0; i < batch.decoder_slots; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const int slot = batch.decoder_source[at] - begin;
    if (batch.decoder_mask[at] || slot < 0 || slot >= num_rows_) continue;
    put(given_in_, slot, i);
    put(predicted_by_, slot + is_shifted, i);
  }
}

void TensorTable::find_fates() {
  fates_.assign(static_cast<std::size_t>(num_rows_), Fate::ignored);
  std::vector<Fate> source;
  if (kind_ == TableKind::modality) source = source_fates(frame_.masks(), modality_);
  for (int row = 0; row < num_rows_; ++row) {
    const TokenIdentity token = this->token(row);
    if (!token.is_valid()) continue;
    Fate& fate = fates_[static_cast<std::size_t>(row)];
    if (origin::is_sentinel(token.origin)) fate = Fate::sentinel;
    else if (is_end_of_text(frame_, token.modality, token.origin)) fate = Fate::end_of_text;
    else if (kind_ == TableKind::encoder) fate = Fate::encoder;
    else if (kind_ == TableKind::decoder) fate = Fate::decoder;
    else if (static_cast<std::size_t>(token.origin) < source.size()) fate = source[static_cast<std::size_t>(token.origin)];
  }
}

TokenIdentity TensorTable::token(int row) const {
  switch (kind_) {
    case TableKind::encoder: return token_in_encoder_slot(frame_.masks(), row);
    case TableKind::decoder: return token_in_decoder_slot(frame_.masks(), row);
    case TableKind::modality: break;
  }
  const std::int32_t origin = frame_.masks().slot_value(frame_.batch.slot_origin, modality_, row);
  return origin == origin::padding || !frame_.is_present(modality_) ? TokenIdentity{} : TokenIdentity{modality_, origin};
}

int TensorTable::row_of(TokenIdentity token) const {
  if (!token.is_valid() || (kind_ == TableKind::modality && token.modality != modality_)) return -1;
  for (int row = 0; row < num_rows_; ++row) {
    if (this->token(row) == token) return row;
  }
  return -1;
}

bool TensorTable::is_used(int row) const {
  const auto at = static_cast<std::size_t>(row);
  if (kind_ == TableKind::encoder) return !frame_.batch.encoder_mask[at];
  if (kind_ == TableKind::decoder) return !frame_.batch.decoder_mask[at];
  const SampleMasks masks = frame_.masks();
  return !masks.slot_value(frame_.batch.input_mask, modality_, row) || !masks.slot_value(frame_.batch.target_mask, modality_, row);
}

std::string TensorTable::cell(int row, int column) const {
  switch (kind_) {
    case TableKind::modality: return modality_cell(row, column);
    case TableKind::encoder: return encoder_cell(row, column);
    case TableKind::decoder: return decoder_cell(row, column);
  }
  return none;
}

std::string TensorTable::modality_cell(int row, int column) const {
  const SampleMasks masks = frame_.masks();
  const MaskedBatch& batch = frame_.batch;
  const Modality& info = modality_of(frame_, modality_);
  const std::int32_t origin = masks.slot_value(batch.slot_origin, modality_, row);
  const std::int32_t value = masks.slot_value(batch.tensor, modality_, row);
  switch (column) {
    case 0: return cat(row);
    case 1: {
      if (info.kind == ModalityKind::seq_emb) return cat(value);
      return info.vocab_size == 0 && info.kind == ModalityKind::img ? none : id_or_unknown(value);
    }
    case 2: return token_label(frame_, modality_, origin);
    case 3: return origin_cell(origin);
    case 4: return cat(static_cast<int>(masks.slot_value(batch.input_mask, modality_, row)));
    case 5: return cat(static_cast<int>(masks.slot_value(batch.target_mask, modality_, row)));
    case 6: return cat(masks.slot_value(batch.decoder_attention_mask, modality_, row));
    case 7: return slot_or_none(encoder_slot_[static_cast<std::size_t>(row)]);
    case 8: return slot_or_none(predicted_by_[static_cast<std::size_t>(row)]);
    default: return slot_or_none(given_in_[static_cast<std::size_t>(row)]);
  }
}

std::string TensorTable::encoder_cell(int row, int column) const {
  const MaskedBatch& batch = frame_.batch;
  const auto at = static_cast<std::size_t>(row);
  const Place place = place_of(batch, batch.encoder_source[at]);
  const Modality& info = modality_of(frame_, place.modality);
  const bool is_ignored = batch.encoder_mask[at];
  switch (column) {
    case 0: return cat(row);
    case 1: return info.name;
    case 2: return cat(place.slot);
    case 3:
      return is_ignored || (info.vocab_size == 0 && !has_spans_in_decoder(info.kind)) ? none : id_or_unknown(frame_.masks().slot_value(batch.tensor, place.modality, place.slot));
    case 4: return is_ignored ? none : token_label(frame_, place.modality, frame_.masks().slot_value(batch.slot_origin, place.modality, place.slot));
    case 5: return cat(static_cast<int>(batch.encoder_mask[at]));
    default: return cat(static_cast<int>(batch.encoder_modality[at]));
  }
}

std::string TensorTable::decoder_cell(int row, int column) const {
  const MaskedBatch& batch = frame_.batch;
  const auto at = static_cast<std::size_t>(row);
  const Place place = place_of(batch, batch.decoder_source[at]);
  const bool is_ignored = batch.decoder_mask[at];
  switch (column) {
    case 0: return cat(row);
    case 1: return modality_of(frame_, place.modality).name;
    case 2: return cat(place.slot);
    case 3:
      if (is_ignored) return none;
      if (modality_of(frame_, place.modality).kind == ModalityKind::img) return "[MASK]";
      return token_label(frame_, place.modality, frame_.masks().slot_value(batch.slot_origin, place.modality, place.slot));
    case 4: return id_or_unknown(batch.target_ids[at]);
    case 5: {
      const TokenIdentity target = token(row);
      return target.is_valid() ? token_label(frame_, target.modality, target.origin) : none;
    }
    case 6: return cat(static_cast<int>(batch.decoder_mask[at]));
    case 7: return cat(static_cast<int>(batch.decoder_modality[at]));
    case 8: return cat(batch.decoder_attention[at]);
    default: return cat(static_cast<int>(batch.decoder_attention_modality[at]));
  }
}

std::string to_tsv(const TensorTable& table) {
  std::string text;
  const auto num_columns = static_cast<int>(table.columns().size());
  for (int c = 0; c < num_columns; ++c) text += (c ? "\t" : "") + table.columns()[static_cast<std::size_t>(c)].name;
  text += '\n';
  for (int row = 0; row < table.num_rows(); ++row) {
    for (int c = 0; c < num_columns; ++c) text += (c ? "\t" : "") + in_one_line(table.cell(row, c));
    text += '\n';
  }
  return text;
}

std::string column_to_text(const TensorTable& table, int column) {
  std::string text;
  for (int row = 0; row < table.num_rows(); ++row) text += in_one_line(table.cell(row, column)) + '\n';
  return text;
}

}  // namespace maskscope
