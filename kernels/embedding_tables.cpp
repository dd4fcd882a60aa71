#include "kernels/embedding_tables.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <utility>

#include "core/error.h"
#include "core/position_table.h"
#include "kernels/serial_group.h"
#include "kernels/stages/table_rows.h"

namespace maskscope {
namespace {

// Bounds the memory of the position tables: 1 GiB.
constexpr std::int64_t max_position_floats = std::int64_t{1} << 28;

bool is_pixels(const Modality& modality) {
  return modality.kind == ModalityKind::img && modality.vocab_size == 0 && modality.num_channels > 0;
}

// Builds the tables piece by piece; rows are counted before anything is allocated.
class TableBuilder {
 public:
  TableBuilder(const MaskingPlan& plan, const EmbeddingOptions& options) : plan_(plan) {
    tables_.options = options;
    check_options();
    add_x_rows(EmbeddingTable::mask_token, -1, 1, 0);
    add_x_rows(EmbeddingTable::register_tokens, -1, options.num_register_tokens, 0);
    for (std::size_t m = 0; m < plan.modalities.size(); ++m) add_modality(static_cast<std::int32_t>(m));
    if (num_position_rows_ * padded_dim(options.dim) > max_position_floats) {
      throw Error(cat("Embeddings: the position tables would have ", num_position_rows_, " rows of ", options.dim,
                      " numbers, which is over 1 GiB. Choose a smaller dimension or smaller grids."));
    }
    write_positions();
    write_modality_vectors();
  }
  EmbeddingTables take() { return std::move(tables_); }

 private:
  // A position table to be written: sequences share one, grids with sin-cos positions share one by side.
  struct PositionRows {
    std::int32_t first_row, num_rows;
    int grid_side;  // sin-cos; 0: learned or 1-D
    EmbeddingTable learned;
    std::int32_t modality;  // of a learned table, else -1
  };

  void check_options() const {
    const EmbeddingOptions& options = tables_.options;
    if (options.dim < 2 || options.dim > max_embedding_dim || options.dim % 2 != 0) {
      throw Error(cat("Embedding dimension: found ", options.dim, ". Give an even number from 2 to ", max_embedding_dim, "."));
    }
    if (options.num_register_tokens < 0 || options.num_register_tokens > max_register_tokens) {
      throw Error(cat("Register tokens: found ", options.num_register_tokens, ". Give a number from 0 to ",
                      max_register_tokens, "."));
    }
  }

  std::int32_t add_x_rows(EmbeddingTable table, std::int32_t modality, std::int64_t num_rows, std::int32_t fan_in) {
    if (tables_.num_x_rows + num_rows > std::numeric_limits<std::int32_t>::max()) {
      throw Error(cat("Modality ", scheme_modality(modality).name, ", vocab_size: with its ", num_rows,
                      " rows the embedding tables have more than 2147483647. Choose smaller vocabularies."));
    }
    const std::int32_t first_row = tables_.num_x_rows;
    tables_.num_x_rows += static_cast<std::int32_t>(num_rows);
    tables_.x_tables.push_back({table, modality, first_row, static_cast<std::int32_t>(num_rows), fan_in});
    return first_row;
  }

  std::int32_t add_positions(std::int64_t num_rows, int grid_side, EmbeddingTable learned, std::int32_t modality) {
    const auto first_row = static_cast<std::int32_t>(num_position_rows_);
    num_position_rows_ += num_rows;
    position_rows_.push_back({first_row, static_cast<std::int32_t>(num_rows), grid_side, learned, modality});
    return first_row;
  }

  void add_modality(std::int32_t m) {
    const Modality& modality = scheme_modality(m);
    const ModalityPlan& planned = plan_.modalities[static_cast<std::size_t>(m)];
    EmbeddingModality result{};
    result.kind = modality.kind;
    result.source = is_pixels(modality) ? RowSource::slot : RowSource::id;
    result.reaches_encoder = planned.encoder_offset >= 0;
    result.reaches_decoder = planned.reaches_decoder;
    result.slot_offset = planned.slot_offset;
    result.num_slots = planned.num_slots;
    result.max_positions = modality.max_positions > 0 ? modality.max_positions : modality.max_tokens;
    result.encoder_row = result.decoder_row = unknown_row;
    if (result.reaches_encoder || result.reaches_decoder) {
      if (modality.kind == ModalityKind::img) {
        add_grid(m, result);
      } else {
        add_sequence(m, result);
      }
    }
    tables_.scheme_modalities.push_back(modality);
    tables_.modalities.push_back(result);
  }

