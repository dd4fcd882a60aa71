#include "core/waterfall.h"

#include <algorithm>
#include <initializer_list>

#include "core/error.h"

namespace maskscope {
namespace {

const Modality& modality_of(const SampleMasks& masks, int modality) {
  return masks.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

// Tokens the sample has of a modality, and of these the discarded ones.
void count_source(const SampleMasks& masks, int modality, ModalityFlow& flow) {
  const std::vector<Fate> fates = source_fates(masks, modality);
  flow.source_tokens = static_cast<int>(fates.size());
  flow.discarded = static_cast<int>(std::count(fates.begin(), fates.end(), Fate::discarded));
}

void count_filled(const SampleMasks& masks, int modality, ModalityFlow& flow) {
  const Modality& info = modality_of(masks, modality);
  int predicted = 0;  // target slots with another one before them
  bool was_target = false;
  for (int slot = 0; slot < info.num_slots(); ++slot) {
    flow.encoder.filled += !masks.slot_value(masks.batch.input_mask, modality, slot);
    const bool is_target = !masks.slot_value(masks.batch.target_mask, modality, slot);
    flow.decoder.filled += is_target;
    predicted += is_target && was_target;
    was_target = is_target;
  }
  if (has_spans_in_decoder(info.kind)) flow.decoder.lost_by_shift = flow.decoder.filled - predicted;
}

void count_budget(const SampleMasks& masks, std::int32_t budget, const DrawnSide* drawn, int modality, SideFlow& side) {
  side.has_budget = budget >= 0;
  side.budget = side.has_budget ? budget : side.filled;
  side.unfilled = side.budget - side.filled;
  if (!side.has_budget || !masks.are_draws_known) return;
  if (masks.scheme.mode != BudgetMode::sampled) side.drawn = side.budget;
  else if (drawn && !drawn->tokens.empty()) side.drawn = drawn->tokens[static_cast<std::size_t>(modality)];
  if (side.drawn) side.lost_by_clamp = *side.drawn - side.budget;
}

// What is filled and not kept.
void count_kept(bool has_place, int kept, SideFlow& side) {
  side.kept = kept;
  if (!has_place) {
    side.lost_without_place = side.filled;
    side.lost_by_shift = 0;
    return;
  }
  side.lost_by_cut = side.filled - side.lost_by_shift - kept;
}

void find_reason(const SampleMasks& masks, int modality, int source_tokens, bool is_encoder, SideFlow& side) {
  if (side.unfilled <= 0) return;
  if (!masks.sample.modalities[static_cast<std::size_t>(modality)].is_present) {
    side.reason = Unfilled::absent;
    return;
  }
  const bool is_grid = modality_of(masks, modality).kind == ModalityKind::img;
  // The longest input is all tokens. The longest target is all of them as one run, between two sentinels: more runs have more
  // sentinels, but need tokens between them.
  const int longest = is_encoder ? source_tokens : source_tokens + 2;
  side.too_short = is_grid ? side.unfilled : std::clamp(side.budget - longest, 0, side.unfilled);
  side.reason = side.too_short == side.unfilled ? Unfilled::too_short : is_encoder ? Unfilled::masked_away : Unfilled::kept;
}

void add(SideFlow& sum, const SideFlow& side) {
  sum.drawn = sum.drawn && side.drawn ? std::optional(*sum.drawn + *side.drawn) : std::nullopt;
  sum.has_budget = sum.has_budget && side.has_budget;
  for (int SideFlow::*count : {&SideFlow::lost_by_clamp, &SideFlow::budget, &SideFlow::unfilled, &SideFlow::too_short, &SideFlow::filled, &SideFlow::lost_without_place,
                               &SideFlow::lost_by_shift, &SideFlow::lost_by_cut, &SideFlow::kept}) {
    sum.*count += side.*count;
  }
}

void finish(const SampleMasks& masks, const DrawnSide* drawn, int slots, BudgetFlag gave_up, SideTotal& total) {
  total.slots = slots;
  total.ignored = slots - total.sum.kept;
  total.num_tries = drawn ? drawn->num_tries : 0;
  total.has_given_up = masks.batch.budget_flags[static_cast<std::size_t>(masks.row)] & static_cast<std::uint8_t>(gave_up);
}

}  // namespace

Waterfall make_waterfall(const SampleMasks& masks, const DrawnBudgets* drawn) {
  const DrawnSide* const input = drawn ? &drawn->input : nullptr;
  const DrawnSide* const target = drawn ? &drawn->target : nullptr;
  const std::vector<UsedSlots> used = used_slots(masks);
  Waterfall waterfall;
  waterfall.encoder.sum.drawn = waterfall.decoder.sum.drawn = 0;
  for (int m = 0; m < masks.scheme.num_modalities(); ++m) {
    const SchemeModality& entry = masks.scheme.modalities[static_cast<std::size_t>(m)];
    ModalityFlow& flow = waterfall.modalities.emplace_back();
    count_source(masks, m, flow);
    count_filled(masks, m, flow);
    count_budget(masks, masks.input_budget(m), input, m, flow.encoder);
    count_budget(masks, masks.target_budget(m), target, m, flow.decoder);
    count_kept(entry.reaches_encoder(), used[static_cast<std::size_t>(m)].encoder, flow.encoder);
    count_kept(entry.reaches_decoder(), used[static_cast<std::size_t>(m)].decoder, flow.decoder);
    find_reason(masks, m, flow.source_tokens, true, flow.encoder);
    find_reason(masks, m, flow.source_tokens, false, flow.decoder);
    waterfall.source_tokens += flow.source_tokens;
    waterfall.discarded += flow.discarded;
    add(waterfall.encoder.sum, flow.encoder);
    add(waterfall.decoder.sum, flow.decoder);
  }
  finish(masks, input, masks.batch.encoder_slots, BudgetFlag::input_gave_up, waterfall.encoder);
  finish(masks, target, masks.batch.decoder_slots, BudgetFlag::target_gave_up, waterfall.decoder);
  return waterfall;
}

namespace {

// RFC 4180: what could be taken for more than one field goes in quotes.
std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char character : text) quoted += character == '"' ? std::string("\"\"") : std::string(1, character);
  return quoted + '"';
}

const char* reason_name(Unfilled reason) {
  switch (reason) {
    case Unfilled::nothing: return "";
    case Unfilled::absent: return "absent";
    case Unfilled::too_short: return "too_short";
    case Unfilled::masked_away: return "masked_away";
    case Unfilled::kept: return "kept";
  }
  return "";
}

std::string csv_line(const std::string& modality, const char* side, int source_tokens, int discarded, const SideFlow& flow, const SideTotal* total) {
  const std::string drawn = flow.drawn ? cat(*flow.drawn) : "", clamp = flow.drawn ? cat(flow.lost_by_clamp) : "";
  const std::string budget = flow.has_budget ? cat(flow.budget) : "", unfilled = flow.has_budget ? cat(flow.unfilled, ',', flow.too_short) : ",";
  return cat(csv_text(modality), ',', side, ',', source_tokens, ',', discarded, ',', drawn, ',', clamp, ',', budget, ',', unfilled, ',', reason_name(flow.reason), ',',
             flow.filled, ',', flow.lost_without_place, ',', flow.lost_by_shift, ',', flow.lost_by_cut, ',', flow.kept, ',',
             total ? cat(total->ignored) : "", ',', total ? cat(total->slots) : "", '\n');
}

}  // namespace

std::string waterfall_csv(const Waterfall& waterfall, const Scheme& scheme) {
  std::string csv =
      "modality,side,source_tokens,discarded,drawn,lost_by_clamp,budget,unfilled,too_short,reason,filled,lost_without_place,lost_by_shift,lost_by_cut,kept,ignored,slots\n";
  for (std::size_t m = 0; m < waterfall.modalities.size(); ++m) {
    const ModalityFlow& flow = waterfall.modalities[m];
    const std::string& name = scheme.modalities[m].modality.name;
    csv += csv_line(name, "encoder", flow.source_tokens, flow.discarded, flow.encoder, nullptr);
    csv += csv_line(name, "decoder", flow.source_tokens, flow.discarded, flow.decoder, nullptr);
  }
  csv += csv_line("", "encoder", waterfall.source_tokens, waterfall.discarded, waterfall.encoder.sum, &waterfall.encoder);
  csv += csv_line("", "decoder", waterfall.source_tokens, waterfall.discarded, waterfall.decoder.sum, &waterfall.decoder);
  return csv;
}

}  // namespace maskscope
