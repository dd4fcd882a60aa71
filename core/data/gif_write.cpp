#include "core/data/gif_write.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include <gif_lib.h>

#include "core/error.h"

namespace maskscope {
namespace {

constexpr int longest_delay = 65535;

int append(GifFileType* file, const GifByteType* bytes, int count) {
  auto& out = *static_cast<std::string*>(file->UserData);
  if (out.size() + static_cast<std::size_t>(count) > max_gif_bytes) return 0;
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
  return count;
}

struct MapDeleter {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};

// The nearest colours of a palette, remembered.
class ColourIndex {
 public:
  explicit ColourIndex(std::vector<GifColour> palette) : palette_(std::move(palette)) {}

  std::uint8_t of(const std::uint8_t* rgb) {
    const std::uint32_t key = std::uint32_t{rgb[0]} << 16 | std::uint32_t{rgb[1]} << 8 | rgb[2];
    if (key == last_key_) return last_;
    const auto [place, is_new] = known_.try_emplace(key, std::uint8_t{0});
    if (is_new) place->second = nearest(rgb);
    last_key_ = key;
    return last_ = place->second;
  }
  const std::vector<GifColour>& palette() const { return palette_; }

 private:
  std::uint8_t nearest(const std::uint8_t* rgb) const {
    int best = std::numeric_limits<int>::max();
    std::size_t index = 0;
    for (std::size_t i = 0; i < palette_.size(); ++i) {
      const int r = rgb[0] - palette_[i][0], g = rgb[1] - palette_[i][1], b = rgb[2] - palette_[i][2];
      const int distance = 3 * r * r + 4 * g * g + 2 * b * b;  // about as the eye weighs them
      if (distance < best) best = distance, index = i;
    }
    return static_cast<std::uint8_t>(index);
  }

  std::vector<GifColour> palette_;
  std::unordered_map<std::uint32_t, std::uint8_t> known_;
  std::uint32_t last_key_ = ~std::uint32_t{0};
  std::uint8_t last_ = 0;
};

}  // namespace

struct GifWriter::State {
  int width, height;
  ColourIndex colours;
  std::string bytes;
  GifFileType* file = nullptr;
  std::vector<std::uint8_t> shown;   // indices on the screen after the frame that waits
  std::vector<std::uint8_t> pixels;  // of the frame that waits, for it may last longer than known
  int left = 0, top = 0, frame_width = 0, frame_height = 0, delay = 0;
  int num_written = 0;
  bool has_waiting = false;

  State(int w, int h, std::vector<GifColour> palette) : width(w), height(h), colours(std::move(palette)) {}
  ~State() {
    int ignored = 0;
    if (file) EGifCloseFile(file, &ignored);
  }

  // "As before": the index after the palette's.
  int unchanged() const { return static_cast<int>(colours.palette().size()); }

  void check(int result) const {
    if (result == GIF_OK) return;
    throw Error(cat("The animation can't be written: it would be larger than ", max_gif_bytes >> 20, " MB. Make it smaller, shorter or of fewer frames a second."));
  }

  void open() {
    int failure = 0;
    file = EGifOpen(&bytes, append, &failure);
    if (!file) throw Error("The animation can't be written: the GIF library could not start. Save a PNG instead.");
    EGifSetGifVersion(file, true);
    int size = 2;
    while (size < unchanged() + 1) size *= 2;
    const std::unique_ptr<ColorMapObject, MapDeleter> map(GifMakeMapObject(size, nullptr));
    if (!map) throw Error("The animation can't be written: there is no memory left.");
    for (std::size_t i = 0; i < colours.palette().size(); ++i) {
      const GifColour& colour = colours.palette()[i];
      map->Colors[i] = {colour[0], colour[1], colour[2]};
    }
    check(EGifPutScreenDesc(file, width, height, 8, 0, map.get()));
    check(EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE));
    check(EGifPutExtensionBlock(file, 11, "NETSCAPE2.0"));
    const std::array<GifByteType, 3> for_ever = {1, 0, 0};
    check(EGifPutExtensionBlock(file, static_cast<int>(for_ever.size()), for_ever.data()));
    check(EGifPutExtensionTrailer(file));
  }

  void write_waiting() {
    if (!has_waiting) return;
    has_waiting = false;
    const GraphicsControlBlock control{DISPOSE_DO_NOT, false, delay, num_written == 0 ? NO_TRANSPARENT_COLOR : unchanged()};
    std::array<GifByteType, 4> packed{};
    EGifGCBToExtension(&control, packed.data());
    check(EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(packed.size()), packed.data()));
    check(EGifPutImageDesc(file, left, top, frame_width, frame_height, false, nullptr));
    for (int y = 0; y < frame_height; ++y) {
      check(EGifPutLine(file, pixels.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(frame_width), frame_width));
    }
    ++num_written;
  }

  // Leaves in pixels what differs from what is shown. False if nothing does.
  bool take_difference(const std::vector<std::uint8_t>& next) {
    int low_x = width, low_y = height, high_x = -1, high_y = -1;
    for (int y = 0; y < height; ++y) {
      const auto row = static_cast<std::ptrdiff_t>(y) * width;
      const auto before = shown.cbegin() + row, now = next.cbegin() + row;
      const auto first = std::mismatch(before, before + width, now).first;
      if (first == before + width) continue;
      int last = width - 1;
      while (before[last] == now[last]) --last;
      low_x = std::min(low_x, static_cast<int>(first - before));
      high_x = std::max(high_x, last);
      low_y = std::min(low_y, y);
      high_y = y;
    }
    if (high_x < 0) return false;
    write_waiting();
    left = low_x, top = low_y, frame_width = high_x - low_x + 1, frame_height = high_y - low_y + 1;
    pixels.clear();
    for (int y = low_y; y <= high_y; ++y) {
      for (int x = low_x; x <= high_x; ++x) {
        const auto at = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
        pixels.push_back(next[at] == shown[at] ? static_cast<std::uint8_t>(unchanged()) : next[at]);
      }
    }
    return true;
  }
};

GifWriter::GifWriter(int width, int height, std::vector<GifColour> palette) {
  if (width < 1 || height < 1 || width > max_gif_side || height > max_gif_side) {
    throw Error(cat("An animation of ", width, " x ", height, " pixels was asked for; each side must be 1 to ", max_gif_side, "."));
  }
  state_ = std::make_unique<State>(width, height, std::move(palette));
  state_->open();
}

GifWriter::~GifWriter() = default;

void GifWriter::add(std::span<const std::uint8_t> rgb, int delay) {
  State& state = *state_;
  std::vector<std::uint8_t> next(static_cast<std::size_t>(state.width) * static_cast<std::size_t>(state.height));
  for (std::size_t i = 0; i < next.size(); ++i) next[i] = state.colours.of(rgb.data() + 3 * i);
  if (state.shown.empty()) {
    state.frame_width = state.width;
    state.frame_height = state.height;
    state.pixels = next;
  } else if (!state.take_difference(next) && state.delay + delay <= longest_delay) {
    state.delay += delay;
    return;
  }
  state.write_waiting();
  state.shown = std::move(next);
  state.delay = delay;
  state.has_waiting = true;
}

std::string GifWriter::finish() {
  State& state = *state_;
  state.write_waiting();
  int failure = 0;
  state.check(EGifCloseFile(std::exchange(state.file, nullptr), &failure));
  return std::move(state.bytes);
}

int GifWriter::num_frames() const { return state_->num_written + (state_->has_waiting ? 1 : 0); }

}  // namespace maskscope
