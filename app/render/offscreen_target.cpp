#include "app/render/offscreen_target.h"

#include <array>
#include <string>
#include <string_view>

#include <epoxy/egl.h>

#include "app/render/gl_objects.h"
#include "app/render/pixels.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr const char* instead =
    " Install libegl1 and libgl1-mesa-dri (Debian, Ubuntu): Mesa's software renderer needs no graphics card.";

bool has_extension(const char* list, std::string_view name) {
  if (list == nullptr) return false;
  const std::string padded = cat(" ", list, " ");
  return padded.find(cat(" ", name, " ")) != std::string::npos;
}

bool can_initialize(EGLDisplay display) { return display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr) == EGL_TRUE; }

// A display of EGL without any screen. It belongs to the process and is never terminated: EGL gives every caller the same one.
EGLDisplay open_display() {
  if (!epoxy_has_egl()) throw Error(cat("No EGL library was found, which drawing without a display needs.", instead));
  const char* client = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  if (has_extension(client, "EGL_EXT_platform_base")) {
    if (has_extension(client, "EGL_MESA_platform_surfaceless")) {
      const EGLDisplay display = eglGetPlatformDisplayEXT(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
      if (can_initialize(display)) return display;
    }
    if (has_extension(client, "EGL_EXT_platform_device") && has_extension(client, "EGL_EXT_device_enumeration")) {
      std::array<EGLDeviceEXT, 16> devices{};
      EGLint found = 0;
      if (eglQueryDevicesEXT(static_cast<EGLint>(devices.size()), devices.data(), &found) == EGL_TRUE)
        for (EGLint i = 0; i < found; ++i) {
          const EGLDisplay display = eglGetPlatformDisplayEXT(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
          if (can_initialize(display)) return display;
        }
    }
  }
  throw Error(cat("EGL is there but offers neither a surfaceless display nor a device, so nothing can be drawn without a display.", instead));
}

// The version that can be had when 3.3 can't, for the sentence.
std::string version_available(EGLDisplay display, EGLConfig config) {
  const EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, nullptr);
  std::string found;
  if (context != EGL_NO_CONTEXT) {
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE) {
      const int version = epoxy_gl_version();
      found = cat("OpenGL ", version / 10, ".", version % 10);
      eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    }
    eglDestroyContext(display, context);
  }
  return found;
}

}  // namespace

struct OffscreenTarget::State {
  EGLDisplay display = EGL_NO_DISPLAY;
  EGLContext context = EGL_NO_CONTEXT;
  gl::Texture colour;
  gl::Framebuffer framebuffer;
  int width = 0, height = 0;

  State() {
    display = open_display();
    if (!has_extension(eglQueryString(display, EGL_EXTENSIONS), "EGL_KHR_surfaceless_context"))
      throw Error(cat("The EGL driver needs a surface for drawing (EGL_KHR_surfaceless_context is missing).", instead));
    if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) throw Error(cat("The EGL driver has OpenGL ES only, not OpenGL.", instead));
    const std::array<EGLint, 3> wanted = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
    std::array<EGLint, 5> wanted_pbuffer = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_NONE};
    EGLConfig config = nullptr;
    EGLint found = 0;
    if ((eglChooseConfig(display, wanted_pbuffer.data(), &config, 1, &found) != EGL_TRUE || found == 0) &&
        (eglChooseConfig(display, wanted.data(), &config, 1, &found) != EGL_TRUE || found == 0))
      throw Error(cat("The EGL driver has no configuration for OpenGL.", instead));
    const std::array<EGLint, 7> version = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 3,
                                           EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
    context = eglCreateContext(display, config, EGL_NO_CONTEXT, version.data());
    if (context == EGL_NO_CONTEXT) throw Error(gl::too_old_message(version_available(display, config)));
  }
  ~State() {
    if (context == EGL_NO_CONTEXT) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context);
    colour.reset();
    framebuffer.reset();
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(display, context);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

OffscreenTarget::OffscreenTarget(int width, int height) : state_(std::make_unique<State>()) { resize(width, height); }

OffscreenTarget::~OffscreenTarget() = default;

int OffscreenTarget::width() const { return state_->width; }
int OffscreenTarget::height() const { return state_->height; }

void OffscreenTarget::make_current() {
  if (eglMakeCurrent(state_->display, EGL_NO_SURFACE, EGL_NO_SURFACE, state_->context) != EGL_TRUE)
    throw Error(cat("The EGL driver refuses to use its own context.", instead));
  if (state_->framebuffer.name() != 0) glBindFramebuffer(GL_FRAMEBUFFER, state_->framebuffer.name());
}

void OffscreenTarget::resize(int width, int height) {
  if (width < 1 || height < 1 || width > max_side || height > max_side)
    throw Error(cat("A picture of ", width, " x ", height, " pixels was asked for; each side must be 1 to ", max_side, "."));
  make_current();
  gl::require_version_3_3();
  GLint driver_limit = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &driver_limit);
  if (width > driver_limit || height > driver_limit)
    throw Error(cat("A picture of ", width, " x ", height, " pixels was asked for; the graphics driver takes at most ", driver_limit, " per side."));
  State& state = *state_;
  state.colour = gl::Texture::make();
  glBindTexture(GL_TEXTURE_2D, state.colour.name());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  state.framebuffer = gl::Framebuffer::make();
  glBindFramebuffer(GL_FRAMEBUFFER, state.framebuffer.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, state.colour.name(), 0);
  if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
    throw Error(cat("The graphics driver can't draw into a picture of ", width, " x ", height, " pixels. Ask for a smaller one."));
  state.width = width;
  state.height = height;
  glViewport(0, 0, width, height);
}

void OffscreenTarget::wait() const { glFinish(); }

std::string OffscreenTarget::description() const { return gl::description(); }

PixelBuffer OffscreenTarget::read_pixels() const {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, state_->framebuffer.name());
  return read_framebuffer(state_->width, state_->height);
}

}  // namespace maskscope
