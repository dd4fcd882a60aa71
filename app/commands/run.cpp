#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <new>

#include "app/commands/commands.h"
#include "core/error.h"

namespace maskscope::commands {
namespace {

struct Command {
  const char* name;
  int (*function)(const Arguments&);
  const char* does;
};

constexpr Command all[] = {
    {"view", view, "open the window (the default)"},
    {"mask", mask, "print the masks of the given inputs and scheme as JSON, or write them as .npz"},
    {"diff", diff, "say where two .npz of masks differ (docs/dumps.md)"},
    {"render", render, "draw the window's content into a PNG, without any display"},
    {"bench", bench, "measure the speed of the stages, of the window and of reading a data set"},
    {"info", info, "versions, OpenGL, GPU, and which backend is used and why"},
};

void print_help() {
  std::cout << "maskscope " MASKSCOPE_VERSION
               " - shows which token goes where, and why, in 4M's token masking\n\n"
               "Usage: maskscope [COMMAND] [FILES] [OPTIONS]\n\n"
               "Without a command and without files the window opens on a bundled scene. FILES are pictures,\n"
               "UTF-8 texts, tokenizer.json, sessions, data sets of 4M (a folder, a .tar), configurations\n"
               "(.yaml) or dumped batches (.npz).\n\nCommands:\n";
  for (const Command& command : all) std::cout << "  " << std::left << std::setw(8) << command.name << ' ' << command.does << '\n';
  std::cout << "\n  -h, --help     this text; COMMAND --help for the options of a command\n"
               "  --version      the version\n\n"
               "Exit codes: 0 fine, 1 a difference was found, 2 wrong usage or unreadable input.\n\nExamples:\n"
               "  maskscope photo.jpg --text \"a red cube on a blue floor\"\n"
               "  maskscope mask --image photo.jpg --text \"a red cube\" --seed 7 > masks.json\n"
               "  maskscope --config data.yaml --data ROOT --sample 12\n"
               "  maskscope render --scheme rgb-to-all --seed 3 -o masks.png\n";
}

int dispatch(const Arguments& arguments) {
  if (!arguments.empty()) {
    const std::string& first = arguments.front();
    if (first == "-h" || first == "--help") {
      print_help();
      return exit_fine;
    }
    if (first == "--version") {
      std::cout << "maskscope " MASKSCOPE_VERSION "\n";
      return exit_fine;
    }
    for (const Command& command : all) {
      if (first == command.name) return command.function({arguments.begin() + 1, arguments.end()});
    }
    // A bare word that is no file is a mistyped command, not a picture that went missing.
    std::error_code ignored;
    if (first.find_first_of("-./\\") == std::string::npos && !std::filesystem::exists(first, ignored)) {
      throw Error(cat(first, ": neither a command nor a file here. Commands are view, mask, diff, render, bench and info; see maskscope --help."));
    }
  }
  return view(arguments);
}

}  // namespace

int run(const Arguments& arguments) {
  try {
    return dispatch(arguments);
  } catch (const Error& error) {
    std::cerr << "maskscope: " << error.what() << '\n';
  } catch (const std::bad_alloc&) {
    std::cerr << "maskscope: not enough memory. Close other programs, or open a smaller input.\n";
  } catch (const std::exception& failure) {
    std::cerr << "maskscope: unexpected failure: " << failure.what() << ". Please report it with what you did before.\n";
  }
  return exit_usage;
}

}  // namespace maskscope::commands
