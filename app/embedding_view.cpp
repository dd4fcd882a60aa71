#include "app/embedding_view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <iterator>

#include "app/i18n/translate.h"
#include "app/token_label.h"
#include "core/error.h"
#include "core/position_table.h"
#include "kernels/embedding.h"

namespace maskscope {
namespace {

// RGBTransform with imagenet_default_mean_and_std.
constexpr std::array<double, 3> imagenet_mean = {0.485, 0.456, 0.406}, imagenet_deviation = {0.229, 0.224, 0.225};

// Of the tables' grid of positions: more rows are not drawn.
constexpr int max_grid_side = 45;
static_assert(max_grid_side * max_grid_side <= max_axis_slots);

const Modality& modality_of(const MaskedFrame& frame, int modality) {
  return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

bool is_pixels(const Modality& info) { return info.kind == ModalityKind::img && info.vocab_size == 0; }

// The picture of a pixel modality as the model reads it: rows of patches, each laid out (patch row, patch column, channel).
// Empty where the frame has no picture of that size.
std::vector<float> normalised_patches(const MaskedFrame& frame, int modality) {
  const Modality& info = modality_of(frame, modality);
  const ModalityContent* content = frame.content(modality);
  if (!is_pixels(info) || info.num_channels != 3 || !frame.is_present(modality) || !content || !content->picture) return {};
  const Picture& picture = *content->picture;
  const int side = info.grid_side(), patch = info.patch_size;
  if (picture.width != info.input_size || picture.height != info.input_size || side * side != info.max_tokens) return {};
  std::vector<float> rows;
  rows.reserve(picture.rgb.size());
  for (int cell = 0; cell < side * side; ++cell) {
    for (int y = 0; y < patch; ++y) {
      for (int x = 0; x < patch; ++x) {
        const int left = cell % side * patch + x, top = cell / side * patch + y;
        const std::size_t at = (static_cast<std::size_t>(top) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(left)) * 3;
        for (std::size_t c = 0; c < 3; ++c) rows.push_back(static_cast<float>((picture.rgb[at + c] / 255.0 - imagenet_mean[c]) / imagenet_deviation[c]));
      }
    }
  }
  return rows;
}

EmbeddingTables tables_of(const MaskedFrame& frame, int dim) {
  if (std::find(std::begin(embedding_dims), std::end(embedding_dims), dim) == std::end(embedding_dims)) {
    throw Error(cat("Embeddings, dimension: found ", dim, ". Choose 16, 32, 64, 128, 256 or 768."));
  }
  return make_embedding_tables(make_plan(frame.scheme, frame.vocabulary), {.seed = embedding_seed, .dim = dim, .num_register_tokens = 0});
}

float largest_of(const ValueMap& map) {
  float largest = 0;
  for (const float value : map.values) largest = std::max(largest, std::abs(value));
  return largest;
}

SlotMaps maps_of(SlotVectors& vectors, int slots) {
  SlotMaps maps{{slots, std::move(vectors.x)}, {slots, std::move(vectors.emb)}, {slots, {}}};
  maps.sum.values.resize(maps.x.values.size());
  std::transform(maps.x.values.begin(), maps.x.values.end(), maps.emb.values.begin(), maps.sum.values.begin(), std::plus<>());
  return maps;
}

float component(const std::vector<Lanes<float>>& rows, std::size_t row, int dim, int index) {
  const auto at = static_cast<std::size_t>(index);
  return rows[row * static_cast<std::size_t>(lanes_per_row<float>(dim)) + at / 4].lane[at % 4];
}

}  // namespace

EmbeddingMaps embedding_maps(const MaskedFrame& frame, bool is_encoder, int dim) {
  EmbeddingMaps maps;
  maps.axis = slot_axis(frame, is_encoder);
  maps.dim = dim;
  const EmbeddingTables tables = tables_of(frame, dim);
  SlotEmbeddings embedded;
  if (is_encoder) {
    std::vector<std::vector<float>> pixels;
    for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
      pixels.push_back(frame.scheme.modalities[static_cast<std::size_t>(m)].reaches_encoder() ? normalised_patches(frame, m) : std::vector<float>{});
    }
    SampleVectors vectors;
    for (const std::vector<float>& rows : pixels) vectors.of_modality.push_back(view_of(rows));
    embedded = embed_encoder(tables, frame.batch, 0, vectors);
  } else {
    embedded = embed_decoder(tables, frame.batch, 0);
  }
  const int slots = embedded.num_slots;
  maps.before = maps_of(embedded.before, slots);
  maps.after = maps_of(embedded.after, slots);
  maps.position = std::move(embedded.position);
  maps.is_unknown = std::move(embedded.is_unknown);
  maps.positions = maps.before.emb;
  for (int slot = 0; slot < slots; ++slot) {
    const auto modality = static_cast<std::size_t>(maps.axis.slots[static_cast<std::size_t>(slot)].modality);
    for (int d = 0; d < dim; ++d) {
      maps.positions.values[static_cast<std::size_t>(slot) * static_cast<std::size_t>(dim) + static_cast<std::size_t>(d)] -= component(tables.modality_vectors, modality, dim, d);
    }
  }
  for (const ValueMap* map : {&maps.before.x, &maps.before.emb, &maps.before.sum}) maps.largest = std::max(maps.largest, largest_of(*map));
  return maps;
}

EmbeddingTablesView embedding_tables_view(const MaskedFrame& frame, int dim) {
  const EmbeddingTables tables = tables_of(frame, dim);
  EmbeddingTablesView view;
  view.dim = dim;
  const std::vector<std::int32_t> mask_token_row = {tables.view().mask_token_row};
  std::vector<Lanes<float>> mask_token(static_cast<std::size_t>(lanes_per_row<float>(dim)));
  std::vector<std::uint8_t> is_known(1);
  write_x_rows(tables, {}, view_of(mask_token_row), view_of(mask_token), view_of(is_known));
  view.mask_token.rows = 1;
  for (int d = 0; d < dim; ++d) view.mask_token.values.push_back(component(mask_token, 0, dim, d));

  int text_positions = 0;
  for (std::size_t m = 0; m < tables.modalities.size(); ++m) {
    const Modality& info = tables.scheme_modalities[m];
    for (int d = 0; d < dim; ++d) view.modality_vectors.values.push_back(component(tables.modality_vectors, m, dim, d));
    ++view.modality_vectors.rows;
    if (info.kind != ModalityKind::img) text_positions = std::max(text_positions, tables.modalities[m].max_positions);
    else if (!info.has_learned_positions && info.grid_side() <= max_grid_side) view.grid_side = std::max(view.grid_side, info.grid_side());
  }
  if (view.grid_side > 0) view.grid_positions = {view.grid_side * view.grid_side, build_2d_sincos_positions(view.grid_side, view.grid_side, dim)};
  text_positions = std::min(text_positions, max_axis_slots);
  if (text_positions > 0) view.text_positions = {text_positions, build_1d_sincos_positions(text_positions, dim)};
  for (const ValueMap* map : {&view.mask_token, &view.modality_vectors, &view.grid_positions, &view.text_positions}) view.largest = std::max(view.largest, largest_of(*map));
  return view;
}

std::string unknown_reason(const MaskedFrame& frame, const EmbeddingMaps& maps, int slot) {
  if (!maps.is_unknown[static_cast<std::size_t>(slot)]) return "";
  const Modality& info = modality_of(frame, maps.axis.slots[static_cast<std::size_t>(slot)].modality);
  if (is_pixels(info)) return fill(tr("x is unknown: there is no picture of {0} to make the vector from."), info.name);
  if (info.kind == ModalityKind::seq_emb) return fill(tr("x is unknown: the vectors of {0} are not read."), info.name);
  return fill(tr("x is unknown: it stands in the table of {0} under this token's id, and only a neural tokenizer could give that."), info.name);
}

namespace {

void add_numbers(std::string& text, const ValueMap& map, int row, int dim) {
  for (int d = 0; d < dim; ++d) {
    char number[32];
    std::snprintf(number, sizeof number, "\t%.9g", static_cast<double>(map.row(row, dim)[d]));
    text += number;
  }
}

}  // namespace

std::string embeddings_as_text(const MaskedFrame& frame, const EmbeddingMaps& maps, bool is_after_zeroing) {
  const SlotMaps& shown = is_after_zeroing ? maps.after : maps.before;
  std::string text = "slot\ttoken\tis_ignored\tis_unknown";
  for (const char* name : {"x", "emb", "x+emb"}) {
    for (int d = 0; d < maps.dim; ++d) text += cat('\t', name, '[', d, ']');
  }
  text += '\n';
  for (int slot = 0; slot < maps.axis.num_slots(); ++slot) {
    const AxisSlot& entry = maps.axis.slots[static_cast<std::size_t>(slot)];
    text += cat(slot, '\t', in_one_line(slot_title(frame, entry)), '\t', entry.is_ignored ? 1 : 0, '\t', static_cast<int>(maps.is_unknown[static_cast<std::size_t>(slot)]));
    for (const ValueMap* map : {&shown.x, &shown.emb, &shown.sum}) add_numbers(text, *map, slot, maps.dim);
    text += '\n';
  }
  return text;
}

std::string embedding_tables_as_text(const EmbeddingTablesView& tables) {
  std::string text = "table\trow";
  for (int d = 0; d < tables.dim; ++d) text += cat('\t', d);
  text += '\n';
  const auto add = [&](const char* name, const ValueMap& map) {
    for (int row = 0; row < map.rows; ++row) {
      text += cat(name, '\t', row);
      add_numbers(text, map, row, tables.dim);
      text += '\n';
    }
  };
  add("mask_token", tables.mask_token);
  add("modality_vectors", tables.modality_vectors);
  add("text_positions", tables.text_positions);
  add("grid_positions", tables.grid_positions);
  return text;
}

}  // namespace maskscope
