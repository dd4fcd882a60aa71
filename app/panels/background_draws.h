// Many draws of a frame's settings, counted by an engine of its own while a view shows them: they follow every edit, rest while
// nobody looks, and go on where they were left off.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "app/engine.h"
#include "app/panels/panel_context.h"

namespace maskscope {

class BackgroundDraws {
 public:
  // num_engines: how many of these a view has; they share the processor's cores.
  explicit BackgroundDraws(std::uint64_t usual_draws, int num_engines = 1) : usual_draws_(usual_draws), num_engines_(num_engines), wanted_draws_(usual_draws) {}

  // Every frame; the frame must have named draws where is_shown. New settings are drawn usual_draws times.
  void follow(const PanelContext& context, const MaskedFrame& frame, bool is_shown);
  // Until follow says otherwise.
  void rest();
  // By the user: neither is undone by looking away and back, only by new settings.
  void draw_until(std::uint64_t num_draws);
  void stop();

  bool is_drawing() const { return engine_ && engine_->is_drawing(); }
  std::uint64_t wanted_draws() const { return wanted_draws_; }
  // The newest result, null before the first, and whether it is of the present settings.
  std::shared_ptr<const DrawingResult> result() const { return engine_ ? engine_->result() : nullptr; }
  bool is_current(const DrawingResult& result) const { return result.number == number_; }

  // Waits until everything is drawn, or so many draws of the present settings: for pictures and tests.
  void settle() const;
  void wait_for(std::uint64_t draws) const;

 private:
  std::uint64_t usual_draws_;
  int num_engines_;
  std::unique_ptr<Engine> engine_;           // from the first time on that the view is shown
  std::optional<DrawingRequest> requested_;  // last
  std::uint64_t number_ = 0;                 // the engine's, of the request
  std::uint64_t wanted_draws_;
  bool is_resting_ = false;
  bool is_stopped_ = false;  // by the user
};

}  // namespace maskscope
