// Drops files on a window as a file manager does: the source side of the XDND protocol, version 5
// (https://www.freedesktop.org/wiki/Specifications/XDND/). No tool of Debian can do this from a script.
//
//   xdnd_source WINDOW X Y FILE…    X, Y: pixels from the window's upper left corner
//
// Exit codes: 0 the target took the files, 1 it refused them or did not answer, 2 wrong usage.
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <poll.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace {

using Clock = std::chrono::steady_clock;
constexpr long xdnd_version = 5;
constexpr std::chrono::seconds patience{15};

// RFC 8089: everything but unreserved characters and the slash is percent-encoded.
std::string file_uri(const std::filesystem::path& path) {
  std::string uri = "file://";
  for (const char character : std::filesystem::absolute(path).lexically_normal().string()) {
    const auto byte = static_cast<unsigned char>(character);
    const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                          byte == '/' || byte == '-' || byte == '.' || byte == '_' || byte == '~';
    if (is_plain) {
      uri += character;
    } else {
      char encoded[4];
      std::snprintf(encoded, sizeof encoded, "%%%02X", byte);
      uri += encoded;
    }
  }
  return uri;
}

class XdndSource {
 public:
  XdndSource(Display* display, Window target, std::string uri_list)
      : display_(display), target_(target), uri_list_(std::move(uri_list)) {
    source_ = XCreateSimpleWindow(display_, DefaultRootWindow(display_), 0, 0, 1, 1, 0, 0, 0);
  }

  // x, y: pixels of the root window. Returns what went wrong, or nothing.
  std::optional<std::string> drop(int x, int y) {
    if (!target_is_aware()) return "the window does not take drops (no XdndAware property)";
    XSetSelectionOwner(display_, atom("XdndSelection"), source_, CurrentTime);

    send("XdndEnter", xdnd_version << 24, static_cast<long>(uri_list_type_), 0, 0);
    send("XdndPosition", 0, (static_cast<long>(x) << 16) | y, CurrentTime, static_cast<long>(atom("XdndActionCopy")));
    const std::optional<XClientMessageEvent> status = wait_for("XdndStatus");
    if (!status) return "no XdndStatus came from the window";
    if ((status->data.l[1] & 1) == 0) {
      send("XdndLeave", 0, 0, 0, 0);
      return "the window refuses the drop";
    }
    send("XdndDrop", 0, CurrentTime, 0, 0);
    const std::optional<XClientMessageEvent> finished = wait_for("XdndFinished");
    if (!finished) return "no XdndFinished came from the window";
    // By the protocol bit 0 says that the drop was accepted; GLFW 3.3 and 3.4 put the number of bytes received there.
    if (finished->data.l[1] == 0) return "the window says that the drop failed";
    return std::nullopt;
  }

 private:
  Atom atom(const char* name) const { return XInternAtom(display_, name, False); }

  bool target_is_aware() const {
    Atom type = None;
    int format = 0;
    unsigned long count = 0, bytes_left = 0;
    unsigned char* data = nullptr;
    XGetWindowProperty(display_, target_, atom("XdndAware"), 0, 1, False, XA_ATOM, &type, &format, &count, &bytes_left, &data);
    if (data) XFree(data);
    return type == XA_ATOM && count == 1;
  }

  // data.l[0] of every message of the source is the source window; the rest is given.
  void send(const char* message, long second, long third, long fourth, long fifth) {
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.display = display_;
    event.xclient.window = target_;
    event.xclient.message_type = atom(message);
    event.xclient.format = 32;
    const long values[5] = {static_cast<long>(source_), second, third, fourth, fifth};
    for (int i = 0; i < 5; ++i) event.xclient.data.l[i] = values[i];
    XSendEvent(display_, target_, False, NoEventMask, &event);
    XFlush(display_);
  }

  // Serves the target's request for the data while waiting for its message.
  std::optional<XClientMessageEvent> wait_for(const char* message) {
    const Atom wanted = atom(message);
    const auto deadline = Clock::now() + patience;
    while (Clock::now() < deadline) {
      while (XPending(display_) > 0) {
        XEvent event;
        XNextEvent(display_, &event);
        if (event.type == SelectionRequest) answer(event.xselectionrequest);
        if (event.type == ClientMessage && event.xclient.message_type == wanted) return event.xclient;
      }
      pollfd connection{ConnectionNumber(display_), POLLIN, 0};
      poll(&connection, 1, 100);
    }
    return std::nullopt;
  }

  void answer(const XSelectionRequestEvent& request) {
    XEvent reply{};
    reply.xselection.type = SelectionNotify;
    reply.xselection.requestor = request.requestor;
    reply.xselection.selection = request.selection;
    reply.xselection.target = request.target;
    reply.xselection.time = request.time;
    if (request.target == uri_list_type_) {
      reply.xselection.property = request.property;
      XChangeProperty(display_, request.requestor, request.property, uri_list_type_, 8, PropModeReplace,
                      reinterpret_cast<const unsigned char*>(uri_list_.data()), static_cast<int>(uri_list_.size()));
    }
    XSendEvent(display_, request.requestor, False, NoEventMask, &reply);
    XFlush(display_);
  }

  Display* display_;
  Window target_;
  Window source_ = None;
  std::string uri_list_;
  Atom uri_list_type_ = atom("text/uri-list");
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: xdnd_source WINDOW X Y FILE…\n");
    return 2;
  }
  Display* display = XOpenDisplay(nullptr);
  if (!display) {
    std::fprintf(stderr, "xdnd_source: cannot open the display\n");
    return 2;
  }
  const auto target = static_cast<Window>(std::strtoul(argv[1], nullptr, 0));
  std::string uri_list;
  for (int i = 4; i < argc; ++i) uri_list += file_uri(argv[i]) + "\r\n";

  int root_x = 0, root_y = 0;
  Window child = None;
  XTranslateCoordinates(display, target, DefaultRootWindow(display), std::atoi(argv[2]), std::atoi(argv[3]), &root_x, &root_y,
                        &child);
  const std::optional<std::string> problem = XdndSource(display, target, uri_list).drop(root_x, root_y);
  XCloseDisplay(display);
  if (problem) std::fprintf(stderr, "xdnd_source: %s\n", problem->c_str());
  return problem ? 1 : 0;
}
