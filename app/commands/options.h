// Options shared by view, mask and render, and how they become a document and a backend.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/document.h"
#include "app/session.h"
#include "kernels/backend.h"

namespace maskscope::commands {

struct SharedOptions {
  std::vector<std::string> files;
  std::optional<std::string> image, text, text_file, tokenizer, random, transfer, data, config, config_dataset, sample, split;
  std::string scheme, backend = "auto", input_tokens, target_tokens, fit = "crop";
  std::vector<std::string> budgets;  // MODALITY=ENCODER,DECODER
  std::optional<std::uint64_t> scene;
  std::optional<std::uint64_t> seed, draw;
  std::optional<int> size, patch;
  int threads = 0;
};

void add_shared_options(CLI::App& app, SharedOptions& options);

// For options of floating point: CLI::Range lets nan pass.
CLI::Validator factor_between(double low, double high);

// Parses; on --help or wrong usage prints and returns the exit code, else nothing.
std::optional<int> parse(CLI::App& app, const std::vector<std::string>& arguments);

// Throws Error for values that make no sense together. With a data set this looks for its first sample, or the one named.
// opened: out, may be null: the data set, where it had to be opened to find the sample.
// extras: out, may be null: what the session among the files brings besides, if there is one.
Document make_document(const SharedOptions& options, std::shared_ptr<OpenDataset>* opened = nullptr, std::shared_ptr<SessionExtras>* extras = nullptr);
std::unique_ptr<Backend> make_backend(const SharedOptions& options);

// "128" or "64..256". Throws Error naming the option.
TokenRange parse_token_range(const std::string& text, const char* option);

}  // namespace maskscope::commands
