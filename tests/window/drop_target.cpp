// The smallest window that takes drops, to test xdnd_source and close_window by: prints "dropped PATH" for
// every file and "closed" when it is asked to close. Ends by itself after 30 s.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cstdio>

int main() {
  if (!glfwInit()) return 2;
  glfwWindowHint(GLFW_CLIENT_API, GLFW_NO_API);
  GLFWwindow* window = glfwCreateWindow(320, 240, "drop target", nullptr, nullptr);
  if (!window) return 2;
  glfwSetDropCallback(window, [](GLFWwindow*, int count, const char** paths) {
    for (int i = 0; i < count; ++i) std::printf("dropped %s\n", paths[i]);
    std::fflush(stdout);
  });
  while (!glfwWindowShouldClose(window) && glfwGetTime() < 30) glfwWaitEventsTimeout(1.0);
  if (glfwWindowShouldClose(window)) std::printf("closed\n");
  glfwTerminate();
  return 0;
}
