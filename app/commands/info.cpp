#include <GLFW/glfw3.h>
#include <imgui.h>

#include <iostream>

#include "app/commands/commands.h"
#include "app/commands/options.h"
#include "app/render/offscreen_target.h"
#include "app/resources.h"
#include "core/draw.h"
#include "core/error.h"
#include "kernels/map_sharing.h"

namespace maskscope::commands {
namespace {

struct OpenGlFacts {
  std::string sentence;
  MapSharing sharing;
};

// Of a context without a display; the window's may be another GPU's, and asks for itself.
OpenGlFacts look_at_opengl() {
  try {
    const OffscreenTarget target(16, 16);
    return {target.description() + ", without a display", find_map_sharing(target.description())};
  } catch (const Error& error) {
    return {error.what(), find_map_sharing("")};
  }
}

void line(const char* name, const std::string& value) {
  std::cout << name;
  for (std::size_t i = std::string_view(name).size(); i < 16; ++i) std::cout << ' ';
  std::cout << value << '\n';
}

}  // namespace

int info(const Arguments& arguments) {
  CLI::App app("Versions, OpenGL, GPU, and which backend is used and why.", "info");
  if (const auto code = parse(app, arguments)) return *code;

  const CudaStatus cuda = cuda_status();
  line("maskscope", cat(MASKSCOPE_VERSION, ", draw naming ", draw_naming_version));
  line("backend", maskscope::make_backend(BackendChoice::automatic, 0)->info().description);
  line("CUDA", cuda.is_usable ? cat("used: ", cuda.device_name) : cat("not used: ", cuda.reason));
  line("CUDA runtime", cuda.runtime_version.empty() ? "none in this build" : cuda.runtime_version);
  line("CUDA driver", cuda.driver_version.empty() ? "none" : cuda.driver_version);
  const OpenGlFacts opengl = look_at_opengl();
  line("OpenGL", opengl.sentence);
  line("frequency maps", opengl.sharing.sentence());
  line("GLFW", glfwGetVersionString());
  line("Dear ImGui", IMGUI_VERSION);
  std::string folders;
  for (const auto& root : resource_roots()) folders += (folders.empty() ? "" : ", ") + root.string();
  line("resources", folders);
  return exit_fine;
}

}  // namespace maskscope::commands
