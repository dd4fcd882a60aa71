// The axes of matrices over slots: a band per run of slots of one modality, with its short name, ignored slots hatched.
#pragma once

#include <string_view>

#include "app/panels/matrix_view.h"
#include "app/panels/panel_context.h"
#include "app/slot_axis.h"

namespace maskscope {

// Left of the matrix (rows) or above it (columns), between the matrix's edge and thickness px away from it.
void draw_row_bands(PanelContext& context, const MatrixView& matrix, const SlotAxis& axis, float thickness);
void draw_column_bands(PanelContext& context, const MatrixView& matrix, const SlotAxis& axis, float thickness);

// What the cursor on slot points at: its token, or the ignored slot.
Pointed pointed_at(const SlotAxis& axis, int slot);
// The slot of what is pointed at elsewhere; -1: none of these.
int slot_of(const SlotAxis& axis, const Pointed& pointed);

// Text turned by a quarter to the left, reading upwards from its lower end.
void text_upwards(ImFont* font, ImVec2 bottom_middle, ImU32 colour, std::string_view text);

}  // namespace maskscope
