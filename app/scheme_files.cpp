#include "app/scheme_files.h"

#include <algorithm>

#include "core/data/scheme_config.h"
#include "core/data/text_file.h"
#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope {

namespace fs = std::filesystem;

void save_scheme(const Scheme& scheme, const fs::path& path) {
  std::error_code failure;
  if (fs::exists(path, failure)) {
    // A click on the wrong name must not cost somebody's file.
    const bool is_scheme = fs::is_regular_file(path, failure) && looks_like_config(read_file_bytes(path, max_text_bytes, "a scheme file"));
    if (!is_scheme) throw Error(cat(path.string(), ": there is a file of this name that is no scheme; it was left as it is. Choose another name."));
  }
  write_whole_file(path, scheme_to_yaml(scheme), "the scheme");
}

void update_config_files(Session& session) {
  const Document& document = session.document();
  const std::shared_ptr<const LoadedConfig>& config = session.frame().inputs->config;
  if (!config) return;
  try {
    if (document.inputs.dataset.is_validation) {
      throw Error(cat(config->path.string(), ": a validation set is shown, whose numbers are derived from several entries. Switch to training to write numbers back."));
    }
    const auto found = std::find_if(config->training.begin(), config->training.end(),
                                    [&](const ConfigDataset& dataset) { return dataset.name == document.inputs.dataset.config_dataset; });
    if (found == config->training.end()) throw Error(cat(config->path.string(), ": the data set that is shown is not in it. Open it again."));
    const auto dataset = static_cast<std::size_t>(found - config->training.begin());
    // As many slots as the model has: no number of a data set.
    Scheme changed = document.scheme;
    changed.encoder_slots = found->scheme.encoder_slots;
    changed.decoder_slots = found->scheme.decoder_slots;
    std::string written;
    for (const auto& [path, text] : with_scheme(*config, dataset, changed)) {
      write_whole_file(path, text, "the configuration");
      written += (written.empty() ? "" : ", ") + path.string();
    }
    if (!written.empty()) session.reread_config();
    session.say(MessageLevel::info, written.empty() ? later("Nothing to write: the files hold these numbers already.")
                                                    : later("Wrote the scheme's numbers into {0}.", written));
  } catch (const Error& error) {
    session.say(MessageLevel::error, error.what());
  }
}

}  // namespace maskscope
