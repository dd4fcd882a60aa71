#include "app/lesson_question.h"

#include <algorithm>
#include <array>

namespace maskscope {
namespace {

constexpr std::array<std::string_view, 6> targets = {"encoder_token", "target_token", "discarded_token", "discarded_text", "sentinel", "ignored_slot"};

bool is_text(const MaskedFrame& frame, int modality) {
  return has_spans_in_decoder(frame.scheme.modalities[static_cast<std::size_t>(modality)].modality.kind);
}

Fate wanted_fate(std::string_view target) {
  return target == "encoder_token" ? Fate::encoder : target == "target_token" ? Fate::decoder : Fate::discarded;
}

std::optional<LessonPoint> first_sentinel(const MaskedFrame& frame) {
  const auto look = [&](int slots, auto token_in) -> std::optional<LessonPoint> {
    for (int slot = 0; slot < slots; ++slot) {
      const TokenIdentity token = token_in(frame.masks(), slot);
      if (token.is_valid() && origin::is_sentinel(token.origin) && is_text(frame, token.modality)) return LessonPoint{token};
    }
    return std::nullopt;
  };
  const auto in_encoder = look(frame.batch.encoder_slots, token_in_encoder_slot);
  return in_encoder ? in_encoder : look(frame.batch.decoder_slots, token_in_decoder_slot);
}

std::optional<LessonPoint> first_ignored(const MaskedFrame& frame) {
  for (const bool is_encoder : {true, false}) {
    const auto& ignored = is_encoder ? frame.batch.encoder_mask : frame.batch.decoder_mask;
    const auto found = std::find_if(ignored.begin(), ignored.end(), [](std::uint8_t bit) { return bit != 0; });
    if (found != ignored.end()) return LessonPoint{{}, is_encoder, static_cast<int>(found - ignored.begin())};
  }
  return std::nullopt;
}

}  // namespace

bool is_lesson_target(std::string_view name) { return std::find(targets.begin(), targets.end(), name) != targets.end(); }

bool is_hit(const MaskedFrame& frame, std::string_view target, const LessonPoint& point) {
  if (!point.token.is_valid()) {
    const auto& ignored = point.is_encoder_slot ? frame.batch.encoder_mask : frame.batch.decoder_mask;
    return target == "ignored_slot" && point.ignored_slot >= 0 && static_cast<std::size_t>(point.ignored_slot) < ignored.size() &&
           ignored[static_cast<std::size_t>(point.ignored_slot)] != 0;
  }
  if (!is_in_sample(frame.masks(), point.token)) return false;
  if (origin::is_sentinel(point.token.origin)) return target == "sentinel" && is_text(frame, point.token.modality);
  if (target == "sentinel" || target == "ignored_slot") return false;
  if (target == "discarded_text" && !is_text(frame, point.token.modality)) return false;
  const std::vector<Fate> fates = source_fates(frame.masks(), point.token.modality);
  const auto at = static_cast<std::size_t>(point.token.origin);
  return at < fates.size() && fates[at] == wanted_fate(target);
}

std::optional<LessonPoint> first_hit(const MaskedFrame& frame, std::string_view target) {
  if (target == "sentinel") return first_sentinel(frame);
  if (target == "ignored_slot") return first_ignored(frame);
  for (int m = 0; m < frame.scheme.num_modalities(); ++m) {
    if (target == "discarded_text" && !is_text(frame, m)) continue;
    const std::vector<Fate> fates = source_fates(frame.masks(), m);
    const auto found = std::find(fates.begin(), fates.end(), wanted_fate(target));
    if (found != fates.end()) return LessonPoint{{m, static_cast<std::int32_t>(found - fates.begin())}};
  }
  return std::nullopt;
}

int right_option(const LessonQuestion& question, const LessonValues& values) {
  int right = -1;
  for (std::size_t i = 0; i < question.options.size(); ++i) {
    if (!question.options[i].may_be_right || !values.holds(question.options[i].right_if)) continue;
    if (right >= 0) return -1;
    right = static_cast<int>(i);
  }
  return right;
}

int question_of(const LessonPage& page, const LessonValues& values) {
  const auto found = std::find_if(page.questions.begin(), page.questions.end(), [&](const LessonQuestion& question) { return values.holds(question.condition); });
  return found == page.questions.end() ? -1 : static_cast<int>(found - page.questions.begin());
}

}  // namespace maskscope
