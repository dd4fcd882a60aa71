#include "app/panels/token_places.h"

#include <algorithm>

namespace maskscope {
namespace {

enum class ChipRow : std::uint8_t { source, input, target };

ChipRow row_of(PackedSide side) { return side == PackedSide::encoder ? ChipRow::input : ChipRow::target; }

// Modalities are at most some hundreds, origins fit 32 bits.
std::uint64_t key_of(TokenIdentity token, ChipRow row) {
  return std::uint64_t{static_cast<std::uint32_t>(token.modality)} << 34 | std::uint64_t{static_cast<std::uint8_t>(row)} << 32 |
         static_cast<std::uint32_t>(token.origin);
}

PlaceRect moved_into(PlaceRect rect, const ImVec4& clip) {
  rect.x = std::max(std::min(rect.x, clip.z - rect.width), clip.x);
  rect.y = std::max(std::min(rect.y, clip.w - rect.height), clip.y);
  return rect;
}

PlaceRect tick_of(const PlaceRect& strip, float tick, int slot) { return {strip.x + tick * static_cast<float>(slot), strip.y, tick, strip.height}; }

}  // namespace

void TokenPlaces::begin_frame(const MaskedFrame& frame) {
  for (const PackedSide side : {PackedSide::encoder, PackedSide::decoder}) make_concat_row(frame.masks(), side, rows_[index(side)]);
  slot_offset_ = frame.batch.slot_offset;
  grids_.assign(static_cast<std::size_t>(frame.scheme.num_modalities()), std::nullopt);
  chips_.clear();
  strips_ = {};
}

void TokenPlaces::put_grid(int modality, const GridPlace& place) {
  if (static_cast<std::size_t>(modality) < grids_.size()) grids_[static_cast<std::size_t>(modality)] = place;
}

void TokenPlaces::put_chip(TokenIdentity token, std::optional<PackedSide> side, const PlaceRect& chip, const ImVec4& clip) {
  chips_[key_of(token, side ? row_of(*side) : ChipRow::source)] = moved_into(chip, clip);
}

void TokenPlaces::put_strip(PackedSide side, const StripPlace& place) {
  strips_[index(side)] = place;
  concat_ticks_[index(side)] = place.rect.width / static_cast<float>(std::max(row(side).num_slots(), 1));
  packed_ticks_[index(side)] = place.rect.width / static_cast<float>(std::max(place.capacity, 1));
}

const GridPlace* TokenPlaces::grid(int modality) const {
  const auto& place = grids_[static_cast<std::size_t>(modality)];
  return place ? &*place : nullptr;
}

const StripPlace* TokenPlaces::strip(PackedSide side) const {
  const auto& place = strips_[index(side)];
  return place ? &*place : nullptr;
}

std::optional<PlaceRect> TokenPlaces::card(TokenIdentity token, PackedSide side) const {
  if (const GridPlace* place = grid(token.modality)) {
    const PlaceRect cell{place->corner.x + place->cell * static_cast<float>(token.origin % place->columns),
                         place->corner.y + place->cell * static_cast<float>(token.origin / place->columns), place->cell, place->cell};
    return moved_into(cell, place->clip);
  }
  const ChipRow other = side == PackedSide::encoder ? ChipRow::target : ChipRow::input;
  for (const ChipRow row : {row_of(side), other, ChipRow::source}) {
    if (const auto found = chips_.find(key_of(token, row)); found != chips_.end()) return found->second;
  }
  return std::nullopt;
}

PlaceRect TokenPlaces::concatenated(PackedSide side, int slot) const { return tick_of(strips_[index(side)]->rect, concat_ticks_[index(side)], slot); }

PlaceRect TokenPlaces::packed(PackedSide side, int slot) const { return tick_of(strips_[index(side)]->rect, packed_ticks_[index(side)], slot); }

}  // namespace maskscope
