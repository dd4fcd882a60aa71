#include "tests/data/python_script.h"

#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tests/data/golden_file.h"

namespace maskscope::test {

bool run_python(const std::string& script, const std::string& modules, const std::string& arguments) {
  for (const std::string& python : {environment_or("MASKSCOPE_PYTHON", "python3"), std::string("/usr/bin/python3")}) {
    if (std::system(("'" + python + "' -c 'import " + modules + "' > /dev/null 2>&1").c_str()) != 0) continue;
    const std::string command = "'" + python + "' '" MASKSCOPE_SOURCE_DIR "/tests/data/" + script + "' " + arguments;
    if (std::system(command.c_str()) != 0) throw std::runtime_error(command + " failed");
    return true;
  }
  std::cout << "SKIPPED: no Python with " << modules << "; name one in MASKSCOPE_PYTHON\n";
  return false;
}

}  // namespace maskscope::test
