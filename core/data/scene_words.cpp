#include "core/data/scene_words.h"

#include <algorithm>
#include <cmath>

namespace maskscope::scene {
namespace {

std::string with_article(std::string_view words) {
  const bool has_vowel = std::string_view("aeiou").find(words.front()) != std::string_view::npos;
  return (has_vowel ? "an " : "a ") + std::string(words);
}

std::string phrase_of(const DemoObject& object) {
  const std::string_view name = demo_class(object.class_id).name;
  if (object.colour == name) return with_article(name);  // an orange
  if (name == "ball") return with_article(object.colour + " and white ball");  // its panels alternate
  return with_article(object.colour + " " + std::string(name));
}

// The relation of two objects, a's box being to the left of b's.
std::string_view relation_of(const DemoObject& a, float depth_a, const DemoObject& b, float depth_b) {
  constexpr float clearly_deeper = 0.08f;  // metres
  const float shared = std::min(a.x1, b.x1) - std::max(a.x0, b.x0);
  if (shared > 0 && depth_a > depth_b + clearly_deeper) return " behind ";
  if (shared > 0 && depth_b > depth_a + clearly_deeper) return " in front of ";
  return std::fabs(depth_a - depth_b) < clearly_deeper ? " beside " : " to the left of ";
}

int bin_of(float coordinate) {
  // Round half to even, whatever the rounding mode of the processor.
  const double scaled = static_cast<double>(coordinate) * 999;
  const double below = std::floor(scaled), rest = scaled - below;
  const int bin = static_cast<int>(below);
  return rest > 0.5 || (rest == 0.5 && bin % 2 == 1) ? bin + 1 : bin;
}

}  // namespace

std::string caption_of(const std::vector<DemoObject>& objects, const std::vector<float>& depths,
                       std::string_view floor, std::string_view wall_colour) {
  // Neighbours are told in pairs; an odd one remains alone at the end.
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < objects.size(); i += 2) {
    std::string part = phrase_of(objects[i]);
    if (i + 1 < objects.size()) {
      part += relation_of(objects[i], depths[i], objects[i + 1], depths[i + 1]);
      part += phrase_of(objects[i + 1]);
    }
    parts.push_back(std::move(part));
  }
  std::string caption;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) caption += i + 1 == parts.size() ? " and " : ", ";
    caption += parts[i];
  }
  return caption + " on " + with_article(std::string(floor) + " floor") + " by " +
         with_article(std::string(wall_colour) + " wall");
}

std::string detections_of(const std::vector<DemoObject>& objects) {
  std::vector<DemoObject> named;
  for (const DemoObject& object : objects) {
    if (!demo_class(object.class_id).coco_class.empty()) named.push_back(object);
  }
  std::stable_sort(named.begin(), named.end(), [](const DemoObject& a, const DemoObject& b) {
    return a.x0 * a.x0 + a.y0 * a.y0 < b.x0 * b.x0 + b.y0 * b.y0;
  });
  std::string text;
  for (const DemoObject& object : named) {
    if (!text.empty()) text += ' ';
    int number = 0;
    for (const float coordinate : {object.x0, object.y0, object.x1, object.y1}) {
      text += 'v' + std::to_string(number++) + '=' + std::to_string(bin_of(coordinate)) + ' ';
    }
    text += demo_class(object.class_id).coco_class;
  }
  return text;
}

}  // namespace maskscope::scene
