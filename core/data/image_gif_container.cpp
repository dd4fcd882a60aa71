// The blocks of a GIF: is the first frame complete, and do others follow?
#include "core/data/image_container.h"

namespace maskscope {

namespace {

// Returns the byte behind a chain of sub-blocks, or nothing when the file ends first.
std::optional<std::size_t> skip_sub_blocks(Bytes file, std::size_t at) {
  while (at < file.size()) {
    const std::size_t length = file[at++];
    if (length == 0) return at;
    if (file.size() - at < length) return std::nullopt;
    at += length;
  }
  return std::nullopt;
}

std::size_t colour_table_bytes(std::uint8_t flags) { return flags & 0x80 ? std::size_t{6} << (flags & 7) : 0; }

}  // namespace

ImageHeader inspect_gif(Bytes file, const std::string& name) {
  const auto damaged = [&](const std::string& detail) { return damaged_image(name, ImageFormat::gif, detail); };
  const auto truncated = [&](const std::string& detail) {
    return truncated_image(name, ImageFormat::gif, file.size(), detail);
  };
  if (file.size() < 13) throw truncated("its header alone needs 13");
  ImageHeader header;
  header.format = ImageFormat::gif;
  header.width = le16(file, 6);
  header.height = le16(file, 8);
  header.may_have_alpha = true;
  check_dimensions(header.width, header.height, name, ImageFormat::gif);

  const bool has_global_colours = (file[10] & 0x80) != 0;
  std::size_t at = 13 + colour_table_bytes(file[10]);
  int num_frames = 0;
  bool is_cut = false;
  for (;;) {
    if (at >= file.size()) {
      is_cut = true;
      break;
    }
    const std::uint8_t block = file[at];
    if (block == 0x3B) break;
    std::optional<std::size_t> next;
    if (block == 0x21) {
      next = skip_sub_blocks(file, at + 2);
    } else if (block == 0x2C) {
      if (file.size() - at >= 11) {
        const std::uint8_t flags = file[at + 9];
        if (num_frames == 0 && (flags & 0x80) == 0 && !has_global_colours) throw damaged("it has no colour table");
        const std::size_t data_at = at + 10 + colour_table_bytes(flags);
        if (data_at < file.size()) {
          if (num_frames == 0 && (file[data_at] < 1 || file[data_at] > 8))
            throw damaged(cat("its first frame has the impossible code size ", static_cast<int>(file[data_at])));
          next = skip_sub_blocks(file, data_at + 1);
          if (next == data_at + 2) throw damaged("a frame has no picture data");
        }
      }
      if (next) ++num_frames;
    } else if (num_frames == 0) {
      throw damaged(cat("no block begins at byte ", at));
    } else {
      is_cut = true;  // the first frame is fine; what follows is not looked at
      break;
    }
    if (!next) {
      is_cut = true;
      break;
    }
    at = *next;
  }
  if (num_frames == 0) {
    if (is_cut) throw truncated("its first frame is not complete");
    throw damaged("it holds no frame");
  }
  if (is_cut) header.notes.push_back("The GIF file ends early or is damaged behind its first frame, which is complete.");
  if (num_frames > 1)
    header.notes.push_back(cat("The GIF is animated: the first of its ", num_frames, " frames is shown."));
  return header;
}

}  // namespace maskscope
