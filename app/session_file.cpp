#include "app/session_file.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "app/session_inputs.h"
#include "core/data/json_fields.h"
#include "core/data/text_file.h"
#include "core/data/whole_file.h"
#include "core/draw.h"
#include "core/error.h"

namespace maskscope {
namespace {

namespace fs = std::filesystem;
using session_json::Fields;
using session_json::in_file;
using session_json::Json;
using session_json::Losses;

constexpr std::size_t max_session_bytes = std::size_t{16} << 20;  // a text of 1 MiB may take six times as much in JSON
constexpr std::size_t max_session_values = 100000;

Json to_json(TokenRange range) { return Json::array({range.low, range.high}); }

TokenRange range_from(const Fields& fields, const char* field) {
  const Json& values = fields.at(field);
  const auto is_count = [](const Json& value) { return value.is_number_integer() && value >= -2147483647 && value <= 2147483647; };
  if (!values.is_array() || values.size() != 2 || !is_count(values[0]) || !is_count(values[1])) {
    throw Error(cat(fields.where(), ": the field \"", field, "\" is ", values.dump(), ", expected a list of two whole numbers of at most 2147483647."));
  }
  return {values[0].get<int>(), values[1].get<int>()};
}

// By value of the enums.
constexpr const char* transfer_names[] = {"none", "input", "target"};
constexpr const char* random_names[] = {"philox", "torch"};

Json to_json(const SchemeModality& entry) {
  const Modality& m = entry.modality;
  Json keep = Json::array();
  for (const KeepScheme value : entry.keep) keep.push_back(to_string(value));
  return {{"name", m.name},
          {"short_name", m.short_name},
          {"type", to_string(m.kind)},
          {"min_tokens", m.min_tokens},
          {"max_tokens", m.max_tokens},
          {"vocab_size", m.vocab_size},
          {"vocab_offset", m.vocab_offset},
          {"num_channels", m.num_channels},
          {"max_positions", m.max_positions},
          {"learned_positions", m.has_learned_positions},
          {"input_size", m.input_size},
          {"patch_size", m.patch_size},
          {"encoder_embedding", m.has_encoder_embedding},
          {"decoder_embedding", m.has_decoder_embedding},
          {"in_domain", entry.is_in_domain},
          {"out_domain", entry.is_out_domain},
          {"input_alphas", entry.input_alphas},
          {"target_alphas", entry.target_alphas},
          {"keep", keep},
          {"encoder_tokens", entry.direct_encoder_tokens},
          {"decoder_tokens", entry.direct_decoder_tokens},
          {"transfer", transfer_names[static_cast<std::size_t>(entry.transfer_role)]}};
}

SchemeModality modality_from(const Fields& f) {
  SchemeModality entry;
  Modality& m = entry.modality;
  m.name = f.text("name");
  m.short_name = f.text("short_name");
  m.kind = static_cast<ModalityKind>(f.choice("type", {"img", "seq", "seq_token", "seq_emb"}));
  m.id = modality_id(m.name);
  m.min_tokens = f.integer("min_tokens");
  m.max_tokens = f.integer("max_tokens");
  m.vocab_size = f.integer("vocab_size");
  // Sessions of 0.1 have none of these: the built-in table knows them.
  if (const auto builtin = builtin_modality(m.name); builtin && builtin->kind == m.kind) {
    m.num_channels = builtin->num_channels;
    m.max_positions = builtin->max_positions;
    m.has_learned_positions = builtin->has_learned_positions;
  }
  if (f.has("vocab_offset")) m.vocab_offset = f.integer("vocab_offset");
  if (f.has("num_channels")) m.num_channels = f.integer("num_channels");
  if (f.has("max_positions")) m.max_positions = f.integer("max_positions");
  if (f.has("learned_positions")) m.has_learned_positions = f.flag("learned_positions");
  m.input_size = f.integer("input_size");
  m.patch_size = f.integer("patch_size");
  m.has_encoder_embedding = f.flag("encoder_embedding");
  m.has_decoder_embedding = f.flag("decoder_embedding");
  entry.is_in_domain = f.flag("in_domain");
  entry.is_out_domain = f.flag("out_domain");
  entry.input_alphas = f.get<std::vector<double>>("input_alphas", "a list of numbers");
  entry.target_alphas = f.get<std::vector<double>>("target_alphas", "a list of numbers");
  for (const std::string& name : f.get<std::vector<std::string>>("keep", "a list of texts")) {
    if (name != "random" && name != "all" && name != "binary") {
      throw Error(cat(f.where(), ": keep is \"", name, "\", expected random, all or binary."));
    }
    entry.keep.push_back(name == "random" ? KeepScheme::random : name == "all" ? KeepScheme::all : KeepScheme::binary);
  }
  entry.direct_encoder_tokens = f.integer("encoder_tokens");
  entry.direct_decoder_tokens = f.integer("decoder_tokens");
  if (f.has("transfer")) entry.transfer_role = static_cast<TransferRole>(f.choice("transfer", {"none", "input", "target"}));
  return entry;
}

Json to_json(const Scheme& scheme) {
  Json modalities = Json::array();
  for (const SchemeModality& entry : scheme.modalities) modalities.push_back(to_json(entry));
  return {{"name", scheme.name},
          {"mode", to_string(scheme.mode)},
          {"sampling_weights", scheme.sampling_weights},
          {"input_tokens", to_json(scheme.input_tokens)},
          {"target_tokens", scheme.target_tokens ? to_json(*scheme.target_tokens) : Json()},
          {"max_tries", scheme.max_tries},
          {"encoder_slots", scheme.encoder_slots},
          {"decoder_slots", scheme.decoder_slots},
          {"modalities", modalities}};
}

Scheme scheme_from(const Fields& f, Losses& losses) {
  Scheme scheme;
  const std::string by_default = "The default scheme's is taken.";
  const Scheme fallback = losses.is_refusing() ? Scheme{} : default_scheme();
  const auto take = [&](auto Scheme::*member, const auto& read) {
    if (!losses.attempt(by_default, [&] { scheme.*member = read(); })) scheme.*member = fallback.*member;
  };
  take(&Scheme::name, [&] { return f.text("name"); });
  take(&Scheme::mode, [&] { return static_cast<BudgetMode>(f.choice("mode", {"sampled", "direct", "transfer"})); });
  take(&Scheme::sampling_weights, [&] { return f.get<std::vector<double>>("sampling_weights", "a list of numbers"); });
  take(&Scheme::input_tokens, [&] { return range_from(f, "input_tokens"); });
  take(&Scheme::target_tokens, [&] { return f.has("target_tokens") ? std::optional<TokenRange>(range_from(f, "target_tokens")) : std::nullopt; });
  take(&Scheme::max_tries, [&] { return f.integer("max_tries"); });
  take(&Scheme::encoder_slots, [&] { return f.integer("encoder_slots"); });
  take(&Scheme::decoder_slots, [&] { return f.integer("decoder_slots"); });
  const bool has_list = losses.attempt("The default scheme's are taken.", [&] {
    const Json& modalities = f.at("modalities");
    if (!modalities.is_array()) throw Error(cat(f.where(), ": \"modalities\" is ", modalities.type_name(), ", expected a list."));
    for (std::size_t i = 0; i < modalities.size(); ++i) {
      losses.attempt("The scheme goes on without it.", [&] { scheme.modalities.push_back(modality_from(Fields(modalities[i], cat(f.where(), ", modality ", i)))); });
    }
  });
  if (!has_list) scheme.modalities = fallback.modalities;
  return scheme;
}

}  // namespace

std::string session_to_json(const Document& document, const SessionView* view) {
  Json json = {{"maskscope_session", session_format_version},
               {"draw_naming", draw_naming_version},
               {"rng", random_names[static_cast<std::size_t>(document.random)]},
               {"seed", document.seed},
               {"draw", document.sample_index},
               {"inputs", session_json::to_json(document.inputs)},
               {"scheme", to_json(document.scheme)},
               {"disabled", document.disabled}};
  if (view) json["view"] = session_json::to_json(*view);
  try {
    return json.dump(2) + "\n";
  } catch (const nlohmann::json::exception&) {
    // File names are bytes, JSON is UTF-8.
    throw Error("The session can't be saved: the name of a file it refers to is not UTF-8. Rename that file and open it again.");
  }
}

bool is_session_json(std::string_view json) { return json.find("\"maskscope_session\"") != std::string_view::npos; }

namespace {

void check_versions(const Fields& f, Losses& losses) {
  const std::string& where = f.where();
  losses.attempt("What is readable is used.", [&] {
    const int version = f.integer("maskscope_session");
    if (version != session_format_version) {
      throw Error(cat(where, ": session format ", version, ", this program reads format ", session_format_version, ". Open it with a newer maskscope."));
    }
  });
  losses.attempt("Inputs and scheme are as they were saved.", [&] {
    const int naming = f.integer("draw_naming");
    if (naming != draw_naming_version) {
      throw Error(cat(where, ": made with draw naming ", naming, ", this program has ", draw_naming_version,
                      ": its masks would not be the same. Open it with the maskscope that wrote it."));
    }
  });
}

// Names that the scheme does not have are kept out of it: nothing else could be switched on again.
void take_disabled(const Fields& f, Document& document, Losses& losses) {
  losses.attempt("All modalities are on.", [&] { document.disabled = f.get<std::vector<std::string>>("disabled", "a list of modality names"); });
  std::erase_if(document.disabled, [&](const std::string& name) {
    if (document.scheme.find(name) >= 0) return false;
    losses.note(cat(f.where(), ": the field \"disabled\" names the modality \"", name, "\", which the scheme does not have."), "It is left out.");
    return true;
  });
  std::sort(document.disabled.begin(), document.disabled.end());
}

SavedSession parse_session(std::string_view text, std::string_view source_name, Losses losses) {
  const std::string where(source_name);
  // A first pass bounds nesting, size and keys: what follows may then recurse and print values.
  parse_untrusted_json(text, source_name, max_session_values, "a maskscope session");
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) throw Error(cat(where, ": not valid JSON, expected a maskscope session. Save the session again."));
  const Fields f(json, where);
  f.at("maskscope_session");  // without it, this is something else
  check_versions(f, losses);
  SavedSession session;
  Document& document = session.document;
  losses.attempt("Philox is used.", [&] { if (f.has("rng")) document.random = static_cast<RandomSource>(f.choice("rng", {"philox", "torch"})); });
  losses.attempt(cat("The seed is ", document.seed, '.'), [&] { document.seed = f.count("seed"); });
  losses.attempt("It is the first draw.", [&] {
    const std::uint64_t draw = f.count("draw");
    if (draw > max_sample_index) throw Error(cat(where, ": the field \"draw\" is ", draw, ", expected at most ", max_sample_index, "."));
    document.sample_index = draw;
  });
  losses.attempt("The bundled scene is shown.", [&] { document.inputs = session_json::inputs_from(Fields(f.at("inputs"), where + ", inputs"), losses); });
  const bool has_scheme = losses.attempt("The default scheme is taken.", [&] {
    document.scheme = scheme_from(Fields(f.at("scheme"), where + ", scheme"), losses);
    in_file(where, [&] { validate(document.scheme); });
  });
  if (!has_scheme) document.scheme = default_scheme();
  take_disabled(f, document, losses);
  if (f.has("view")) {
    losses.attempt("The window shows it as it shows any other.", [&] { session.view = session_json::view_from(Fields(f.at("view"), where + ", view"), losses); });
  }
  session.losses = losses.sentences();
  return session;
}

}  // namespace