  void add_grid(std::int32_t m, EmbeddingModality& result) {
    const Modality& modality = scheme_modality(m);
    if (result.reaches_encoder && is_pixels(modality)) {
      const std::int64_t fan_in = std::int64_t{modality.patch_size} * modality.patch_size * modality.num_channels;
      if (fan_in < 1 || fan_in > std::numeric_limits<std::int32_t>::max()) {
        throw Error(cat("Modality ", modality.name, ", patch_size: found ", modality.patch_size, " with ",
                        modality.num_channels, " channels, ", fan_in, " values per patch. Give patches of 1 to 2147483647 values."));
      }
      result.encoder_row =
          add_x_rows(EmbeddingTable::pixel_projection, m, modality.max_tokens, static_cast<std::int32_t>(fan_in));
    } else if (result.reaches_encoder && modality.vocab_size > 0) {
      result.encoder_row = add_x_rows(EmbeddingTable::encoder_tokens, m, modality.vocab_size, 0);
    }
    if (modality.has_learned_positions) {
      if (result.reaches_encoder) {
        result.encoder_position_row = add_positions(modality.max_tokens, 0, EmbeddingTable::encoder_positions, m);
      }
      if (result.reaches_decoder) {
        result.decoder_position_row = add_positions(modality.max_tokens, 0, EmbeddingTable::decoder_positions, m);
      }
      return;
    }
    const int side = modality.grid_side();
    if (std::int64_t{side} * side != modality.max_tokens) {
      throw Error(cat("Modality ", modality.name, ": its ", modality.max_tokens,
                      " tokens have no grid to number positions by (input_size ", modality.input_size, ", patch_size ", modality.patch_size, "). Set both, or give it learned positions."));
    }
    if (tables_.options.dim % 4 != 0) {
      throw Error(cat("Embedding dimension: found ", tables_.options.dim, ", but the grid of modality ", modality.name,
                      " has sin-cos positions, which need a multiple of 4."));
    }
    const auto [entry, is_new] = grid_rows_.try_emplace(side, 0);
    if (is_new) entry->second = add_positions(modality.max_tokens, side, EmbeddingTable{}, -1);
    result.encoder_position_row = result.decoder_position_row = entry->second;
  }

  void add_sequence(std::int32_t m, EmbeddingModality& result) {
    const Modality& modality = scheme_modality(m);
    // As the constructor of the embedding modules.
    if (result.max_positions > sequence_position_rows) {
      throw Error(cat("Modality ", modality.name, ", max_positions: found ", result.max_positions,
                      ", but the position table holds ", sequence_position_rows, " rows. Give a number from 1 to ", sequence_position_rows, "."));
    }
    if (sequence_rows_ < 0) sequence_rows_ = add_positions(sequence_position_rows, 0, EmbeddingTable{}, -1);
    result.encoder_position_row = result.decoder_position_row = sequence_rows_;
    if (modality.kind == ModalityKind::seq_emb) {
      result.encoder_row = add_x_rows(EmbeddingTable::vector_projection, m, modality.max_tokens, vector_components);
      return;
    }
    if (modality.vocab_size == 0) {
      throw Error(cat("Modality ", modality.name,
                      ", vocab_size: found 0, but its ids need a table. Give the number of token ids."));
    }
    // Sentinels and [EOS] may lie beyond the ids of the modality itself.
    const SequenceVocabulary& vocabulary = plan_.vocabulary;
    const std::int64_t num_rows =
        std::max({std::int64_t{modality.vocab_size} + modality.vocab_offset, std::int64_t{vocabulary.pad_id} + 1,
                  std::int64_t{vocabulary.eos_id} + 1, std::int64_t{plan_.sorted_sentinel_ids.back()} + 1});
    if (result.reaches_encoder) result.encoder_row = add_x_rows(EmbeddingTable::encoder_tokens, m, num_rows, 0);
    if (result.reaches_decoder) result.decoder_row = add_x_rows(EmbeddingTable::decoder_tokens, m, num_rows, 0);
  }

