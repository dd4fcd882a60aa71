// The tensors of one masked sample as tables: what the Table view shows and what it copies. No drawing.
#pragma once

#include <string>
#include <vector>

#include "app/masked_frame.h"
#include "core/passport.h"

namespace maskscope {

struct TableColumn {
  std::string name;     // the reference's, where it has one; else English, passed through tr where it is shown
  std::string meaning;  // a sentence, with the polarity of masks; English like the name
  bool is_number = true;
  int widest = 0;       // characters of the widest cell, for layout
};

// Which of the tables.
enum class TableKind : std::uint8_t { modality, encoder, decoder };

// A view of a frame, which must outlive it. Cells are made when they are asked for: only what is seen costs anything.
class TensorTable {
 public:
  // modality: position in the scheme; for TableKind::modality only.
  TensorTable(const MaskedFrame& frame, TableKind kind, int modality = 0);

  const std::vector<TableColumn>& columns() const { return columns_; }
  int num_rows() const { return num_rows_; }
  std::string cell(int row, int column) const;  // in the language of the window
  // The token of a row; invalid for padding and ignored slots.
  TokenIdentity token(int row) const;
  Fate fate(int row) const { return fates_[static_cast<std::size_t>(row)]; }
  // The first row of a token; -1 when it is in none.
  int row_of(TokenIdentity token) const;
  // Whether this row's slot is used by its side: by neither of the masks of a modality.
  bool is_used(int row) const;

 private:
  std::string modality_cell(int row, int column) const;
  std::string encoder_cell(int row, int column) const;
  std::string decoder_cell(int row, int column) const;
  void find_packed_slots();
  void find_fates();

  const MaskedFrame& frame_;
  TableKind kind_;
  int modality_;
  int num_rows_ = 0;
  std::vector<TableColumn> columns_;
  std::vector<Fate> fates_;             // (num_rows)
  std::vector<int> encoder_slot_, predicted_by_, given_in_;  // (num_rows) of a modality's slots: packed slots, -1: none
};

// With a header, columns separated by tabs, a line feed behind every row; pieces with a tab or a line feed in them are escaped.
std::string to_tsv(const TensorTable& table);
std::string column_to_text(const TensorTable& table, int column);  // without a header, one cell a line

}  // namespace maskscope
