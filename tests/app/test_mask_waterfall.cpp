// maskscope mask --waterfall: the file beside the masks.
#include "tests/app/fixtures.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

TEST_CASE("mask --waterfall writes the budgets beside the masks") {
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "budgets.csv";
  const Outcome outcome = run_command({"mask", "--budget", "tok_rgb@224=10,20", "--waterfall", path.string()});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == run_command({"mask", "--budget", "tok_rgb@224=10,20"}).out);
  const std::string csv = read_all(path);
  CHECK_THAT(csv, contains_text("modality,side,source_tokens,"));
  CHECK_THAT(csv, contains_text("tok_rgb@224,encoder,196,166,10,0,10,0,0,,10,0,0,0,10,,\n"));
  CHECK_THAT(csv, contains_text("tok_rgb@224,decoder,196,166,20,0,20,0,0,,20,0,0,0,20,,\n"));
  const Outcome torch = run_command({"mask", "--rng", "torch", "--waterfall", path.string()});
  CHECK(torch.code == 0);
  CHECK_THAT(read_all(path), contains_text("\n,encoder,"));
  CHECK_THAT(run_command({"mask", "--waterfall", (folder.path() / "none" / "x.csv").string()}).err, contains_text("x.csv"));
}
