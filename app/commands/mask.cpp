#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "app/commands/commands.h"
#include "app/commands/mask_json.h"
#include "app/commands/options.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

void write_output(const std::string& content, const std::string& path) {
  if (path.empty() || path == "-") {
    std::cout << content << std::flush;
    if (!std::cout) throw Error("standard output: the masks could not be written. Check where it goes to (full disk, closed pipe).");
    return;
  }
  // Whole or not at all: what reads it must not find half a file. A device or pipe can only be written as it is.
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  const bool is_device = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  const std::string temporary = is_device ? path : path + ".part";
  std::ofstream out(temporary, std::ios::binary);
  out << content;
  out.close();
  if (is_device) {
    if (!out) throw Error(cat(path, ": the masks could not be written. Check that it has room and takes what is written."));
    return;
  }
  if (!out || std::rename(temporary.c_str(), path.c_str()) != 0) {
    std::remove(temporary.c_str());
    throw Error(cat(path, ": the masks could not be written. Check that the folder exists, is writable and has room."));
  }
}

}  // namespace

int mask(const Arguments& arguments) {
  CLI::App app("Prints the masks of the given inputs and scheme as JSON. The fields are described in docs/mask-json.md.", "mask");
  SharedOptions shared;
  add_shared_options(app, shared);
  std::string output;
  app.add_option("-o,--output", output, "file to write; standard output if not given")->type_name("F");
  if (const auto code = parse(app, arguments)) return *code;

  const Session session(make_backend(shared), make_document(shared));
  for (const Message& message : session.messages()) std::cerr << "maskscope: " << message.sentence << '\n';
  write_output(masks_to_json(session.frame()), output);
  return exit_fine;
}

}  // namespace maskscope::commands
