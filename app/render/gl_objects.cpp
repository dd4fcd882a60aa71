#include "app/render/gl_objects.h"

#include "app/resources.h"
#include "core/error.h"

namespace maskscope::gl {
namespace {

class Shader {
 public:
  Shader(GLenum kind, const std::string& file) : name_(glCreateShader(kind)) {
    const std::string source = read_resource(file, 1u << 20);
    const char* text = source.c_str();
    glShaderSource(name_, 1, &text, nullptr);
    glCompileShader(name_);
    GLint is_compiled = GL_FALSE;
    glGetShaderiv(name_, GL_COMPILE_STATUS, &is_compiled);
    if (is_compiled == GL_TRUE) return;
    std::string log(4096, '\0');
    GLsizei length = 0;
    glGetShaderInfoLog(name_, static_cast<GLsizei>(log.size()), &length, log.data());
    log.resize(static_cast<std::size_t>(length));
    glDeleteShader(name_);
    throw Error(cat(resource_path(file).string(), ": the graphics driver rejects this shader: ", log,
                    " Install maskscope again, or update the graphics driver (", description(), ")."));
  }
  ~Shader() { glDeleteShader(name_); }
  Shader(const Shader&) = delete;
  Shader& operator=(const Shader&) = delete;
  GLuint name() const { return name_; }

 private:
  GLuint name_;
};

std::string text_of(GLenum what) {
  const GLubyte* text = glGetString(what);
  return text != nullptr ? reinterpret_cast<const char*>(text) : "unknown";
}

}  // namespace

Program load_program(const std::string& vertex_file, const std::string& fragment_file) {
  const Shader vertex(GL_VERTEX_SHADER, vertex_file), fragment(GL_FRAGMENT_SHADER, fragment_file);
  Program program = Program::make();
  glAttachShader(program.name(), vertex.name());
  glAttachShader(program.name(), fragment.name());
  glLinkProgram(program.name());
  GLint is_linked = GL_FALSE;
  glGetProgramiv(program.name(), GL_LINK_STATUS, &is_linked);
  if (is_linked != GL_TRUE) {
    std::string log(4096, '\0');
    GLsizei length = 0;
    glGetProgramInfoLog(program.name(), static_cast<GLsizei>(log.size()), &length, log.data());
    log.resize(static_cast<std::size_t>(length));
    throw Error(cat(vertex_file, " and ", fragment_file, ": the graphics driver can't link these shaders: ", log,
                    " Install maskscope again, or update the graphics driver (", description(), ")."));
  }
  return program;
}

std::string description() { return cat("OpenGL ", text_of(GL_VERSION), ", ", text_of(GL_RENDERER)); }

std::string too_old_message(const std::string& found) {
  return cat(found.empty() ? "No OpenGL 3.3 context could be made" : found + " found, OpenGL 3.3 needed",
             ". Update the graphics driver, or set LIBGL_ALWAYS_SOFTWARE=1 to draw with Mesa's software renderer; "
             "maskscope mask, info and bench work without OpenGL.");
}

void require_version_3_3() {
  const int version = epoxy_gl_version();
  if (epoxy_is_desktop_gl() && version >= 33) return;
  throw Error(too_old_message(cat(epoxy_is_desktop_gl() ? "OpenGL " : "OpenGL ES ", version / 10, ".", version % 10, " (",
                                  text_of(GL_RENDERER), ")")));
}

}  // namespace maskscope::gl
