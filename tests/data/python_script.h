// Scripts of this folder, run by a Python that has what they import.
#pragma once

#include <string>

namespace maskscope::test {

// Runs tests/data/SCRIPT with arguments (quoted for a shell). False and a line "SKIPPED: …" when no Python has the modules,
// "numpy, PIL" for example (MASKSCOPE_PYTHON, python3, /usr/bin/python3 are tried). Throws std::runtime_error when it fails.
bool run_python(const std::string& script, const std::string& modules, const std::string& arguments);

}  // namespace maskscope::test
