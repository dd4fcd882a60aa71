#include "core/data/caption_file.h"

#include <cstddef>

#include "core/data/utf8.h"

namespace maskscope {

namespace {

constexpr const char* cannot_load = "raises an exception: the sample can't be loaded.";

const PythonJson& chosen(const PythonJson& captions, const CaptionChoice& choice, TransformDraws& draws) {
  const std::size_t count = captions.list.size();
  if (count == 0) throw ContentError("The list of captions is empty, at least one was expected. Add one.", cannot_load);
  if (!choice.is_aligned) return captions.list[static_cast<std::size_t>(draws.caption_choice(static_cast<int>(count)))];
  const auto row = static_cast<std::size_t>(choice.crop_row);
  if (row >= count) {
    throw ContentError(
        cat("The list holds ", count, count == 1 ? " caption" : " captions", ", and crop ", row, " needs caption ", row,
            " (captions are aligned to the crops). Add captions, or say that they are not aligned (aligned_captions: False)."),
        cannot_load);
  }
  return captions.list[row];
}

}  // namespace

std::string caption_of_text(std::string_view bytes, bool has_universal_newlines) {
  if (const auto at = find_invalid_utf8(bytes)) {
    throw ContentError(cat("The text is not UTF-8: the byte ", static_cast<int>(static_cast<unsigned char>(bytes[*at])),
                           " at offset ", *at, ". Save it as UTF-8."),
                       cannot_load);
  }
  std::string text(bytes);
  if (!has_universal_newlines) return text;
  std::size_t length = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      text[length++] = '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
    } else {
      text[length++] = text[i];
    }
  }
  text.resize(length);
  return text;
}

std::string caption_of_json(const PythonJson& file, const CaptionChoice& choice, TransformDraws& draws) {
  const PythonJson* caption = file.kind == PythonJson::Kind::list ? &chosen(file, choice, draws) : &file;
  if (caption->kind == PythonJson::Kind::object) {
    const PythonJson* member = caption->find("caption");
    if (!member)
      throw ContentError(cat("The caption is ", caption->describe(), " without a \"caption\". Write the file again."), cannot_load);
    caption = member;
  }
  if (caption->kind != PythonJson::Kind::text) {
    throw ContentError(cat("The caption is ", caption->describe(), ", a text was expected. Write the file again."), cannot_load);
  }
  return caption->text;
}

}  // namespace maskscope
