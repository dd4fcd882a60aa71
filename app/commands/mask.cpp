#include <filesystem>
#include <iostream>
#include <set>

#include "app/commands/commands.h"
#include "app/commands/mask_json.h"
#include "app/commands/mask_npz.h"
#include "app/commands/options.h"
#include "app/open_dataset.h"
#include "app/session.h"
#include "core/data/whole_file.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

void write_output(const std::string& content, const std::string& path) {
  if (path.empty() || path == "-") {
    std::cout << content << std::flush;
    if (!std::cout) throw Error("standard output: the masks could not be written. Check where it goes to (full disk, closed pipe).");
    return;
  }
  write_whole_file(path, content, "the masks");
}

// With --tokens nothing else may name what is masked.
void refuse_other_inputs(const SharedOptions& shared) {
  const char* other = !shared.files.empty() ? "FILES" : shared.image ? "--image" : shared.scene ? "--scene" : shared.text ? "--text"
                      : shared.text_file ? "--text-file" : shared.data ? "--data" : shared.sample ? "--sample" : nullptr;
  if (other) throw Error(cat("--tokens and ", other, ": both name what is masked. Give one of them."));
}

MaskedFrame mask_token_file(const SharedOptions& shared, const std::string& path) {
  refuse_other_inputs(shared);
  const Document document = make_document(shared);
  const auto tokenizer = load_tokenizer(document.inputs);  // no picture is needed, so none is drawn
  const auto backend = make_backend(shared);
  MaskedFrame frame = mask_tokens(document, read_token_file(path), std::filesystem::path(path).filename().string(), tokenizer->vocabulary(),
                                  [&](const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& batch) {
                                    backend->run(plan, samples, draws, batch);
                                  });
  if (const std::string lost = backend->info().lost_device; !lost.empty()) std::cerr << "maskscope: " << lost << '\n';
  return frame;
}

// What is worth a warning, once.
void say_problems(const std::vector<DataProblem>& problems) {
  std::set<std::string> said;
  for (const DataProblem& problem : problems) {
    if (problem.level == ProblemLevel::note || !said.insert(to_text(problem)).second) continue;
    std::cerr << "maskscope: " << to_text(problem) << '\n';
  }
}

}  // namespace

int mask(const Arguments& arguments) {
  CLI::App app("Prints the masks of the given inputs and scheme as JSON (docs/mask-json.md), or writes them as .npz (docs/dumps.md).", "mask");
  SharedOptions shared;
  add_shared_options(app, shared);
  std::string output, format = "json";
  std::optional<std::string> tokens, waterfall;
  app.add_option("--tokens", tokens, "JSON file of token ids instead of pictures and texts: {\"caption\": [7592, 2088], \"metadata\": [[11], [12, 13]], \"t5_caption\": {\"rows\": 20}, \"tok_rgb@224\": []}; "
                                     "a list of lists is masked in chunks, [] for a grid means unknown ids, what is not named is absent")
      ->type_name("F");
  AttentionOptions attention_options;
  bool is_attention_wanted = false, is_shared = false;
  app.add_flag("--attention", is_attention_wanted, "also print the decoder's full attention mask, one row of 0 (may attend) and 1 per slot");
  app.add_flag("--causal", attention_options.is_causal, "with --attention: causal (decoder_causal_mask of the reference)");
  app.add_flag("--shared", is_shared, "with --attention: modalities see each other (decoder_sep_mask off)");
  app.add_option("-o,--output", output, "file to write; standard output if not given")->type_name("F");
  app.add_option("--format", format, "json, or npz: the arrays as a training loop would save them (docs/dumps.md), into the file of -o")
      ->check(CLI::IsMember({"json", "npz"}));
  app.add_option("--waterfall", waterfall, "also write what became of the budgets, per modality and side, as CSV (docs/waterfall.md)")->type_name("F");
  if (const auto code = parse(app, arguments)) return *code;

  const bool is_npz = format == "npz";
  if (is_npz && (output.empty() || output == "-")) throw Error("--format npz: an .npz is no text for the terminal. Give -o FILE too.");
  if (is_npz && is_attention_wanted) throw Error("--format npz and --attention: a loader's batch has no full attention mask. Leave one of them out.");
  if (!is_attention_wanted && (attention_options.is_causal || is_shared)) {
    throw Error("--causal and --shared say which attention mask is printed. Give --attention too.");
  }
  attention_options.is_separate = !is_shared;
  const auto attention = is_attention_wanted ? std::optional(attention_options) : std::nullopt;
  const auto write = [&](const MaskedFrame& frame) {
    if (is_npz) write_npz(output, npz_members(frame));
    else write_output(masks_to_json(frame, attention), output);
    if (waterfall) write_whole_file(*waterfall, waterfall_csv(frame.waterfall, frame.scheme), "the budgets");
  };
  if (tokens) {
    write(mask_token_file(shared, *tokens));
    return exit_fine;
  }
  std::shared_ptr<OpenDataset> opened;
  const Document document = make_document(shared, &opened);
  Session session(make_backend(shared), document, opened);
  session.settle();
  for (const Message& message : session.messages()) std::cerr << "maskscope: " << message.sentence << '\n';
  std::vector<DataProblem> problems = session.frame().inputs->problems;
  if (const auto& dataset = session.frame().inputs->dataset) {
    const auto whole = dataset->dataset_problems();
    problems.insert(problems.end(), whole->begin(), whole->end());
  }
  say_problems(problems);
  write(session.frame());
  return exit_fine;
}

}  // namespace maskscope::commands
