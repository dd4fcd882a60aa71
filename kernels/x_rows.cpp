// Rows of x on demand: of tables by name, of projections from the sample's pixels and vectors.
#include <cstddef>
#include <span>

#include "core/error.h"
#include "kernels/embedding_tables.h"
#include "kernels/serial_group.h"
#include "kernels/stages/table_rows.h"

namespace maskscope {
namespace {

View<const float> vectors_of(const SampleVectors& vectors, std::int32_t modality) {
  return vectors.of_modality.empty() ? View<const float>{} : vectors.of_modality[static_cast<std::size_t>(modality)];
}

// A row of x that is a projection: values (fan_in) times the map.
struct Projection {
  const XTable* table;
  const float* values;
  Lanes<float>* out;
};

// Component by component: a row of the map is made once and used for all of one table's projections.
void project(const EmbeddingTables& tables, std::span<const Projection> projections) {
  const XTable& table = *projections.front().table;
  const double bound = xavier_bound(table.fan_in, tables.options.dim);
  std::vector<float> map_row(static_cast<std::size_t>(table.fan_in) + 3);
  for (int component = 0; component < tables.options.dim; ++component) {
    const TableRowName name = tables.name_of(table, table.first_row + component);
    for (std::int32_t i = 0; i < table.fan_in; i += 4) {
      const FourComponents four = uniform_components(name, static_cast<std::uint32_t>(i) / 4, bound);
      for (int k = 0; k < 4; ++k) map_row[static_cast<std::size_t>(i + k)] = four.value[k];
    }
    for (const Projection& projection : projections) {
      double sum = 0.0;
      for (std::int32_t i = 0; i < table.fan_in; ++i) {
        sum += static_cast<double>(map_row[static_cast<std::size_t>(i)]) * static_cast<double>(projection.values[i]);
      }
      projection.out[component / 4].lane[component % 4] = static_cast<float>(sum);
    }
  }
}

}  // namespace

void check_sample_vectors(const EmbeddingTables& tables, const SampleVectors& vectors) {
  if (vectors.of_modality.empty()) return;
  if (vectors.of_modality.size() != tables.modalities.size()) {
    throw Error(cat("Pixels and vectors: found ", vectors.of_modality.size(), " entries, but the scheme has ",
                    tables.modalities.size(), " modalities. Give one entry per modality, empty where there is nothing."));
  }
  for (const XTable& table : tables.x_tables) {
    if (!table.is_projected()) continue;
    const std::ptrdiff_t found = vectors_of(vectors, table.modality).size;
    const std::string& name = tables.scheme_modalities[static_cast<std::size_t>(table.modality)].name;
    if (table.table == EmbeddingTable::pixel_projection && found != 0 &&
        found != std::ptrdiff_t{table.num_rows} * table.fan_in) {
      throw Error(cat("Modality ", name, ": found ", found, " pixel values, expected ", table.num_rows, " patches of ",
                      table.fan_in, ". Cut the picture to the modality's input size."));
    }
    if (table.table == EmbeddingTable::vector_projection && found % table.fan_in != 0) {
      throw Error(cat("Modality ", name, ": found ", found, " numbers, expected rows of ", table.fan_in,
                      ". Give the vectors of the model that 4M was trained with (T5-XXL)."));
    }
  }
}

void write_x_rows(const EmbeddingTables& tables, const SampleVectors& vectors, View<const std::int32_t> x_rows,
                  View<Lanes<float>> out, View<std::uint8_t> is_known) {
  SerialGroup group;
  const std::int32_t per_row = lanes_per_row<float>(tables.options.dim);
  std::vector<std::vector<Projection>> projections(tables.x_tables.size());
  for (std::ptrdiff_t i = 0; i < x_rows.size; ++i) {
    const XTable& table = tables.table_of(x_rows[i]);
    const View<Lanes<float>> lanes = out.subview(i * per_row, per_row);
    is_known[i] = 1;
    if (!table.is_projected()) {
      fill_normal_rows(group, tables.name_of(table, x_rows[i]), 1, tables.options.dim, lanes);
      continue;
    }
    for (Lanes<float>& lane : lanes) lane = {};
    const View<const float> values = vectors_of(vectors, table.modality);
    const std::ptrdiff_t first = std::ptrdiff_t{x_rows[i] - table.first_row} * table.fan_in;
    if (first + table.fan_in > values.size) {
      is_known[i] = 0;
    } else {
      const auto number = static_cast<std::size_t>(&table - tables.x_tables.data());
      projections[number].push_back({&table, values.data + first, lanes.data});
    }
  }
  for (const std::vector<Projection>& of_table : projections) {
    if (!of_table.empty()) project(tables, of_table);
  }
}

}  // namespace maskscope
