// The Table: every number as the batch has it, linked to the other views, and copied whole.
#include <algorithm>
#include <sstream>

#include "app/tensor_table.h"
#include "app/token_label.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

constexpr KeyModifiers ctrl{.ctrl = true};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

int column_of(const TensorTable& table, const std::string& name) {
  for (std::size_t c = 0; c < table.columns().size(); ++c) {
    if (table.columns()[c].name == name) return static_cast<int>(c);
  }
  FAIL("no column " << name);
  return -1;
}

std::string number_or_question(std::int32_t id) { return id == unknown_token_id ? "?" : cat(id); }

const TokenQuad* pinned_quad(const PanelStage& stage, TokenStyle style) {
  for (const RecordingCanvas::Batch& batch : stage.canvas().batches()) {
    for (const TokenQuad& quad : batch.quads) {
      if (quad.style == style && quad.flags & is_pinned) return &quad;
    }
  }
  return nullptr;
}

}  // namespace

TEST_CASE("table: a modality's rows are its tensors, slot by slot") {
  const MaskedFrame frame = dataset_frame();
  const SampleMasks masks = frame.masks();
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    const Modality& info = frame.scheme.modalities[static_cast<std::size_t>(m)].modality;
    INFO(info.name);
    const TensorTable table(frame, TableKind::modality, m);
    REQUIRE(table.num_rows() == info.num_slots());
    const int input = column_of(table, "input_mask"), target = column_of(table, "target_mask"), attention = column_of(table, "decoder_attention_mask");
    const int encoder = column_of(table, "encoder slot"), decoder = column_of(table, "decoder slot");
    for (int slot = 0; slot < table.num_rows(); ++slot) {
      CHECK(table.cell(slot, 0) == cat(slot));
      CHECK(table.cell(slot, input) == (masks.slot_value(frame.batch.input_mask, m, slot) ? "1" : "0"));
      CHECK(table.cell(slot, target) == (masks.slot_value(frame.batch.target_mask, m, slot) ? "1" : "0"));
      CHECK(table.cell(slot, attention) == cat(masks.slot_value(frame.batch.decoder_attention_mask, m, slot)));
      const std::int32_t value = masks.slot_value(frame.batch.tensor, m, slot);
      if (info.name == "rgb@224") CHECK(table.cell(slot, 1) == "–");
      else if (info.kind == ModalityKind::seq_emb) CHECK(table.cell(slot, 1) == cat(value));
      else CHECK(table.cell(slot, 1) == number_or_question(value));
      const TokenIdentity token = table.token(slot);
      if (!frame.is_present(m)) {
        CHECK_FALSE(token.is_valid());
        CHECK(table.cell(slot, input) + table.cell(slot, target) == "11");
        continue;
      }
      // The packed slots are those of the token's own passport. A sentinel stands in two slots of one tensor.
      if (!token.is_valid() || origin::is_sentinel(token.origin)) continue;
      const TokenPassport passport = make_passport(masks, token);
      if (table.cell(slot, input) == "0") CHECK(table.cell(slot, encoder) == (passport.encoder.packed_slot < 0 ? "–" : cat(passport.encoder.packed_slot)));
      if (table.cell(slot, target) == "0") CHECK(table.cell(slot, decoder) == (passport.decoder.packed_slot < 0 ? "–" : cat(passport.decoder.packed_slot)));
    }
  }
}

TEST_CASE("table: encoder and decoder rows are the packed tensors") {
  const MaskedFrame frame = dataset_frame();
  const MaskedBatch& b = frame.batch;
  const TensorTable encoder(frame, TableKind::encoder), decoder(frame, TableKind::decoder);
  REQUIRE(encoder.num_rows() == b.encoder_slots);
  REQUIRE(decoder.num_rows() == b.decoder_slots);
  const auto source_of = [&](const TensorTable& table, int row) {
    const int m = frame.scheme.find(table.cell(row, 1));
    return b.slot_offset[static_cast<std::size_t>(m)] + std::stoi(table.cell(row, 2));
  };
  int ignored = 0;
  for (int row = 0; row < encoder.num_rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    CHECK(source_of(encoder, row) == b.encoder_source[at]);
    CHECK(encoder.cell(row, column_of(encoder, "encoder_mask")) == (b.encoder_mask[at] ? "1" : "0"));
    CHECK(encoder.cell(row, column_of(encoder, "mod_mask")) == cat(b.encoder_modality[at]));
    CHECK(encoder.token(row).is_valid() == !b.encoder_mask[at]);
    ignored += b.encoder_mask[at];
  }
  CHECK(ignored > 0);
  for (int row = 0; row < decoder.num_rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    CHECK(source_of(decoder, row) == b.decoder_source[at]);
    CHECK(decoder.cell(row, column_of(decoder, "target_ids")) == number_or_question(b.target_ids[at]));
    CHECK(decoder.cell(row, column_of(decoder, "decoder_mask")) == (b.decoder_mask[at] ? "1" : "0"));
    CHECK(decoder.cell(row, column_of(decoder, "mod_mask")) == cat(b.decoder_modality[at]));
    CHECK(decoder.cell(row, column_of(decoder, "decoder_attention")) == cat(b.decoder_attention[at]));
    CHECK(decoder.cell(row, column_of(decoder, "attention modality")) == cat(b.decoder_attention_modality[at]));
    // What must be predicted has the label of the id to predict.
    const TokenIdentity target = decoder.token(row);
    if (target.is_valid() && frame.scheme.modalities[static_cast<std::size_t>(target.modality)].modality.kind == ModalityKind::seq) {
      CHECK(decoder.cell(row, column_of(decoder, "target")) == id_label(frame, target.modality, b.target_ids[at]));
    }
  }
}

