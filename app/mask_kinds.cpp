#include "app/mask_kinds.h"

#include <algorithm>
#include <numeric>

#include "app/attention_view.h"
#include "app/i18n/translate.h"

namespace maskscope {
namespace {

template <class T>
std::int64_t count_of(const std::vector<T>& values, int value) {
  return std::count_if(values.begin(), values.end(), [&](T entry) { return entry == value; });
}

// "(514) for caption, (196) for rgb@224, …": every modality has a tensor of its own.
std::string tensor_shapes(const MaskedFrame& frame) {
  std::string shapes;
  const int shown = std::min(frame.scheme.num_modalities(), 3);
  for (int m = 0; m < shown; ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    shapes += cat(m ? ", " : "", info.name, " (", info.num_slots(), ")");
  }
  if (frame.scheme.num_modalities() > shown) shapes += ", …";
  return fill(tr("one tensor per modality: {0}; {1} slots in all"), shapes, frame.batch.num_slots);
}

MaskKind content_mask(const MaskedFrame& frame, bool is_input) {
  const std::vector<std::uint8_t>& values = is_input ? frame.batch.input_mask : frame.batch.target_mask;
  return {is_input ? MaskKindId::input_mask : MaskKindId::target_mask,
          is_input ? tr("content mask, input side") : tr("content mask, target side"),
          is_input ? "input_mask" : "target_mask",
          tensor_shapes(frame),
          is_input ? tr("Which tokens is the encoder shown?") : tr("Which tokens must the decoder predict?"),
          is_input ? tr("0 = shown to the encoder, 1 = do not use there. A token that is 1 on both sides is discarded.")
                   : tr("0 = to be predicted, 1 = do not use there. A token that is 1 on both sides is discarded."),
          "UnifiedMasking.image_mask, sequence_mask · fourm/data/masking.py",
          fill(tr("{0} of {1} are 0, {2} are 1"), count_of(values, 0), values.size(), count_of(values, 1))};
}

MaskKind ignore_mask(const MaskedFrame& frame, bool is_encoder) {
  const std::vector<std::uint8_t>& values = is_encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
  return {is_encoder ? MaskKindId::encoder_mask : MaskKindId::decoder_mask,
          is_encoder ? tr("ignore mask of the encoder") : tr("ignore mask of the decoder"),
          is_encoder ? "encoder_mask" : "decoder_mask",
          fill(tr("(batch, 1, {0}): one value per slot"), values.size()),
          is_encoder ? tr("Which encoder slots hold no token? It also blocks those columns in the encoder's attention and in the cross-attention.")
                     : tr("Which decoder slots hold no token? Their vectors become zero and nothing is predicted there; no attention is blocked."),
          tr("0 = a token stands here, 1 = ignored slot, do not use."),
          is_encoder ? "forward_mask_encoder · fourm/models/fm.py" : "forward_mask_decoder · fourm/models/fm.py",
          fill(tr("{0} of {1} are 1"), count_of(values, 1), values.size())};
}

MaskKind compressed_attention(const MaskedFrame& frame) {
  const std::vector<std::int32_t>& values = frame.batch.decoder_attention;
  const auto with_number = std::count_if(values.begin(), values.end(), [](std::int32_t value) { return value > 0; });
  return {MaskKindId::compressed_attention, tr("compressed attention"), "decoder_attention_mask",
          fill(tr("like the content masks; after selection (batch, {0})"), values.size()),
          tr("How many more slots come in sight from this row on? An image's first target carries the number of its targets, a text's tokens carry 1 each."),
          tr("No 0 / 1 at all, in spite of its name: numbers, to be added up along the row."),
          "UnifiedMasking.image_mask, sequence_mask · fourm/data/masking.py",
          fill(tr("{0} of {1} are more than 0; together {2}"), with_number, values.size(), std::accumulate(values.begin(), values.end(), std::int64_t{0}))};
}

MaskKind full_attention(const MaskedFrame& frame, bool is_causal, bool is_separate) {
  const int slots = frame.batch.decoder_slots;
  MaskKind kind{MaskKindId::full_attention, tr("attention mask of the decoder"), "adapt_decoder_attention_mask",
                fill(tr("(batch, {0}, {0}): row = who looks, column = who is seen"), slots),
                tr("Which decoder slot may attend to which?"),
                tr("0 = may attend, 1 = may not attend."),
                "adapt_decoder_attention_mask · fourm/models/fm.py", ""};
  if (slots > max_axis_slots) {
    kind.numbers = fill(tr("not counted: over {0} slots"), max_axis_slots);
    return kind;
  }
  const AttentionMatrix matrix = attention_matrix(frame, {AttentionKind::decoder, is_causal, is_separate});
  const auto cells = static_cast<std::int64_t>(matrix.cells.size());
  kind.numbers = fill(tr("{0} of {1} are 1; {2} rows are 1 throughout"), cells - matrix.counts[0], cells, matrix.num_rows_without_sight);
  return kind;
}

MaskKind padding(const MaskedFrame& frame) {
  int slots = 0, padded = 0;
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    if (!has_spans_in_decoder(info.kind)) continue;
    slots += info.num_slots();
    for (int slot = 0; slot < info.num_slots(); ++slot) padded += frame.masks().slot_value(frame.batch.slot_origin, m, slot) == origin::padding;
  }
  return {MaskKindId::padding, tr("padding"), "[PAD]", fill(tr("an id in the tensors of texts; {0} slots in all"), slots),
          tr("What stands where a text is shorter than its tensor? Both content masks are 1 there, so it never reaches the model."),
          tr("No 0 / 1: an ordinary token id."),
          "sequence_mask · fourm/data/masking.py",
          fill(tr("{0} of {1} slots of texts"), padded, slots)};
}

MaskKind mask_token(const MaskedFrame& frame) {
  int slots = 0;
  for (int slot = 0; slot < frame.batch.decoder_slots; ++slot) {
    const TokenIdentity token = token_in_decoder_slot(frame.masks(), slot);
    slots += token.is_valid() && frame.scheme.modalities[static_cast<std::size_t>(token.modality)].modality.kind == ModalityKind::img;
  }
  return {MaskKindId::mask_token, tr("mask token"), "mask_token", tr("(1, 1, D): one learned vector"),
          tr("What stands in the decoder where an image token must be predicted? The slot is valid and keeps its position: it is no ignored slot."),
          tr("No 0 / 1: a vector."),
          "cat_decoder_tensors · fourm/models/fm.py",
          fill(tr("in {0} of {1} decoder slots"), slots, frame.batch.decoder_slots)};
}

MaskKind sentinel(const MaskedFrame& frame) {
  int inputs = 0, targets = 0;
  const auto slots = static_cast<std::size_t>(frame.batch.num_slots);
  for (std::size_t slot = 0; slot < slots; ++slot) {
    if (!origin::is_sentinel(frame.batch.slot_origin[slot])) continue;
    inputs += !frame.batch.input_mask[slot];
    targets += !frame.batch.target_mask[slot];
  }
  return {MaskKindId::sentinel, tr("sentinel"), "[S_1], [S_2], …", tr("ids in the tensors of texts"),
          tr("Where was a run of words taken out of a text? One sentinel stands for the run in the input, and before it in the target."),
          tr("No 0 / 1: an ordinary token id. T5 and other texts call it a mask token; it is not the one above."),
          "sequence_mask · fourm/data/masking.py",
          fill(tr("{0} in inputs, {1} in targets"), inputs, targets)};
}

}  // namespace

std::vector<MaskKind> mask_kinds(const MaskedFrame& frame, bool is_causal, bool is_separate) {
  return {content_mask(frame, true), content_mask(frame, false), ignore_mask(frame, true), ignore_mask(frame, false), compressed_attention(frame),
          full_attention(frame, is_causal, is_separate), padding(frame), mask_token(frame), sentinel(frame)};
}

}  // namespace maskscope
