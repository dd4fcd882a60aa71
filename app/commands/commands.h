// The subcommands. Each parses its own arguments (argv[0] is the command's name) and returns the exit code:
// 0 fine, 1 problems found, 2 wrong usage or unreadable input. What programs read goes to stdout, the rest to stderr.
#pragma once

#include <string>
#include <vector>

namespace maskscope::commands {

constexpr int exit_fine = 0;
constexpr int exit_problems = 1;
constexpr int exit_usage = 2;

using Arguments = std::vector<std::string>;  // without program and command name

int view(const Arguments& arguments);
int mask(const Arguments& arguments);
int diff(const Arguments& arguments);
int render(const Arguments& arguments);
int bench(const Arguments& arguments);
int info(const Arguments& arguments);

// Dispatches: maskscope [COMMAND] ARGUMENTS…; without a command name it is view. Catches every Error.
int run(const Arguments& arguments);

}  // namespace maskscope::commands
