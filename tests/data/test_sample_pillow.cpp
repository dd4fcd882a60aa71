// Pictures of data sets against Pillow, which the reference loads them with: every byte, decoded, cropped and resized.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/data/dataset_image.h"
#include "core/data/resize_bicubic.h"
#include "tests/catch.h"
#include "tests/data/image_fixtures.h"
#include "tests/data/python_script.h"

namespace maskscope::test {

namespace {

Data read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int largest_difference(const Data& a, const Data& b) {
  REQUIRE(a.size() == b.size());
  int largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("pictures are decoded, cropped and resized as by Pillow, byte for byte") {
  const ScratchFolder folder;
  if (!run_python("pillow_pictures.py", "numpy, PIL", "'" + folder.path().string() + "'")) return;
  const Data text = read_all(folder.path() / "index.json");
  const auto index = nlohmann::json::parse(text.begin(), text.end());
  REQUIRE(index.size() > 30);
  for (const auto& entry : index) {
    const auto name = entry["file"].get<std::string>();
    INFO(name << " " << entry.dump());
    Findings findings;
    const Picture picture = decode_dataset_image(read_all(folder.path() / name), name, findings).picture;
    CHECK(picture.width == entry["width"].get<int>());
    CHECK(picture.height == entry["height"].get<int>());
    CHECK(largest_difference(picture.rgb, read_all(folder.path() / (name + ".rgb"))) == 0);
    const auto box = entry["crop"].get<std::vector<int>>();
    CropSettings crop{.top = box[0], .left = box[1], .height = box[2], .width = box[3]};
    crop.is_flipped = entry["flip"].get<bool>();
    CHECK(largest_difference(crop_and_resize(picture, crop, entry["side"].get<int>()).rgb,
                             read_all(folder.path() / (name + ".crop"))) == 0);
  }
}

TEST_CASE("what data sets do to unusual pictures is said") {
  const auto found_in = [](const Data& file) {
    Findings findings;
    decode_dataset_image(file, "a", findings);
    REQUIRE(findings.size() == 1);
    return findings[0];
  };
  CHECK(found_in(fixture("grey16.tif")).sentence ==
        "The picture has 16 bits a channel. Grey values of 16 bits are clipped at 255, which leaves most pictures white; others are cut to "
        "8 bits.");
  CHECK(found_in(text("P5 1 1 65535\n") + Data{1, 2}).reference == "clips grey values at 255, which leaves most pictures white.");
  CHECK(found_in(fixture("pattern_alpha.webp")).sentence ==
        "The picture has transparent pixels, whose colours count as they are stored: alpha is dropped.");
  Data damaged = fixture("six.jpg");
  damaged.erase(damaged.end() - 12, damaged.end() - 2);  // picture data, not the marker behind it
  const DataProblem problem = found_in(damaged);
  CHECK(problem.level == ProblemLevel::warning);
  CHECK(problem.sentence.starts_with("The picture data is damaged; parts of it are missing (Corrupt JPEG data: premature end"));
  CHECK(problem.reference == "uses it as it is, without a word.");
}

TEST_CASE("a picture's orientation is ignored in data sets, and said") {
  Findings findings;
  const Picture turned = decode_dataset_image(with_exif_orientation(fixture("six.jpg"), 6, false), "a.jpg", findings).picture;
  CHECK(turned.width == 24);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].level == ProblemLevel::note);
  CHECK(findings[0].sentence == "The picture's EXIF orientation is 6, which data sets ignore: it is used as stored, not upright.");
}

}  // namespace maskscope::test