TEST_CASE("table: unknown ids are a question mark, and masks say their polarity") {
  const Session session = make_session();
  const MaskedFrame& frame = session.frame();
  const TensorTable table(frame, TableKind::modality, frame.scheme.find("tok_depth@224"));
  CHECK(table.cell(17, 1) == "?");
  CHECK(table.cell(17, 2) == "(1, 3)");
  for (const char* name : {"input_mask", "target_mask"}) {
    CHECK_THAT(table.columns()[static_cast<std::size_t>(column_of(table, name))].meaning, contains_text("1 = do not use"));
  }
}

TEST_CASE("table: as text it has a header, and a cell between any two tabs") {
  MaskedFrame frame = dataset_frame();
  auto inputs = std::make_shared<Inputs>(*frame.inputs);
  const int caption = frame.scheme.find("caption");
  for (ModalityContent& content : inputs->contents) {
    if (content.modality != "caption") continue;
    auto tokens = std::make_shared<TokenizedText>(*content.tokens);
    for (std::string& piece : tokens->pieces) piece = "a\tb\nc\r";
    content.tokens = tokens;
  }
  frame.inputs = inputs;
  const TensorTable table(frame, TableKind::modality, caption);
  const std::vector<std::string> lines = lines_of(to_tsv(table));
  REQUIRE(lines.size() == static_cast<std::size_t>(table.num_rows()) + 1);
  CHECK(lines[0] == "slot\tid\ttoken\torigin\tinput_mask\ttarget_mask\tdecoder_attention_mask\tencoder slot\tdecoder slot\tgiven in");
  for (const std::string& line : lines) REQUIRE(std::count(line.begin(), line.end(), '\t') == 9);
  CHECK_THAT(to_tsv(table), contains_text("a\\tb\\nc\\r"));
  CHECK(lines_of(column_to_text(table, 0)).size() == static_cast<std::size_t>(table.num_rows()));
}

TEST_CASE("table panel: what is chosen is shown, and copied with a word about it") {
  const MaskedFrame frame = dataset_frame();
  Document document = default_document();
  document.scheme = frame.scheme;
  PanelStage stage(document);
  stage.show(frame);
  stage.frames(2);
  stage.click("tab.table");
  stage.frames(2);
  REQUIRE(stage.has_widget("table.row.0"));
  stage.click("table.modality");
  stage.frames(2);
  stage.click("table.modality.metadata");
  stage.frames(2);
  CHECK(stage.view().table_modality == "metadata");
  stage.click("table.copy");
  const int metadata = frame.scheme.find("metadata");
  CHECK(std::string(ImGui::GetClipboardText()) == to_tsv(TensorTable(frame, TableKind::modality, metadata)));
  CHECK(last_sentence(stage.session()) == "Copied the table of metadata: 82 rows of 10 columns, with a header, separated by tabs.");

  stage.click("table.copy_column");
  stage.frames(2);
  stage.click("table.copy.target_mask");
  CHECK(std::string(ImGui::GetClipboardText()) == column_to_text(TensorTable(frame, TableKind::modality, metadata), 5));
  CHECK_THAT(last_sentence(stage.session()), contains_text("column target_mask of metadata"));
  stage.frames(2);

  stage.click("table.kind.Encoder");
  stage.frames(2);
  CHECK(stage.view().table_kind == TableKind::encoder);
  ImGui::SetClipboardText("");
  stage.key(Key::c, ctrl);
  CHECK(std::string(ImGui::GetClipboardText()) == to_tsv(TensorTable(frame, TableKind::encoder)));
  stage.click("table.kind.Decoder");
  stage.frames(2);
  stage.key(Key::c, ctrl);
  CHECK(std::string(ImGui::GetClipboardText()) == to_tsv(TensorTable(frame, TableKind::decoder)));
}

TEST_CASE("table panel: Ctrl+C elsewhere copies nothing") {
  PanelStage stage;
  stage.view().bottom_tab = BottomTab::table;
  stage.frames(2);
  ImGui::SetClipboardText("mine");
  stage.click("legend.encoder");
  stage.key(Key::c, ctrl);
  CHECK(std::string(ImGui::GetClipboardText()) == "mine");
}

