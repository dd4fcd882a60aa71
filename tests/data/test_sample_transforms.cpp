// Single transforms where the recorded samples have no such case: numbers as Python writes them, random crops, odd boxes.
#include <limits>

#include "core/data/crop_settings.h"
#include "core/data/detection_text.h"
#include "core/data/metadata_chunks.h"
#include "core/data/palette_text.h"
#include "core/data/pose_text.h"
#include "core/data/python_number.h"
#include "kernels/torch_transform_draws.h"
#include "tests/catch.h"

namespace maskscope::test {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

std::string repr(double value) { return python_text({PythonJson::Kind::floating, value}); }

PythonJson json(const std::string& text) {
  Findings findings;
  return parse_python_json(text, findings);
}

std::string detections(const std::string& instances, const CropSettings& crop) {
  return detection_text(json("{\"instances\": [" + instances + "]}"), crop, {.height = 100, .width = 200});
}

std::string metadata(const std::string& entry) {
  TorchGenerators generators(0);
  TorchTransformDraws draws(generators);
  Findings findings;
  return metadata_chunks(json("{" + entry + "}"), draws, findings).at(0);
}

}  // namespace

// Each checked with Python 3.11.
TEST_CASE("numbers are written as Python writes them") {
  CHECK(repr(3) == "3.0");
  CHECK(repr(0.1) == "0.1");
  CHECK(repr(1e-5) == "1e-05");
  CHECK(repr(0.0001) == "0.0001");
  CHECK(repr(1.5e-7) == "1.5e-07");
  CHECK(repr(123456.75) == "123456.75");
  CHECK(repr(1e15) == "1000000000000000.0");
  CHECK(repr(1e16) == "1e+16");
  CHECK(repr(-2.5) == "-2.5");
  CHECK(repr(nan) == "nan");
  CHECK(repr(-infinity) == "-inf");
  CHECK(python_text({PythonJson::Kind::boolean, 1}) == "True");
  CHECK(python_text({PythonJson::Kind::integer, -0.0}) == "0");
  CHECK(rounded_text(0.5) == "0");
  CHECK(rounded_text(1.5) == "2");
  CHECK(rounded_text(2.5) == "2");
  CHECK(rounded_text(-0.3) == "0");
  CHECK(rounded_text(1e22) == "10000000000000000000000");
  CHECK_THROWS_AS(rounded_text(nan), ContentError);
}

TEST_CASE("JSON is read as by Python's module") {
  CHECK(json("-0").kind == PythonJson::Kind::integer);
  CHECK(json("3.0").kind == PythonJson::Kind::floating);
  CHECK(json("1e400").number == infinity);
  CHECK(json("-Infinity").number == -infinity);
  CHECK(json(R"("\ud83d\ude00\u00e9\n")").text == "😀é\n");
  const PythonJson object = json(R"({"b": 1, "a": 2, "b": 3})");
  REQUIRE(object.object.size() == 2);
  CHECK(object.object[0].first == "b");
  CHECK(object.object[0].second.number == 3);
  for (const char* const bad : {"", " ", "01", "1.", ".5", "+1", "1e", "[1,]", "{\"a\":1,}", "{a:1}", "\"\t\"", "\"\\x\"", "\"a",
                                "nul", "1 2", "-", "[1 2]", "NAN"}) {
    INFO(bad);
    CHECK_THROWS_AS(json(bad), ContentError);
  }
  CHECK(json("[[[[]]]]").list.size() == 1);
}

TEST_CASE("metadata: bins at their edges, floats in integer entries, what no number orders") {
  CHECK(metadata(R"("original_width": 640)") == "v1=0 v0=20");
  CHECK(metadata(R"("original_width": 639.5)") == "v1=0 v0=19.0");
  CHECK(metadata(R"("original_width": -5)") == "v1=0 v0=0");
  CHECK(metadata(R"("original_height": 1e9)") == "v1=1 v0=999");
  CHECK(metadata(R"("original_height": Infinity)") == "v1=1 v0=0");
  CHECK(metadata(R"("n_humans": 1000)") == "v1=5 v0=999");
  CHECK(metadata(R"("n_humans": 3.0)") == "v1=5 v0=3.0");
  CHECK(metadata(R"("n_humans": NaN)") == "v1=5 v0=0");
  CHECK(metadata(R"("n_humans": true)") == "v1=5 v0=True");
  CHECK(metadata(R"("walkability": 1)") == "v1=14 v0=49");
  CHECK(metadata(R"("walkability": 0.999)") == "v1=14 v0=48");
  CHECK(metadata(R"("walkability": NaN)") == "v1=14 v0=0");
  CHECK(metadata(R"("watermark_score": 0.5)") == "v1=19 v0=1");
  CHECK(metadata(R"("aesthetic_score": 5.49)") == "v1=20 v0=1");
  CHECK(metadata(R"("aesthetic_score": NaN)") == "v1=20 v0=2");
}