SavedSession session_from_json(std::string_view text, std::string_view source_name) {
  return parse_session(text, source_name, Losses(Losses::Manner::refuses));
}

SavedSession restored_from_json(std::string_view text, std::string_view source_name) {
  return parse_session(text, source_name, Losses(Losses::Manner::notes));
}

namespace {

// A session may be replaced by a session, and by nothing else: a click on the wrong name must not cost a photo.
void require_session_or_nothing(const fs::path& path) {
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (!fs::exists(status)) return;
  if (!fs::is_regular_file(status)) {
    throw Error(cat(path.string(), ": this is no regular file, so no session is written there. Choose another name."));
  }
  std::string head(4096, '\0');
  std::ifstream in(path, std::ios::binary);
  in.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(in.gcount()));
  if (!head.empty() && !is_session_json(head)) {
    throw Error(cat(path.string(), ": there is a file of this name that is no session; it was left as it is. Choose another name."));
  }
}

}  // namespace

void save_session(const Document& document, const fs::path& path, const SessionView* view) {
  require_session_or_nothing(path);
  write_whole_file(path, session_to_json(document, view), "the session");
}

SavedSession load_session(const fs::path& path) { return session_from_json(read_text_file(path, max_session_bytes), path.string()); }

SavedSession restore_session(const fs::path& path) { return restored_from_json(read_text_file(path, max_session_bytes), path.string()); }

}  // namespace maskscope
