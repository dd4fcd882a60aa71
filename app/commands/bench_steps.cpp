#include "app/commands/bench_steps.h"

#include <cmath>
#include <memory>
#include <optional>

#include "app/commands/screen.h"
#include "app/render/offscreen_target.h"
#include "kernels/bench/layouts.h"

namespace maskscope::commands {
namespace {

constexpr int window_width = 1600, window_height = 900;
constexpr int slots = 256;  // N = M
constexpr FrameLimits limits{.build_ms = 4.0, .ratio = 6.0};

// The 4M-21 layout with grids of input_size pixels and patches of patch_size.
Scheme scheme_of(int input_size, int patch_size) {
  Scheme scheme = preset_scheme("4m-21");
  for (SchemeModality& entry : scheme.modalities) {
    const std::string& name = entry.modality.name;
    const std::size_t at = name.find('@');
    if (at == std::string::npos || entry.modality.kind != ModalityKind::img) continue;
    if (const auto resized = builtin_modality(cat(name.substr(0, at), '@', input_size), patch_size)) entry.modality = *resized;
  }
  scheme.input_tokens = {slots, slots};
  scheme.target_tokens = TokenRange{slots, slots};
  scheme.encoder_slots = scheme.decoder_slots = slots;
  return scheme;
}

// A sample with every modality of the scheme, masked with another seed whenever it is asked for, over the bundled scene's pictures.
class LargeSample {
 public:
  LargeSample(const SharedOptions& shared, int input_size, int patch_size) : backend_(make_backend(shared)), document_(default_document()) {
    document_.scheme = scheme_of(input_size, patch_size);
    session_.emplace(make_backend(shared), document_);
    const Sample sample = made_up_samples(document_.scheme, TextLength::typical).front();
    auto inputs = std::make_shared<Inputs>(*session_->frame().inputs);
    std::erase_if(inputs->contents, [](const ModalityContent& content) { return !content.picture; });
    const auto pictures = inputs->contents;
    for (std::size_t m = 0; m < sample.modalities.size(); ++m) {
      const Modality& info = document_.scheme.modalities[m].modality;
      tokens_[info.name] = sample.modalities[m];
      if (info.kind == ModalityKind::img && !inputs->find(info.name)) {
        inputs->contents.push_back({.modality = info.name, .picture = pictures[m % pictures.size()].picture, .text = nullptr, .tokens = nullptr});
      }
    }
    inputs_ = std::move(inputs);
    mask();
  }

  // So that nothing can be kept from the last frame.
  void mask() {
    ++document_.seed;
    frame_ = mask_tokens(document_, tokens_, "bench", inputs_->tokenizer->vocabulary(),
                         [this](const MaskingPlan& plan, const PackedSamples& samples, DrawRange draws, MaskedBatch& batch) { backend_->run(plan, samples, draws, batch); });
    frame_.inputs = inputs_;
  }
  Session& session() { return *session_; }
  const MaskedFrame& frame() const { return frame_; }

 private:
  std::unique_ptr<Backend> backend_;
  Document document_;
  std::optional<Session> session_;
  NamedTokens tokens_;
  std::shared_ptr<const Inputs> inputs_;
  MaskedFrame frame_;
};

// Draws the sample at a step, in turn with an empty window.
class StepBench {
 public:
  StepBench(LargeSample& sample, int width, int height)
      : sample_(sample), width_(width), height_(height), target_(width, height), screen_(sample.session(), gui_) {
    Look look;
    look.ui_text = screen_.ui_text();
    look.extra_text = screen_.extra_text();
    gui_.set_look(look);
    screen_.show(&sample.frame());
  }

  void draw(float position, FrameSeconds& seconds) {
    sample_.mask();
    screen_.view().steps.position = position;
    const auto start = Clock::now();
    const double used = cpu_seconds();  // other programs don't disturb it
    gui_.begin_frame(width_, height_, 1.0f / 60.0f);
    screen_.draw(gui_, true, 1.0f / 60.0f);
    gui_.end_frame();
    seconds.build.push_back(cpu_seconds() - used);
    gui_.render();
    static_cast<void>(target_.read_pixels());
    seconds.whole.push_back(seconds_since(start));
  }
  void draw_empty(FrameSeconds& seconds) {
    const auto start = Clock::now();
    gui_.begin_frame(width_, height_, 1.0f / 60.0f);
    draw_empty_imgui_window();
    gui_.end_frame();
    gui_.render();
    static_cast<void>(target_.read_pixels());
    seconds.empty.push_back(seconds_since(start));
  }

  // At every position in turn.
  BenchJson measure(const std::vector<float>& positions, int frames) {
    FrameSeconds seconds;
    for (const float position : positions) {
      draw(position, seconds);
      draw_empty(seconds);
    }
    seconds = {};
    int least_moving = 1 << 30;
    for (int frame = 0; frame < frames; ++frame) {
      draw(positions[static_cast<std::size_t>(frame) % positions.size()], seconds);
      least_moving = std::min(least_moving, screen_.main_view().step_bar().num_travelling());
      draw_empty(seconds);
    }
    BenchJson json = {{"tokens_on_their_way", least_moving}};
    json.update(summary(seconds, "reading the pixels back", width_, height_, limits));
    return json;
  }

 private:
  LargeSample& sample_;
  int width_, height_;
  OffscreenTarget target_;
  GuiRenderer gui_;
  Screen screen_;
};

// All steps again and again. Everything there is to allocate was allocated in the first round.
BenchJson watch_memory(LargeSample& sample, int frames) {
  StepBench bench(sample, 640, 400);
  FrameSeconds seconds;
  constexpr int round = 101;
  const auto draw = [&](int frame) {
    seconds = {};
    bench.draw(1.0f + static_cast<float>(frame % round) * 0.05f, seconds);
  };
  for (int frame = 0; frame < 2 * round; ++frame) draw(frame);
  const double before = memory_mb("VmRSS:");
  for (int frame = 0; frame < frames; ++frame) draw(frame);
  const double after = memory_mb("VmRSS:");
  return {{"frames", frames}, {"resident_before_mb", before}, {"resident_after_mb", after}, {"growth_bytes_per_frame", (after - before) * 1048576.0 / frames}};
}

}  // namespace

BenchJson measure_steps(const SharedOptions& shared, int frames, int memory_frames) {
  LargeSample usual(shared, 224, 16), large(shared, 476, 14);
  BenchJson json;
  json["4m-21-256"] = StepBench(usual, window_width, window_height).measure({num_steps}, frames);
  // In the middle between the steps every token is on its way.
  json["4m-21-256_moving"] = StepBench(usual, window_width, window_height).measure({3.5f, 4.5f}, frames);
  json["20000_tokens_moving"] = StepBench(large, window_width, window_height).measure({3.5f}, frames);
  json["memory"] = watch_memory(usual, memory_frames);
  return json;
}

}  // namespace maskscope::commands
