#include "app/token_label.h"

#include <algorithm>

#include "app/i18n/translate.h"
#include "core/error.h"

namespace maskscope {
namespace {

const Modality& modality_of(const MaskedFrame& frame, int modality) {
  return frame.scheme.modalities[static_cast<std::size_t>(modality)].modality;
}

std::string sentinel_label(int number) { return cat("[S_", number, "]"); }

std::string text_label(const MaskedFrame& frame, int modality, std::int32_t origin) {
  if (is_end_of_text(frame, modality, origin)) return "[EOS]";
  const auto at = static_cast<std::size_t>(origin);
  const ModalityContent* content = frame.content(modality);
  if (content && content->tokens && at < content->tokens->pieces.size() && !content->tokens->pieces[at].empty()) return content->tokens->pieces[at];
  const std::vector<std::int32_t>& ids = frame.sample.modalities[static_cast<std::size_t>(modality)].ids;
  return at < ids.size() ? id_label(frame, modality, ids[at]) : "?";
}

}  // namespace

bool has_places(const Modality& modality) { return modality.kind == ModalityKind::img && !modality.has_learned_positions && modality.grid_side() > 0; }

bool is_end_of_text(const MaskedFrame& frame, int modality, std::int32_t origin) {
  return origin >= 0 && modality_of(frame, modality).kind == ModalityKind::seq &&
         static_cast<std::size_t>(origin) >= frame.sample.modalities[static_cast<std::size_t>(modality)].ids.size();
}

std::string id_label(const MaskedFrame& frame, int modality, std::int32_t id) {
  if (id == unknown_token_id) return "?";
  const ModalityKind kind = modality_of(frame, modality).kind;
  if (kind == ModalityKind::seq || kind == ModalityKind::seq_token) {
    const auto& sentinels = frame.vocabulary.sentinel_ids;
    const auto sentinel = std::find(sentinels.begin(), sentinels.end(), id);
    if (sentinel != sentinels.end()) return sentinel_label(static_cast<int>(sentinel - sentinels.begin()));
    if (id == frame.vocabulary.pad_id) return "[PAD]";
  }
  if (kind == ModalityKind::seq) {
    if (id == frame.vocabulary.eos_id) return "[EOS]";
    if (frame.inputs && frame.inputs->tokenizer && id >= 0 && id < frame.inputs->tokenizer->vocab_size()) {
      const std::string& piece = frame.inputs->tokenizer->piece(id);
      if (!piece.empty()) return piece;
    }
  }
  return cat(id);
}

std::string token_label(const MaskedFrame& frame, int modality, std::int32_t origin) {
  const Modality& info = modality_of(frame, modality);
  if (origin == origin::padding) return info.kind == ModalityKind::seq || info.kind == ModalityKind::seq_token ? "[PAD]" : "–";
  if (origin::is_sentinel(origin)) return info.kind == ModalityKind::seq_emb ? tr("zeros") : sentinel_label(origin::sentinel_number(origin));
  switch (info.kind) {
    case ModalityKind::img: return has_places(info) ? cat("(", origin / info.grid_side(), ", ", origin % info.grid_side(), ")") : fill(tr("token {0}"), origin);
    case ModalityKind::seq: return text_label(frame, modality, origin);
    case ModalityKind::seq_token: {
      const std::vector<std::int32_t>& ids = frame.sample.modalities[static_cast<std::size_t>(modality)].ids;
      const auto at = static_cast<std::size_t>(origin);
      return at < ids.size() ? cat(ids[at]) : "?";
    }
    case ModalityKind::seq_emb: return fill(tr("row {0}"), origin);
  }
  return "?";
}

std::string in_one_line(const std::string& cell) {
  std::string out;
  for (const char c : cell) {
    if (c == '\t') out += "\\t";
    else if (c == '\n') out += "\\n";
    else if (c == '\r') out += "\\r";
    else out += c;
  }
  return out;
}

}  // namespace maskscope
