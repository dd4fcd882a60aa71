// The six chapters, in both languages.
#pragma once

#include <string>

#include "app/i18n/translate.h"
#include "app/lesson_text.h"

namespace maskscope {

constexpr int num_lessons = 6;

// Reads the file at first use. chapter: 0 .. num_lessons - 1. Throws Error naming file and line when it is missing or broken. The
// lesson lives as long as the program.
const Lesson& lesson(int chapter, Language language);

// Every character of the chapters in that language, for the fonts. A chapter that can't be read adds none: whoever opens it is told.
const std::string& lesson_characters(Language language);

}  // namespace maskscope
