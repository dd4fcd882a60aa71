// Owners of OpenGL objects: move-only, deleted with their owner. The context they were made in must be current
// whenever one is made or destroyed. Only for files of app/render.
#pragma once

#include <string>
#include <utility>

#include <epoxy/gl.h>

namespace maskscope::gl {

template <class Kind>
class Object {
 public:
  Object() = default;  // owns nothing: name 0
  static Object make() { return Object(Kind::create()); }
  ~Object() { reset(); }
  Object(Object&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
  Object& operator=(Object&& other) noexcept {
    if (this != &other) {
      reset();
      name_ = std::exchange(other.name_, 0);
    }
    return *this;
  }
  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;

  GLuint name() const { return name_; }
  void reset() {
    if (name_ != 0) Kind::destroy(name_);
    name_ = 0;
  }

 private:
  explicit Object(GLuint name) : name_(name) {}
  GLuint name_ = 0;
};

template <auto& Generate>
GLuint generate() {
  GLuint name = 0;
  Generate(1, &name);
  return name;
}

struct TextureKind {
  static GLuint create() { return generate<glGenTextures>(); }
  static void destroy(GLuint name) { glDeleteTextures(1, &name); }
};
struct BufferKind {
  static GLuint create() { return generate<glGenBuffers>(); }
  static void destroy(GLuint name) { glDeleteBuffers(1, &name); }
};
struct VertexArrayKind {
  static GLuint create() { return generate<glGenVertexArrays>(); }
  static void destroy(GLuint name) { glDeleteVertexArrays(1, &name); }
};
struct FramebufferKind {
  static GLuint create() { return generate<glGenFramebuffers>(); }
  static void destroy(GLuint name) { glDeleteFramebuffers(1, &name); }
};
struct ProgramKind {
  static GLuint create() { return glCreateProgram(); }
  static void destroy(GLuint name) { glDeleteProgram(name); }
};

using Texture = Object<TextureKind>;
using Buffer = Object<BufferKind>;
using VertexArray = Object<VertexArrayKind>;
using Framebuffer = Object<FramebufferKind>;
using Program = Object<ProgramKind>;

// Compiles and links two files of the program's resources ("shaders/token.vert"). Throws Error with the driver's log.
Program load_program(const std::string& vertex_file, const std::string& fragment_file);

// Throws Error naming the version found when the current context is older than OpenGL 3.3.
void require_version_3_3();
// "OpenGL 4.5, llvmpipe (LLVM 15.0.6)" of the current context.
std::string description();
// The sentence for a context that can't be had: the version found, if known, and what to do.
std::string too_old_message(const std::string& found);

}  // namespace maskscope::gl
