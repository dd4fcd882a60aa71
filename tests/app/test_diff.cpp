// `maskscope diff`: what it prints, and its exit codes.
#include "core/data/npz.h"
#include "tests/app/fixtures.h"
#include "tests/catch.h"
#include "tests/data/dump_fixtures.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

std::string write_dump(const ScratchFolder& folder, const std::string& name, const std::vector<DumpedFields>& modalities) {
  const auto file = dump_file(modalities);
  return write_text(folder, name, {reinterpret_cast<const char*>(file.data()), file.size()}).string();
}

}  // namespace

TEST_CASE("diff: equal and different dumps") {
  const ScratchFolder folder;
  DumpedFields changed = small_grid();
  changed.target_mask[0] = 0;
  const std::string a = write_dump(folder, "a.npz", {small_grid(), small_caption()});
  const std::string same = write_dump(folder, "same.npz", {small_caption(), small_grid()});
  const std::string other = write_dump(folder, "other.npz", {changed, small_pixels()});
  const Outcome equal = run_command({"diff", a, same});
  CHECK(equal.code == 0);
  CHECK(equal.out == "Equal: 2 samples, 2 modalities.\n");
  CHECK(equal.err.empty());
  const Outcome different = run_command({"diff", a, other});
  CHECK(different.code == 1);
  CHECK(different.out ==
        "caption: only in A.\nrgb@32: only in B.\n"
        "tok_rgb@32 target_mask: sample 0, slot 0: 1 in A, 0 in B; 1 of 8 values differs.\n");
}

TEST_CASE("diff: what can't be compared") {
  const ScratchFolder folder;
  const std::string a = write_dump(folder, "a.npz", {small_grid(), small_caption()});
  const Outcome missing = run_command({"diff", a, a + "x"});
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, contains_text("a.npzx: there is no such file."));
  DumpedFields broken = small_caption();
  broken.floats.assign(36, 1.0f);
  const std::string b = write_dump(folder, "b.npz", {small_grid(), broken});
  const Outcome partly = run_command({"diff", b, b});
  CHECK(partly.code == 2);
  CHECK(partly.out == "What could be compared is equal; not all of it could be.\n");
  CHECK_THAT(partly.err, contains_text("modality caption: left out, because its tensor is float32"));
  CHECK(run_command({"diff", a}).code == 2);
  const Outcome help = run_command({"diff", "--help"});
  CHECK(help.code == 0);
  CHECK_THAT(help.out, contains_text("Exit code: 0 equal, 1 different, 2"));
}
