// BMP, TGA and PSD: a header, then rows of pixels (run-length encoded in some): is there enough of them?
#include "core/data/image_container.h"

namespace maskscope {

ImageHeader inspect_bmp(Bytes file, const std::string& name) {
  const auto damaged = [&](const std::string& detail) { return damaged_image(name, ImageFormat::bmp, detail); };
  const auto truncated = [&](std::uint64_t needed) {
    return truncated_image(name, ImageFormat::bmp, file.size(), cat("its header announces ", needed));
  };
  if (file.size() < 26) throw truncated(54);
  const std::uint64_t pixels_at = le32(file, 10);
  const std::uint32_t header_bytes = le32(file, 14);
  const bool is_os2 = header_bytes == 12;
  if (!is_os2 && header_bytes != 40 && header_bytes != 56 && header_bytes != 108 && header_bytes != 124)
    throw unsupported_image(name, cat("a BMP with a header of ", header_bytes, " bytes"), "12, 40, 56, 108 or 124");
  if (file.size() < 14 + std::uint64_t{header_bytes}) throw truncated(14 + std::uint64_t{header_bytes});

  ImageHeader header;
  header.format = ImageFormat::bmp;
  if (is_os2) {
    header.width = le16(file, 18);
    header.height = le16(file, 20);
  } else {
    header.width = static_cast<std::int32_t>(le32(file, 18));
    header.height = static_cast<std::int32_t>(le32(file, 22));
    if (header.height < 0) header.height = -header.height;  // rows from top to bottom
  }
  check_dimensions(header.width, header.height, name, ImageFormat::bmp);
  const std::uint32_t bits = le16(file, is_os2 ? 24 : 28);
  if (bits != 1 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32)
    throw damaged(cat("it claims ", bits, " bits per pixel"));
  const std::uint32_t compression = is_os2 ? 0 : le32(file, 30);
  if (compression != 0 && compression != 3)
    throw unsupported_image(name, cat("a compressed BMP (method ", compression, ")"), "an uncompressed one");
  if (pixels_at < 14 + header_bytes) throw damaged("its pixels would begin inside its header");
  const std::uint64_t row_bytes = (static_cast<std::uint64_t>(header.width) * bits + 31) / 32 * 4;
  const std::uint64_t needed = pixels_at + row_bytes * static_cast<std::uint64_t>(header.height);
  // The padding of the last row is not missed.
  if (file.size() + 3 < needed) throw truncated(needed);
  header.may_have_alpha = bits == 32;
  return header;
}

ImageHeader inspect_tga(Bytes file, const std::string& name) {
  const auto truncated = [&](const std::string& detail) {
    return truncated_image(name, ImageFormat::tga, file.size(), detail);
  };
  ImageHeader header;  // detect_format has seen the 18 bytes of the file's header
  header.format = ImageFormat::tga;
  header.width = le16(file, 12);
  header.height = le16(file, 14);
  check_dimensions(header.width, header.height, name, ImageFormat::tga);
  const bool has_palette = file[1] == 1;
  const int bits = file[16], palette_entry_bits = file[7];
  const std::size_t pixel_bytes = static_cast<std::size_t>(bits + 7) / 8;
  std::size_t at = 18 + std::size_t{file[0]};
  if (has_palette) {
    if (le16(file, 5) == 0) throw damaged_image(name, ImageFormat::tga, "its palette is empty");
    // stb_image takes the index of the first palette entry for a number of bytes to skip.
    if (le16(file, 3) != 0) throw unsupported_image(name, "a TGA with a partial palette", "one that begins at entry 0");
    at += le16(file, 5) * (static_cast<std::size_t>(palette_entry_bits + 7) / 8);
  }
  const bool is_grey_alpha = (file[2] & ~8) == 3 && bits == 16;
  header.may_have_alpha = is_grey_alpha || (has_palette ? palette_entry_bits : bits) == 32;

  const std::uint64_t num_pixels = static_cast<std::uint64_t>(header.width) * static_cast<std::uint64_t>(header.height);
  if ((file[2] & 8) == 0) {
    const std::uint64_t needed = at + num_pixels * pixel_bytes;
    if (file.size() < needed) throw truncated(cat("its header announces ", needed));
    return header;
  }
  for (std::uint64_t done = 0; done < num_pixels;) {
    if (at >= file.size()) throw truncated(cat("enough for ", done, " of ", num_pixels, " pixels"));
    const std::uint8_t packet = file[at];
    const std::uint64_t run = (packet & 127u) + 1;
    at += 1 + (packet & 128 ? pixel_bytes : static_cast<std::size_t>(run) * pixel_bytes);
    if (at > file.size()) throw truncated(cat("enough for ", done, " of ", num_pixels, " pixels"));
    done += run;
  }
  return header;
}

ImageHeader inspect_psd(Bytes file, const std::string& name) {
  const auto truncated = [&](const std::string& detail) {
    return truncated_image(name, ImageFormat::psd, file.size(), detail);
  };
  if (file.size() < 26) throw truncated("its header alone needs 26");
  if (be16(file, 4) != 1) throw unsupported_image(name, "a large Photoshop document (PSB)", "a PSD");
  ImageHeader header;
  header.format = ImageFormat::psd;
  header.height = be32(file, 14);
  header.width = be32(file, 18);
  check_dimensions(header.width, header.height, name, ImageFormat::psd);
  const std::uint32_t channels = be16(file, 12), bits = be16(file, 22), mode = be16(file, 24);
  constexpr const char* modes[] = {"bitmap", "greyscale", "indexed", "RGB", "CMYK", "", "", "multichannel", "duotone",
                                   "Lab"};
  if (mode != 3) {
    const std::string what = mode < 10 && *modes[mode] ? modes[mode] : cat("the unknown (", mode, ")");
    throw unsupported_image(name, cat("a PSD in ", what, " mode"), "RGB mode");
  }
  if (bits != 8 && bits != 16)
    throw unsupported_image(name, cat("a PSD with ", bits, " bits per channel"), "8 or 16");
  if (channels < 3 || channels > 16)
    throw unsupported_image(name, cat("a PSD with ", channels, " channels"), "3 to 16");
  header.bits_per_channel = static_cast<int>(bits);

  std::uint64_t at = 26;
  for (const char* section : {"colour", "resource", "layer"}) {
    if (at + 4 > file.size()) throw truncated(cat("its ", section, " section is missing"));
    at += 4 + std::uint64_t{be32(file, static_cast<std::size_t>(at))};
  }
  if (at + 2 > file.size()) throw truncated("its merged picture is missing");
  const std::uint32_t compression = be16(file, static_cast<std::size_t>(at));
  at += 2;
  const auto rows = static_cast<std::uint64_t>(header.height);
  if (compression == 0) {
    const std::uint64_t needed = at + rows * static_cast<std::uint64_t>(header.width) * channels * (bits / 8);
    if (file.size() < needed) throw truncated(cat("its header announces ", needed));
  } else if (compression == 1 && bits == 8) {
    const std::uint64_t data_at = at + rows * channels * 2;
    if (data_at > file.size()) throw truncated("its table of rows is cut");
    std::uint64_t needed = data_at;
    for (; at < data_at; at += 2) needed += be16(file, static_cast<std::size_t>(at));
    if (file.size() < needed) throw truncated(cat("its table of rows announces ", needed));
  } else {
    throw unsupported_image(name, cat("a PSD with ", bits, " bits and compression method ", compression),
                            "an uncompressed one, or 8 bits run-length encoded");
  }
  return header;
}

}  // namespace maskscope