TEST_CASE("table panel: rows link to the other views, both ways") {
  PanelStage stage;
  stage.view().bottom_tab = BottomTab::table;
  stage.view().table_modality = "tok_depth@224";
  stage.frames(3);
  const int m = stage.masked().scheme.find("tok_depth@224");
  stage.move_to(stage.centre("table.row.3"));
  stage.frame();
  CHECK(stage.view().hovered == Pointed{{m, 3}, {}, -1});
  stage.click("table.row.2");
  CHECK(stage.view().pinned == Pointed{{m, 2}, {}, -1});
  stage.frame();
  CHECK(pinned_quad(stage, fate_style(source_fates(stage.masked().masks(), m)[2])) != nullptr);

  // A token pinned in its card: the table follows, to its modality and its row.
  CHECK_FALSE(stage.has_widget("table.row.180"));
  stage.click(stage.cell_centre("tok_rgb@224", 180));
  stage.move_to({1, 1});
  stage.frames(3);
  CHECK(stage.view().table_modality == "tok_rgb@224");
  REQUIRE(stage.has_widget("table.row.180"));
  const WidgetRect table = stage.widget("table"), row = stage.widget("table.row.180");
  CHECK(row.y > table.y);
  CHECK(row.y + row.height <= table.y + table.height);
}

TEST_CASE("table panel: an ignored slot can be pinned in its row") {
  Document document = default_document();
  set_only_budget(document, "tok_rgb@224", 2, 3);
  PanelStage stage(document);
  stage.view().bottom_tab = BottomTab::table;
  stage.view().table_kind = TableKind::encoder;
  stage.frames(3);
  stage.click("table.row.4");
  CHECK(stage.view().pinned == Pointed{{}, PackedSide::encoder, 4});
  stage.click("table.row.1");
  CHECK(stage.view().pinned.token.is_valid());
}

TEST_CASE("table panel: the longest table costs no more rows than are seen") {
  Document document = default_document();
  PanelStage stage(document);
  REQUIRE(stage.session().apply(edits::set_grid(448, 14)));
  stage.view().bottom_tab = BottomTab::table;
  stage.view().table_modality = "tok_depth@448";
  stage.frames(3);
  REQUIRE(stage.masked().scheme.modalities[static_cast<std::size_t>(stage.masked().scheme.find("tok_depth@448"))].modality.num_slots() == 1024);
  int drawn = 0;
  for (int row = 0; row < 1024; ++row) drawn += stage.has_widget(cat("table.row.", row));
  CHECK(drawn > 3);
  CHECK(drawn < 60);
}

TEST_CASE("bottom views: the handle gives them more room, the keyboard chooses among them") {
  PanelStage stage;
  stage.frames(3);
  const WidgetRect before = stage.widget("tab.table");
  const ImVec2 handle = stage.centre("bottom.handle");
  stage.drag(handle, {handle.x, handle.y - 50}, 6);
  stage.frames(2);
  CHECK(stage.widget("tab.table").y == Approx(before.y - 50).margin(6));
  CHECK(stage.view().bottom_share > 0);
  // Never so far that the cards have no room.
  const ImVec2 moved = stage.centre("bottom.handle");
  stage.drag(moved, {moved.x, 10}, 6);
  stage.frames(2);
  CHECK(stage.widget("strip.encoder").y > stage.widget("card.rgb@224").y + 100);
  CHECK(stage.widget("strip.decoder").y + stage.widget("strip.decoder").height < stage.widget("tab.table").y);
  for (const auto& [key, tab] : {std::pair{Key::n7, BottomTab::table}, std::pair{Key::n8, BottomTab::problems}, std::pair{Key::n1, BottomTab::problems}, std::pair{Key::n2, BottomTab::waterfall}}) {
    stage.key(key, ctrl);
    CHECK(stage.view().bottom_tab == tab);
  }
}

TEST_CASE("bottom views: without room below they stand beside the cards") {
  PanelStage stage(default_document(), {.width = 1024, .height = 700});
  stage.frames(3);
  CHECK_FALSE(stage.has_widget("bottom.handle"));
  CHECK(stage.has_widget("card.rgb@224"));  // the cards come first
  CHECK_FALSE(stage.has_widget("table"));
  stage.click("tab.table");
  stage.frames(2);
  CHECK_FALSE(stage.has_widget("card.rgb@224"));
  CHECK(stage.has_widget("table.row.0"));
  CHECK(stage.has_widget("strip.encoder"));
  stage.key(Key::n1, ctrl);
  stage.frame();
  CHECK(stage.has_widget("card.rgb@224"));
  stage.click("tab.tokens");
  CHECK(stage.view().bottom_tab == BottomTab::tokens);
  stage.key(Key::n7, ctrl);
  stage.resize(1600, 900);
  stage.frames(3);
  CHECK(stage.has_widget("card.rgb@224"));
  CHECK(stage.has_widget("table.row.0"));
  CHECK_FALSE(stage.has_widget("tab.tokens"));
}
