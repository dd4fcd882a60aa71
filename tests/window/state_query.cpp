// Reads the file that the program writes for tests (MASKSCOPE_STATE_FILE).
//
//   state_query FILE POINTER        prints the value at a JSON pointer (RFC 6901): a string without quotes, an array of
//                                   plain values separated by spaces, everything else as JSON
//
// Exit codes: 0 printed, 1 the file or the value is not there (yet), 2 wrong usage.
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace {

std::string plain(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return value.dump();
  std::string line;
  for (const nlohmann::json& element : value) {
    if (!line.empty()) line += ' ';
    line += plain(element);
  }
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: state_query FILE POINTER\n");
    return 2;
  }
  std::ifstream file(argv[1]);
  if (!file) return 1;
  const nlohmann::json state = nlohmann::json::parse(file, nullptr, false);
  if (state.is_discarded()) {
    std::fprintf(stderr, "state_query: %s is not JSON: it is not replaced atomically\n", argv[1]);
    return 1;
  }
  const nlohmann::json::json_pointer pointer(argv[2]);
  if (!state.contains(pointer)) return 1;
  std::printf("%s\n", plain(state.at(pointer)).c_str());
  return 0;
}
