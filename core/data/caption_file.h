// Captions: a text, a list of texts, or objects with a "caption". As CaptionTransform in fourm/data/modality_transforms.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/data/python_json.h"
#include "core/transform_draws.h"

namespace maskscope {

// How a caption is taken from a list: the one of the crop, or of the picture where there are no crops (0), or a drawn one.
struct CaptionChoice {
  bool is_aligned = true;
  int crop_row = 0;
};

// The content of a .txt. has_universal_newlines: "\r\n" and "\r" become "\n", as when Python opens a text file (folders; in
// shards they stay). A byte order mark stays. Throws ContentError: not UTF-8.
std::string caption_of_text(std::string_view bytes, bool has_universal_newlines);

// Throws ContentError: a list too short for the crop, no text.
std::string caption_of_json(const PythonJson& file, const CaptionChoice& choice, TransformDraws& draws);

}  // namespace maskscope
