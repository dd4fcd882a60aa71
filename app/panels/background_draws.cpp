#include "app/panels/background_draws.h"

#include <utility>

namespace maskscope {
namespace {

bool has_settings_of(const DrawingRequest& request, const MaskedFrame& frame) {
  return request.seed == frame.seed && request.sample == frame.sample && request.scheme == frame.scheme && request.vocabulary == frame.vocabulary;
}

}  // namespace

void BackgroundDraws::follow(const PanelContext& context, const MaskedFrame& frame, bool is_shown) {
  if (!is_shown) return rest();
  if (!engine_) engine_ = std::make_unique<Engine>(background_backend(context.session.backend_info(), num_engines_), context.wake);
  const bool was_resting = std::exchange(is_resting_, false);
  if (!requested_ || !has_settings_of(*requested_, frame)) {
    wanted_draws_ = usual_draws_;
    requested_ = DrawingRequest{frame.scheme, frame.vocabulary, frame.sample, frame.seed, wanted_draws_};
    number_ = engine_->start(*requested_);
    is_stopped_ = false;
  } else if (was_resting && !is_stopped_) {
    engine_->draw_until(wanted_draws_);
  }
}

void BackgroundDraws::rest() {
  if (is_resting_ || !is_drawing()) return;
  engine_->stop();
  is_resting_ = true;
}

void BackgroundDraws::draw_until(std::uint64_t num_draws) {
  wanted_draws_ = num_draws;
  is_stopped_ = false;
  if (engine_) engine_->draw_until(num_draws);
}

void BackgroundDraws::stop() {
  if (engine_) engine_->stop();
  is_stopped_ = true;
}

void BackgroundDraws::settle() const {
  if (engine_) engine_->wait();
}

void BackgroundDraws::wait_for(std::uint64_t draws) const {
  if (engine_) engine_->wait_for(number_, draws);
}

}  // namespace maskscope
