// Seeded tables (core/embedding_draw.h) written to memory, as gather.h reads them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/embedding_draw.h"
#include "kernels/group.h"
#include "kernels/stages/gather.h"

namespace maskscope {

// Rows first.row .. first.row + num_rows - 1 of a normal table. out: (num_rows, padded D), the padding zero.
template <Group G, class T>
MASKSCOPE_HD void fill_normal_rows(G& group, const TableRowName& first, std::int32_t num_rows, std::int32_t dim,
                                   View<Lanes<T>> out) {
  const std::int32_t per_row = lanes_per_row<T>(dim);
  for (std::int32_t row = 0; row < num_rows; ++row) {
    TableRowName name = first;
    name.row += static_cast<std::uint32_t>(row);
    Lanes<T>* const lanes = out.data + static_cast<std::ptrdiff_t>(row) * per_row;
    group.for_each_index(per_row, [=](std::int32_t c) {
      Lanes<T> written{};
      for (std::int32_t i = 0; i < Lanes<T>::count; i += 4) {
        const std::int32_t component = c * Lanes<T>::count + i;
        const FourComponents four = normal_components(name, static_cast<std::uint32_t>(component) / 4);
        for (std::int32_t k = 0; k < 4 && component + k < dim; ++k) {
          gather_detail::assign(written.lane[i + k], four.value[k]);
        }
      }
      lanes[c] = written;
    });
  }
}

}  // namespace maskscope
