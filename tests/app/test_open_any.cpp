// edits::open_any: what a dropped or named file is.
#include <sys/stat.h>

#include "app/session_file.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"
#include "tests/data/tiny_tokenizer.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

Document opened(const std::filesystem::path& path) {
  Document document = default_document();
  edits::open_any(path).apply(document);
  return document;
}

}  // namespace

TEST_CASE("open_any: an image by its ending and by its content") {
  const ScratchFolder folder;
  for (const char* name : {"a.png", "b.PNG", "c", "d.txt", "e.dat"}) {
    INFO(name);
    const auto path = write_png(folder, name);
    const Document document = opened(path);
    CHECK(document.inputs.picture == PictureSource::photo);
    CHECK(document.inputs.photo == path);
    Session session = make_session(text_document("a"));
    CHECK(session.apply(edits::open_any(path)));
  }
  const Data netpbm = text("P6\n2 1\n255\n") + Data{255, 0, 0, 0, 255, 0};
  CHECK(opened(folder.write("picture", netpbm)).inputs.picture == PictureSource::photo);
  CHECK(opened(folder.write("other", bmp(1, 1, {1, 2, 3, 0}))).inputs.picture == PictureSource::photo);
}

TEST_CASE("open_any: a text, also one that begins like an image") {
  const ScratchFolder folder;
  for (const char* words : {"a dog on a lawn", "BMW cars", "P5 and P6 are formats", "P6", "", "{curly} words", "[S_1] a dog"}) {
    INFO(words);
    const auto path = write_text(folder, "words.txt", words);
    const Document document = opened(path);
    CHECK(document.inputs.text == words);
    CHECK(document.inputs.text_file == path);
    CHECK(document.inputs.picture == PictureSource::scene);
  }
  CHECK(opened(write_text(folder, "README", "no ending")).inputs.text == "no ending");
}

TEST_CASE("open_any: a tokenizer") {
  const ScratchFolder folder;
  nlohmann::json file = tiny_tokenizer_json({"a", "red", "cube", "[S_2]", "[S_3]", "[S_4]", "[S_5]"});
  for (int k = 2; k <= 5; ++k) file["added_tokens"].push_back(added_token_json(7 + k, cat("[S_", k, "]")));
  const auto path = write_text(folder, "tokenizer.json", file.dump());
  Session session = make_session(text_document("a red cube"));
  const bool is_opened = session.apply(edits::open_any(path));
  INFO(last_sentence(session));
  REQUIRE(is_opened);
  CHECK(session.document().inputs.tokenizer == path);
  CHECK(session.frame().sample.modalities.front().ids == std::vector<std::int32_t>{6, 7, 8});
  REQUIRE(session.apply(edits::use_bundled_tokenizer()));
  CHECK(session.frame().sample.modalities.front().ids.front() > 200);
}

TEST_CASE("open_any: a session, whatever its file is called") {
  const ScratchFolder folder;
  Document document = text_document("saved words");
  document.seed = 99;
  for (const char* name : {"s.json", "s.JSON", "s.maskscope", "session"}) {
    INFO(name);
    save_session(document, folder.path() / name);
    CHECK(opened(folder.path() / name) == document);
  }
}

TEST_CASE("open_any: what can't be opened is refused by name") {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder.path() / "shots");
  const auto fifo = folder.path() / "pipe";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  struct Case {
    std::filesystem::path path;
    const char* says;
  };
  const std::vector<Case> cases = {
      {folder.path() / "absent.txt", "no such file"},
      {folder.path() / "shots", "the folder is empty"},
      {fifo, "not a regular file"},
      {folder.write("rubbish.bin", {1, 2, 3, 0, 255, 254, 0, 9}), "neither a picture this program knows nor a text"},
      {write_text(folder, "latin1.txt", "caf\xe9"), "byte"},
      {"/dev/null", "not a regular file"},
  };
  for (const Case& item : cases) {
    INFO(item.path);
    const std::string sentence = sentence_of([&] { opened(item.path); });
    CHECK_THAT(sentence, contains_text(item.path.string()));
    CHECK_THAT(sentence, contains_text(item.says));
    CHECK(sentence.back() == '.');
  }
}

TEST_CASE("open_any: a text renamed to an image is refused, what was open stays") {
  const ScratchFolder folder;
  Session session = make_session(text_document("a"));
  const Document before = session.document();
  for (const Data& content : {text("only words"), Data{}, Data{0x89, 'P', 'N', 'G', 1, 2, 3}}) {
    const auto path = folder.write("renamed.png", content);
    CHECK_FALSE(session.apply(edits::open_any(path)));
    CHECK(session.document() == before);
    CHECK_THAT(last_sentence(session), contains_text("renamed.png"));
  }
}
