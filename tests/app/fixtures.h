// Sessions, files and captured output for the tests of the program.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/session.h"
#include "core/error.h"
#include "tests/data/image_fixtures.h"

namespace maskscope::test {

// On the CPU with one thread: the same everywhere.
Session make_session(const Document& document = default_document());
// Only a text, no picture: quick to load, and every number of it is easy to follow.
Document text_document(const std::string& text);
// Direct mode with these budgets for one modality; everything else gets nothing.
void set_only_budget(Document& document, const std::string& modality, int encoder, int decoder);
// The scene, so, with 64 input and 40 target tokens of the depth map.
Document depth_budget_document();

std::filesystem::path write_text(const ScratchFolder& folder, const std::string& name, std::string_view content);
// A 3 x 2 PNG.
std::filesystem::path write_png(const ScratchFolder& folder, const std::string& name);
std::string read_all(const std::filesystem::path& path);

// The sentence a call throws as maskscope::Error; "no error" when it returns.
template <class Call>
std::string sentence_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}
std::string last_sentence(const Session& session);

// What a command printed, and its exit code.
struct Outcome {
  int code = 0;
  std::string out;  // std::cout
  std::string err;  // std::cerr
};
Outcome run_command(const std::vector<std::string>& arguments);

// Sets an environment variable for a scope.
class ScopedVariable {
 public:
  ScopedVariable(const char* name, const char* value);  // nullptr: unset
  ~ScopedVariable();
  ScopedVariable(const ScopedVariable&) = delete;
  ScopedVariable& operator=(const ScopedVariable&) = delete;

 private:
  std::string name_, old_;
  bool was_set_ = false;
};

}  // namespace maskscope::test
