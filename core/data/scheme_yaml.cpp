// Writing a scheme file, in the form that scheme_file.cpp reads.
#include <algorithm>

#include "core/data/scheme_config.h"
#include "core/data/utf8.h"
#include "core/data/yaml_scalar.h"
#include "core/error.h"

namespace maskscope {
namespace {

// A text that is the same text to YAML; in double quotes where it would be something else without.
std::string yaml_text(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  YamlNode node;
  node.text = text;
  const bool is_word = !text.empty() &&
                       std::all_of(text.begin(), text.end(), [&](char c) { return is_plain(c) || c == '@' || c == '-'; }) &&
                       is_plain(text[0]);
  if (is_word && resolve_plain_scalar(node).empty() && node.kind == YamlKind::string) return text;
  std::string out = "\"";
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t start = offset;
    const char32_t c = next_code_point(text, offset);
    constexpr const char* digits = "0123456789abcdef";
    if (c == '"' || c == '\\') {
      out += cat('\\', static_cast<char>(c));
    } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      out += cat("\\x", digits[c >> 4], digits[c & 15]);
    } else if (c == 0x2028 || c == 0x2029 || c == 0xfeff || (c >= 0xfffe && c <= 0xffff)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += digits[c >> shift & 15];
    } else {
      out += text.substr(start, offset - start);
    }
  }
  return out + '"';
}

template <class Items, class Write>
std::string flow_list(const Items& items, Write write) {
  std::string out = "[";
  for (const auto& item : items) out += cat(out.size() > 1 ? ", " : "", write(item));
  return out + "]";
}

// What reading a modality of this name starts from.
Modality starting_point(const Modality& modality) {
  if (const auto builtin = builtin_modality(modality.name)) return *builtin;
  Modality blank;
  blank.name = modality.name;
  blank.id = modality_id(modality.name);
  blank.has_decoder_embedding = modality.kind != ModalityKind::seq_emb;
  return blank;
}

void write_definition(std::string& out, const Modality& modality) {
  const Modality start = starting_point(modality);
  const bool is_builtin = builtin_modality(modality.name).has_value();
  const auto line = [&](const char* key, const auto& value) { out += cat("    ", key, ": ", value, "\n"); };
  const auto line_if_other = [&](const char* key, int value, int usual) {
    if (value != usual) line(key, value);
  };
  const auto flag_if_other = [&](const char* key, bool value, bool usual) {
    if (value != usual) line(key, value ? "true" : "false");
  };
  if (!is_builtin || modality.kind != start.kind) line("kind", to_string(modality.kind));
  if (!is_builtin || modality.short_name != start.short_name) line("short_name", yaml_text(modality.short_name));
  line_if_other("id", modality.id, start.id);
  line_if_other("min_tokens", modality.min_tokens, start.min_tokens);
  const bool has_own_sizes = modality.input_size != start.input_size || modality.patch_size != start.patch_size;
  if (!is_builtin || has_own_sizes || modality.max_tokens != start.max_tokens) line("max_tokens", modality.max_tokens);
  line_if_other("vocab_size", modality.vocab_size, start.vocab_size);
  line_if_other("vocab_offset", modality.vocab_offset, start.vocab_offset);
  line_if_other("input_size", modality.input_size, start.input_size);
  line_if_other("patch_size", modality.patch_size, start.patch_size);
  line_if_other("num_channels", modality.num_channels, start.num_channels);
  line_if_other("max_positions", modality.max_positions, start.max_positions);
  flag_if_other("learned_positions", modality.has_learned_positions, start.has_learned_positions);
  flag_if_other("encoder_embedding", modality.has_encoder_embedding, start.has_encoder_embedding);
  flag_if_other("decoder_embedding", modality.has_decoder_embedding, start.has_decoder_embedding);
}

void write_entry(std::string& out, const SchemeModality& entry) {
  const Modality& modality = entry.modality;
  out += cat("  ", yaml_text(modality.name), ":\n");
  write_definition(out, modality);
  if (entry.is_in_domain != modality.has_encoder_embedding) out += cat("    in: ", entry.is_in_domain ? "true" : "false", "\n");
  if (entry.is_out_domain != modality.has_decoder_embedding)
    out += cat("    out: ", entry.is_out_domain ? "true" : "false", "\n");
  out += cat("    input_alphas: ", flow_list(entry.input_alphas, yaml_float), "\n");
  out += cat("    target_alphas: ", flow_list(entry.target_alphas, yaml_float), "\n");
  const bool is_random =
      entry.keep.size() == entry.input_alphas.size() &&
      std::all_of(entry.keep.begin(), entry.keep.end(), [](KeepScheme keep) { return keep == KeepScheme::random; });
  if (!is_random || modality.kind != ModalityKind::img) {
    out += cat("    keep: ", flow_list(entry.keep, [](KeepScheme keep) { return std::string(to_string(keep)); }), "\n");
  }
  if (entry.direct_encoder_tokens != 0) out += cat("    encoder_tokens: ", entry.direct_encoder_tokens, "\n");
  if (entry.direct_decoder_tokens != 0) out += cat("    decoder_tokens: ", entry.direct_decoder_tokens, "\n");
  if (entry.transfer_role != TransferRole::none) {
    out += cat("    role: ", entry.transfer_role == TransferRole::input ? "input" : "target", "\n");
  }
}

std::string range_text(TokenRange range) { return cat("[", range.low, ", ", range.high, "]"); }

}  // namespace

std::string scheme_to_yaml(const Scheme& scheme) {
  constexpr int usual_tries = 100;
  std::string out = "maskscope_scheme: 1\n";
  out += cat("name: ", yaml_text(scheme.name), "\n");
  out += cat("mode: ", to_string(scheme.mode), "\n");
  out += cat("input_tokens: ", range_text(scheme.input_tokens), "\n");
  out += cat("target_tokens: ", scheme.target_tokens ? range_text(*scheme.target_tokens) : std::string("all"), "\n");
  out += cat("encoder_slots: ", scheme.encoder_slots, "\n", "decoder_slots: ", scheme.decoder_slots, "\n");
  if (scheme.max_tries != usual_tries) out += cat("max_tries: ", scheme.max_tries, "\n");
  if (!scheme.sampling_weights.empty()) out += cat("sampling_weights: ", flow_list(scheme.sampling_weights, yaml_float), "\n");
  out += "modalities:\n";
  for (const SchemeModality& entry : scheme.modalities) write_entry(out, entry);
  return out;
}

}  // namespace maskscope
