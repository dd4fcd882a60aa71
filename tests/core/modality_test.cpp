#include "core/modality.h"

#include <string>

#include "core/sha256.h"
#include "tests/catch.h"

namespace maskscope {
namespace {

std::string hex(const std::string& message) {
  std::string text;
  for (const std::uint8_t byte : sha256(message)) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

TEST_CASE("SHA-256 gives the answers of FIPS 180-4, also across blocks") {
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex(std::string(1000000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("modality ids are those of the reference") {
  CHECK(modality_id("caption") == 32652);
  CHECK(modality_id("det") == 30982);
  CHECK(modality_id("rgb@224") == 20716);
  CHECK(modality_id("tok_rgb@224") == 11606);
  CHECK(modality_id("tok_canny_edge@224") == 12520);
  CHECK(modality_id("rgb@448") == 27924);
}

TEST_CASE("built-in modalities know their sizes") {
  const auto rgb = builtin_modality("rgb@224");
  REQUIRE(rgb.has_value());
  CHECK(rgb->max_tokens == 196);
  CHECK(rgb->grid_side() == 14);
  CHECK(rgb->vocab_size == 0);
  CHECK_FALSE(rgb->has_decoder_embedding);
  CHECK(builtin_modality("rgb@224", 14)->max_tokens == 256);
  CHECK(builtin_modality("tok_rgb@448")->max_tokens == 784);
  CHECK(builtin_modality("tok_semseg@224")->vocab_size == 4096);
  const auto caption = builtin_modality("caption");
  REQUIRE(caption.has_value());
  CHECK(caption->kind == ModalityKind::seq);
  CHECK(caption->num_slots() == 514);
  CHECK(caption->vocab_size == 30000);
}

TEST_CASE("other names are no built-in modalities") {
  for (const char* name : {"", "rgb", "rgb@", "rgb@0", "rgb@-16", "rgb@0224", "rgb@224 ", "rgb@225", "rgb@99999",
                           "rgb@65536", "tok_dinov2@225", "tok_dinov2_global@224", "sam_mask", "depth", "caption@224", "tok_rgb@224@224", "RGB@224"}) {
    INFO(name);
    CHECK_FALSE(builtin_modality(name).has_value());
  }
  CHECK_FALSE(builtin_modality("rgb@224", 0).has_value());
  CHECK_FALSE(builtin_modality("rgb@224", 8).has_value());
}

}  // namespace maskscope
