#include "core/data/dataset_image.h"

#include <algorithm>
#include <optional>

#include "core/data/exif.h"
#include "core/data/image.h"
#include "core/data/image_raw.h"

namespace maskscope {

namespace {

void report(const RawImage& raw, Findings& findings) {
  if (std::any_of(raw.alpha.begin(), raw.alpha.end(), [](std::uint8_t alpha) { return alpha != 255; })) {
    add_finding(findings, ProblemLevel::note,
                "The picture has transparent pixels, whose colours count as they are stored: alpha is dropped.");
  }
  const std::optional<int> orientation = exif_orientation(raw.header.exif);
  if (orientation && *orientation > 1 && *orientation <= 8) {
    add_finding(
        findings, ProblemLevel::note,
        cat("The picture's EXIF orientation is ", *orientation, ", which data sets ignore: it is used as stored, not upright."));
  }
  if (raw.header.bits_per_channel == 16 && raw.header.format == ImageFormat::pnm) {
    add_finding(findings, ProblemLevel::warning, "The picture has 16 bits a channel, which were reduced to 8. Save it as PNG.",
                "clips grey values at 255, which leaves most pictures white.");
  } else if (raw.header.bits_per_channel == 16) {
    add_finding(findings, ProblemLevel::note,
                "The picture has 16 bits a channel. Grey values of 16 bits are clipped at 255, which leaves most pictures white; "
                "others are cut to 8 bits.");
  }
  if (!raw.damage.empty()) {
    add_finding(findings, ProblemLevel::warning,
                cat("The picture data is damaged; parts of it are missing (", raw.damage, "). Copy the file again."),
                "uses it as it is, without a word.");
  }
}

void check_file_size(std::span<const std::uint8_t> bytes, const std::string& name) {
  if (bytes.size() > kMaxImageFileBytes) {
    throw Error(cat(name, ": the file has ", bytes.size() >> 20, " MiB, the limit is ", kMaxImageFileBytes >> 20,
                    " MiB. Scale the picture down first."));
  }
}

PixelSize size_of(const ImageHeader& header) { return {static_cast<int>(header.height), static_cast<int>(header.width)}; }

}  // namespace

PixelSize dataset_image_size(std::span<const std::uint8_t> bytes, const std::string& name) {
  check_file_size(bytes, name);
  switch (detect_format(bytes, name)) {
    case ImageFormat::png: return size_of(inspect_png(bytes, name));
    case ImageFormat::jpeg: return size_of(inspect_jpeg(bytes, name));
    case ImageFormat::gif: return size_of(inspect_gif(bytes, name));
    case ImageFormat::bmp: return size_of(inspect_bmp(bytes, name));
    case ImageFormat::tga: return size_of(inspect_tga(bytes, name));
    case ImageFormat::psd: return size_of(inspect_psd(bytes, name));
    case ImageFormat::pnm:
    case ImageFormat::tiff:  // which may be turned, too
    case ImageFormat::webp:
    case ImageFormat::jpeg2000: break;
  }
  Findings findings;
  const Picture picture = decode_dataset_image(bytes, name, findings).picture;
  return {picture.height, picture.width};
}

DatasetImage decode_dataset_image(std::span<const std::uint8_t> bytes, const std::string& name, Findings& findings) {
  check_file_size(bytes, name);
  RawImage raw = decode_raw(bytes, name, Grey16::clipped);
  report(raw, findings);
  // Pillow turns a TIFF as its own tag says, and no other format.
  if (raw.orientation != 1) raw.picture = upright(std::move(raw.picture), raw.orientation);
  return {std::move(raw.picture), std::string(format_name(raw.header.format))};
}

}  // namespace maskscope