  void write_positions() {
    const int dim = tables_.options.dim;
    tables_.positions.resize(static_cast<std::size_t>(num_position_rows_) *
                             static_cast<std::size_t>(lanes_per_row<float>(dim)));
    for (const PositionRows& rows : position_rows_) {
      if (rows.modality >= 0) {
        write_normal_rows({tables_.options.seed, rows.learned, modality_id_of(rows.modality), 0}, rows.num_rows,
                          position_lanes(rows.first_row));
      } else {
        const std::vector<float> values = rows.grid_side > 0
                                              ? build_2d_sincos_positions(rows.grid_side, rows.grid_side, dim)
                                              : build_1d_sincos_positions(rows.num_rows, dim);
        copy_rows(values, position_lanes(rows.first_row));
      }
    }
  }

  void write_modality_vectors() {
    const auto per_row = static_cast<std::size_t>(lanes_per_row<float>(tables_.options.dim));
    tables_.modality_vectors.resize(tables_.modalities.size() * per_row);
    for (std::size_t m = 0; m < tables_.modalities.size(); ++m) {
      const std::uint32_t id = modality_id_of(static_cast<std::int32_t>(m));
      write_normal_rows({tables_.options.seed, EmbeddingTable::modality_vector, id, 0}, 1,
                        tables_.modality_vectors.data() + m * per_row);
    }
  }

  void write_normal_rows(const TableRowName& first, std::int32_t num_rows, Lanes<float>* out) const {
    SerialGroup group;
    const int dim = tables_.options.dim;
    fill_normal_rows(group, first, num_rows, dim,
                     View<Lanes<float>>{out, std::ptrdiff_t{num_rows} * lanes_per_row<float>(dim)});
  }

  // values: rows of D numbers.
  void copy_rows(const std::vector<float>& values, Lanes<float>* out) const {
    const auto dim = static_cast<std::size_t>(tables_.options.dim);
    const auto per_row = static_cast<std::size_t>(lanes_per_row<float>(tables_.options.dim));
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t component = i % dim;
      out[i / dim * per_row + component / 4].lane[component % 4] = values[i];
    }
  }

  Lanes<float>* position_lanes(std::int32_t row) {
    return tables_.positions.data() + std::ptrdiff_t{row} * lanes_per_row<float>(tables_.options.dim);
  }
  const Modality& scheme_modality(std::int32_t m) const {
    return plan_.scheme.modalities[static_cast<std::size_t>(m)].modality;
  }
  std::uint32_t modality_id_of(std::int32_t m) const { return static_cast<std::uint32_t>(scheme_modality(m).id); }

  const MaskingPlan& plan_;
  EmbeddingTables tables_;
  std::vector<PositionRows> position_rows_;
  std::int64_t num_position_rows_ = 0;
  std::int32_t sequence_rows_ = -1;           // first row of the 1-D table
  std::map<int, std::int32_t> grid_rows_;     // side of a grid -> first row
};

}  // namespace

EmbeddingTables make_embedding_tables(const MaskingPlan& plan, const EmbeddingOptions& options) {
  return TableBuilder(plan, options).take();
}

EmbeddingView EmbeddingTables::view() const {
  return {view_of(modalities), options.num_register_tokens, x_tables[1].first_row, x_tables[0].first_row};
}

const XTable& EmbeddingTables::table_of(std::int32_t x_row) const {
  assert(x_row >= 0 && x_row < num_x_rows);
  // The last table that begins at or before the row; empty ones begin where the next one does.
  const auto after = std::upper_bound(x_tables.begin(), x_tables.end(), x_row,
                                      [](std::int32_t row, const XTable& table) { return row < table.first_row; });
  return *std::prev(after);
}

TableRowName EmbeddingTables::name_of(const XTable& table, std::int32_t x_row) const {
  const std::uint32_t id =
      table.modality < 0 ? 0u : static_cast<std::uint32_t>(scheme_modalities[static_cast<std::size_t>(table.modality)].id);
  return {options.seed, table.table, id, static_cast<std::uint32_t>(x_row - table.first_row)};
}

}  // namespace maskscope
