// What is wrong with a data set or a configuration: where, what was found and expected, and what the reference's loader
// makes of the same files without a word.
#pragma once

#include <cstdint>
#include <string>

namespace maskscope {

enum class ProblemLevel : std::uint8_t {
  note,     // worth knowing: nothing is lost
  warning,  // training goes on, with something else than the files seem to say
  error,    // something can't be read or used
};

struct DataProblem {
  ProblemLevel level = ProblemLevel::error;
  std::string file;      // shard, data file or configuration file; empty: none in particular
  std::string key;       // of the sample; empty: all of the file
  std::string modality;  // empty: none in particular
  std::string sentence;  // what was found, what was expected, what to do: whole sentences
  std::string reference; // what the reference does with it, a whole sentence; empty: the same as this program
  bool operator==(const DataProblem&) const = default;
};

// "shard-00000.tar, key 000000001, modality det: <sentence> The reference: <reference>"
std::string to_text(const DataProblem& problem);
// "The reference: Skips the rest of the shard."; empty without such a sentence.
std::string reference_text(const DataProblem& problem);

}  // namespace maskscope
