#include "tests/app/fixtures.h"

#include <stdlib.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "app/commands/commands.h"

namespace maskscope::test {

Session make_session(const Document& document) { return Session(make_backend(BackendChoice::cpu, 1), document); }

Document text_document(const std::string& text) {
  Document document = default_document();
  document.inputs.picture = PictureSource::none;
  document.inputs.text = text;
  return document;
}

void set_only_budget(Document& document, const std::string& modality, int encoder, int decoder) {
  document.scheme.mode = BudgetMode::direct;
  for (SchemeModality& entry : document.scheme.modalities) {
    const bool is_named = entry.modality.name == modality;
    entry.direct_encoder_tokens = is_named ? encoder : 0;
    entry.direct_decoder_tokens = is_named ? decoder : 0;
  }
}

Document depth_budget_document() {
  Document document = default_document();
  set_only_budget(document, "tok_depth@224", 64, 40);
  return document;
}

std::filesystem::path write_text(const ScratchFolder& folder, const std::string& name, std::string_view content) {
  return folder.write(name, text(content));
}

std::filesystem::path write_png(const ScratchFolder& folder, const std::string& name) {
  const Data red_green_blue = {255, 0, 0, 0, 255, 0, 0, 0, 255};
  return folder.write(name, png(3, 8, 2, {red_green_blue, red_green_blue}));
}

std::string read_all(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string last_sentence(const Session& session) {
  return session.messages().empty() ? "" : session.messages().back().sentence;
}

namespace {

// Sends a stream to a text for a scope.
class Capture {
 public:
  explicit Capture(std::ostream& stream) : stream_(stream), old_(stream.rdbuf(text_.rdbuf())) {}
  ~Capture() { stream_.rdbuf(old_); }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  std::string str() const { return text_.str(); }

 private:
  std::ostream& stream_;
  std::ostringstream text_;
  std::streambuf* old_;
};

}  // namespace

Outcome run_command(const std::vector<std::string>& arguments) {
  const Capture out(std::cout), err(std::cerr);
  const int code = commands::run(arguments);
  return {code, out.str(), err.str()};
}

ScopedVariable::ScopedVariable(const char* name, const char* value) : name_(name) {
  if (const char* old = getenv(name)) {
    was_set_ = true;
    old_ = old;
  }
  value ? setenv(name, value, 1) : unsetenv(name);
}

ScopedVariable::~ScopedVariable() { was_set_ ? setenv(name_.c_str(), old_.c_str(), 1) : unsetenv(name_.c_str()); }

}  // namespace maskscope::test
