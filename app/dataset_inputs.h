// The part of load_inputs that concerns data sets and configurations.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/document.h"
#include "app/open_dataset.h"

namespace maskscope {

// inputs.config, as inputs.spec names it: taken from previous (may be null) where it is the same file. Throws Error.
void load_config(Inputs& inputs, const Inputs* previous);

// What is wrong with a configuration whose data are not shown: theirs, and that the data are not here.
std::vector<DataProblem> config_problems(const LoadedConfig& config, const DatasetSpec& spec);

// The sample of the data set that the document names. As load_inputs; inputs: spec, tokenizer and config are set.
std::shared_ptr<const Inputs> load_dataset_sample(const Document& document, std::shared_ptr<Inputs> inputs,
                                                  const std::shared_ptr<const Inputs>& previous,
                                                  std::stop_token stop);

// The sample of the dumped batch that the document names. As load_dataset_sample.
std::shared_ptr<const Inputs> load_dump_sample(const Document& document, std::shared_ptr<Inputs> inputs, const std::shared_ptr<const Inputs>& previous);

// How the document's sample is loaded; for another one: for_sample.
SampleRequest sample_request(const Document& document, const std::shared_ptr<const TextTokenizer>& tokenizer);

// A scheme for whatever a data set holds, where no configuration says more: every modality that 4M knows, symmetric alphas.
// Throws Error when there is none.
Scheme scheme_of_dataset(const std::vector<std::string>& modalities, const std::string& title);

}  // namespace maskscope
