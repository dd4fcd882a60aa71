#include "app/lessons.h"

#include <array>
#include <map>
#include <memory>
#include <utility>

#include "app/resources.h"
#include "core/data/text_file.h"
#include "core/error.h"

namespace maskscope {
namespace {

constexpr std::array<const char*, num_lessons> names = {"1-token", "2-two-masks", "3-budgets", "4-spans", "5-packing", "6-attention"};

}  // namespace

const Lesson& lesson(int chapter, Language language) {
  static std::map<std::pair<int, Language>, std::unique_ptr<const Lesson>> read;
  if (const auto found = read.find({chapter, language}); found != read.end()) return *found->second;
  const auto path = resource_path(cat("assets/lessons/", language_code(language), '/', names.at(static_cast<std::size_t>(chapter)), ".md"));
  auto parsed = std::make_unique<const Lesson>(parse_lesson(read_text_file(path, max_lesson_bytes), path.string()));
  return *read.emplace(std::pair{chapter, language}, std::move(parsed)).first->second;
}

const std::string& lesson_characters(Language language) {
  static std::map<Language, std::string> characters;
  if (const auto found = characters.find(language); found != characters.end()) return found->second;
  std::string all;
  for (int chapter = 0; chapter < num_lessons; ++chapter) {
    try {
      all += lesson(chapter, language).text;
    } catch (const Error&) {
      continue;
    }
  }
  return characters.emplace(language, std::move(all)).first->second;
}

}  // namespace maskscope
