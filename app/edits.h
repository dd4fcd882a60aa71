// Every change a user can make to the document, as a value: a panel, a shortcut, a test and a script do the
// same thing by applying the same edit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document.h"
#include "app/i18n/translate.h"

namespace maskscope {

// Tokens of one modality on both sides.
struct DirectBudget {
  std::string modality;
  int encoder_tokens = 0;
  int decoder_tokens = 0;
};

// Shown in the Edit menu: "Undo seed"; in the words of then, for the language may change between the edit and its undoing.
struct EditName : LaterText {
  EditName() = default;
  EditName(const char* english_name) : LaterText(later(english_name)) {}
  EditName(LaterText name) : LaterText(std::move(name)) {}
};

// What a session file brings besides its document. app/session_view.h
struct SessionView;
struct SessionExtras {
  std::shared_ptr<const SessionView> view;  // null: it says nothing of it
  std::vector<std::string> losses;          // sentences: what could not be restored
};

struct Edit {
  EditName name;
  std::string merge_key;  // consecutive edits with the same non-empty key are one undo step (a drag)
  std::function<void(Document&)> apply;  // may throw Error: then nothing changes
  bool rereads = false;                  // opens files by name: they are read again even if the names are the same
  // Of a session file, else null; complete once apply has run.
  std::shared_ptr<SessionExtras> extras = nullptr;
};

namespace edits {

Edit set_seed(std::uint64_t seed);
Edit set_random(RandomSource random);
Edit set_sample_index(std::uint64_t index);
Edit set_mode(BudgetMode mode);
// Direct mode. start: the budgets to begin with where none has been set by hand yet.
Edit set_direct_mode(std::vector<DirectBudget> start);
// Transfer mode: everything to one side. Modalities without a role become input where they can't be predicted, else target;
// the slots N and M follow the roles.
Edit set_transfer_mode();
// Only the named modalities stay. Throws Error for names that the scheme does not have.
Edit set_transfer(std::vector<std::string> inputs, std::vector<std::string> targets);
Edit set_transfer_role(const std::string& modality, TransferRole role);
Edit set_preset(const std::string& name);
// num_tokens >= 0. Also sets the slots N / M to the range's upper end, as the reference does.
Edit set_input_tokens(TokenRange range);
Edit set_target_tokens(TokenRange range);
// true: no range, every token that is not input is a target, and M becomes as many slots as these can be. false: a range again.
Edit set_all_targets(bool is_all);
// How often a component of the mixture is drawn, against the others; finite and >= 0. Without weights all are drawn alike: the
// first weight that is set gives the others 1.
Edit set_sampling_weight(int component, double weight);
// component: of the mixture, from 0.
Edit set_input_alpha(const std::string& modality, int component, double alpha);
Edit set_target_alpha(const std::string& modality, int component, double alpha);
// modality: empty for all.
Edit set_keep(int component, KeepScheme keep, const std::string& modality = "");
// Direct mode. Clamped so that an image's two budgets fit its tokens: the moved one wins; a side that the modality
// never reaches stays 0.
Edit set_direct_encoder(const std::string& modality, int tokens);
Edit set_direct_decoder(const std::string& modality, int tokens);
Edit set_direct(const std::string& modality, int encoder_tokens, int decoder_tokens);
Edit set_encoder_slots(int slots);
Edit set_decoder_slots(int slots);
Edit set_modality_enabled(const std::string& modality, bool is_enabled);

Edit open_scene(std::uint64_t scene_seed);
Edit open_photo(const std::filesystem::path& path);
Edit open_text_file(const std::filesystem::path& path);
Edit open_tokenizer(const std::filesystem::path& path);
Edit use_bundled_tokenizer();
Edit set_text(const std::string& text);
Edit use_scene_caption();
Edit set_fit(FitMode fit);
Edit set_grid(int input_size, int patch_size);
Edit replace_document(const Document& document, const EditName& name);

// A root folder, a .tar or a notation, at its first sample. The scheme stays if it came from a configuration; else it becomes
// one of whatever is there. Applying it looks into the data set.
Edit open_dataset(const std::string& path);
Edit show_sample(std::int64_t number);
// Training draws crops, captions and their like; validation takes the first. With a configuration: its other data sets, too.
Edit set_training(bool is_training);
// An alphas file, data config, model config or scheme file: its scheme, and its data where they are here. data_path: the data
// set, wherever the configuration says it is; empty: as it says.
Edit use_config(const std::filesystem::path& path, const std::string& data_path = "");
// Another data set of the configuration, for the same split.
Edit set_config_dataset(const std::string& name);
// The scheme stays, the file is let go of.
Edit close_config();
// In a data set, files are looked for of all that the scheme has.
Edit set_scheme(const Scheme& scheme);
Edit open_dump(const std::filesystem::path& path);
Edit show_dump_sample(int sample);

// What a dropped or named file is: by content, not only by its ending. Throws Error for what can't be opened.
// is_restoring: of a session whatever can be restored is, and extras tell the rest; else it is opened wholly or not at all.
Edit open_any(const std::string& path, bool is_restoring = false);
// Whether applying the edit may have to look for the files of a data set, which takes its time.
bool may_open_dataset(const std::string& path);

// Of a data set, asks for the scheme's modalities that it has files of, besides those that are open. Throws Error.
void look_for_files(Document& document);

}  // namespace edits
}  // namespace maskscope