TEST_CASE("detections: scores, boxes at the crop's edge, order, flip") {
  const CropSettings whole{.height = 100, .width = 200};
  CHECK(detections(R"({"boxes": [0, 0, 1, 1], "class_name": "cell phone", "score": 0.6}, {"score": 0.59}, {"score": NaN})",
                   whole) == "v0=0 v1=0 v2=999 v3=999 cell phone");
  CHECK(detections("", whole).empty());
  // Corners at 0.5, 0.25 and (touching only) 1.0 of the right half.
  const std::string boxes =
      R"({"boxes": [0.75, 0, 1, 1], "class_name": "b", "score": 1}, {"boxes": [0.625, 0, 1.5, 1], "class_name": "a", "score": 1},
                               {"boxes": [0, 0, 0.5, 1], "class_name": "gone", "score": 1})";
  CropSettings right{.left = 100, .height = 100, .width = 100};
  CHECK(detections(boxes, right) == "v0=250 v1=0 v2=999 v3=999 a v0=500 v1=0 v2=999 v3=999 b");
  right.is_flipped = true;
  CHECK(detections(boxes, right) == "v0=0 v1=0 v2=500 v3=999 b v0=0 v1=0 v2=749 v3=999 a");
}

TEST_CASE("poses: people beyond the crop are left out, whole numbers of boxes are cut") {
  const auto pose = [](const std::string& boxes, std::size_t people) {
    std::string global = "[", shape = "[", id = "[", camera = "[";
    for (std::size_t i = 0; i < people; ++i) {
      const std::string comma = i ? "," : "";
      global += comma + "[[[0,1,-1],[0,0,0],[0,0,0]]]";
      shape += comma + "[0,0,0,0,0,0,0,0,3,-3.5]";
      id += comma + "[0,511,512,1023,1,2,3,4]";
      camera += comma + "[-2,0.5,30]";
    }
    Findings findings;
    TorchGenerators generators(0);
    TorchTransformDraws draws(generators);
    return pose_text(json("{\"bbox_xyxy\": " + boxes + ", \"pred_smpl_params\": {\"global_orient\": " + global +
                          "], \"betas\": " + shape + "]}, \"pose_tokenized\": " + id + "], \"pred_cam\": " + camera + "]}"),
                     {.height = 100, .width = 100}, {.height = 100, .width = 200}, draws, findings);
  };
  CHECK(pose("[[120, 0, 180.0, 50]]", 1) == "none");
  const std::string kept = pose("[[120, 0, 180.0, 50], [50, 25, 180, 50]]", 2);
  CHECK(kept.starts_with("human v0=500 v1=250 v2=999 v3=500 "));
  CHECK(kept.ends_with(" "));
  for (const char* const group : {"pose v0=0 v0=511 v1=0 v1=511 v0=1 v0=2 v0=3 v0=4 ", "global v0=500 v0=999 v0=0 v0=500 ",
                                  "camera v0=0 v0=75 v0=999 ", " v0=999 v0=-83 "}) {
    INFO(kept);
    CHECK(kept.find(group) != std::string::npos);
  }
  CHECK(pose("[[50, 25, 210, 100]]", 1).starts_with("human v0=0 v1=0 v2=999 v3=999 "));
}

TEST_CASE("random crops: torchvision's for a seed, inside the picture, and the fallback for thin pictures") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    TorchGenerators generators(seed);
    TorchTransformDraws draws(generators);
    const PixelSize size{.height = 60 + static_cast<int>(seed % 7) * 40, .width = 320 - static_cast<int>(seed % 5) * 60};
    const CropSettings crop = random_crop(size, {}, draws);
    REQUIRE((crop.top >= 0 && crop.left >= 0 && crop.height >= 1 && crop.width >= 1));
    REQUIRE((crop.top + crop.height <= size.height && crop.left + crop.width <= size.width));
  }
  TorchGenerators generators(1);
  TorchTransformDraws draws(generators);
  const CropSettings thin = random_crop({.height = 1000, .width = 2}, {}, draws);
  CHECK(thin.width == 2);
  CHECK(thin.height == 3);  // round(2 / 0.75)
  CHECK(thin.top == 498);
}

}  // namespace maskscope::test
