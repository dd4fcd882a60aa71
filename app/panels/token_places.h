// Where each token stands in this frame, while the steps are not at their end: in its card, in the concatenated row, in the packed
// strip. Cards and strips put down where they draw; what travels between them reads it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include <imgui.h>

#include "app/masked_frame.h"
#include "app/panels/concat_row.h"
#include "app/render/token_canvas.h"

namespace maskscope {

// px of the window.
struct PlaceRect {
  float x = 0, y = 0, width = 0, height = 0;
  bool operator==(const PlaceRect&) const = default;
};

// The cells of an image card.
struct GridPlace {
  ImVec2 corner;            // px
  float cell = 0;           // px per side
  int columns = 0;
  PictureHandle picture;    // 0: none
  float picture_inset = 0;  // 0 .. 0.5: so much of a cell's part of the picture is left out at each side
  ImVec4 clip;              // px, min x, min y, max x, max y: what of the card can be seen
};

// The slots of one strip: both rows take its whole width.
struct StripPlace {
  PlaceRect rect;
  int capacity = 0;  // N or M: ticks of the packed strip that fill the width
};

class TokenPlaces {
 public:
  // Once a frame, before anything is put down. The concatenated rows are worked out here.
  void begin_frame(const MaskedFrame& frame);
  // Whether the rows are those of this frame's layout: an edit may have replaced it since.
  bool is_of(const MaskedFrame& frame) const { return slot_offset_ == frame.batch.slot_offset && rows_[0].num_kept == frame.batch.encoder_slots && rows_[1].num_kept == frame.batch.decoder_slots; }

  void put_grid(int modality, const GridPlace& place);
  // side: absent for the source text. clip as in GridPlace.
  void put_chip(TokenIdentity token, std::optional<PackedSide> side, const PlaceRect& chip, const ImVec4& clip);
  void put_strip(PackedSide side, const StripPlace& place);

  const ConcatRow& row(PackedSide side) const { return rows_[index(side)]; }
  const GridPlace* grid(int modality) const;                // null: not drawn in this frame
  const StripPlace* strip(PackedSide side) const;           // null: not drawn yet
  // The cell or the chip, a text's on the side that is asked for if it is there. What is scrolled out of sight stands at the edge.
  std::optional<PlaceRect> card(TokenIdentity token, PackedSide side) const;
  // A slot's tick; strip(side) must be there.
  PlaceRect concatenated(PackedSide side, int slot) const;
  PlaceRect packed(PackedSide side, int slot) const;

 private:
  static std::size_t index(PackedSide side) { return side == PackedSide::encoder ? 0 : 1; }

  std::array<ConcatRow, 2> rows_;
  std::vector<int> slot_offset_;                             // of the frame
  std::vector<std::optional<GridPlace>> grids_;               // (K)
  std::unordered_map<std::uint64_t, PlaceRect> chips_;
  std::array<std::optional<StripPlace>, 2> strips_;
  std::array<float, 2> concat_ticks_{}, packed_ticks_{};     // px
};

}  // namespace maskscope
