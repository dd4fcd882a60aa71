// The Problems view: everything that is wrong, in order, with ways to where it is.
#include <algorithm>

#include "app/problem_list.h"
#include "tests/app/dataset_frame.h"
#include "tests/app/panel_stage.h"
#include "tests/catch.h"

using namespace maskscope;
using namespace maskscope::test;

namespace {

// Shows a frame with these problems, and no others where is_alone.
void show(PanelStage& stage, std::vector<DataProblem> problems, bool is_alone = true) {
  MaskedFrame frame = dataset_frame({.preset = "4m-7", .problems = std::move(problems)});
  if (is_alone) frame.problems.clear();
  stage.show(std::move(frame));
  stage.view().bottom_tab = BottomTab::problems;
  stage.frames(3);
}

Document document_4m_7() {
  Document document = default_document();
  document.scheme = dataset_frame({.preset = "4m-7"}).scheme;
  return document;
}

// Clicks the middle of the nth line of a problem, a little way into it.
void click_line(PanelStage& stage, int problem, int line, float into) {
  const WidgetRect rect = stage.widget(cat("problem.", problem));
  stage.click(ImVec2{rect.x + into, rect.y + 8 + 18 * static_cast<float>(line)});
}

}  // namespace

TEST_CASE("problem list: errors first, and the masks' problems with the data's") {
  MaskedFrame frame = dataset_frame({.preset = "4m-7", .problems = sample_problems()});
  frame.problems = {{ProblemKind::target_cut, frame.scheme.find("caption"), 11, "", 17, 6, 6},
                    {ProblemKind::no_input, -1, 0, "nothing reaches the encoder: every encoder slot is ignored"}};
  const std::vector<DataProblem> all = all_problems(frame);
  REQUIRE(all.size() == 5);
  CHECK(all[0] == sample_problems()[2]);
  CHECK(all[1] == sample_problems()[1]);
  CHECK(all[2] == DataProblem{ProblemLevel::warning, "", "", "caption", "Target of 17 tokens cut to 6 (budget 6), 11 tokens of the text are discarded.", ""});
  CHECK(all[3].sentence == "Nothing reaches the encoder: every encoder slot is ignored.");
  CHECK(all[4] == sample_problems()[0]);
  CHECK(count_problems(frame) == ProblemCounts{1, 3, 1});
  CHECK(worst_problem(frame) == all[0]);
  const std::string text = to_text(all);
  CHECK_THAT(text, contains_text("error: /data/train/a_rather_long_folder_name/tok_lidar@224/shard-00000-of-00128.tar") &&
                       contains_text("The reference: Skips the rest of the shard without a word.") && contains_text("note: "));
  CHECK(std::count(text.begin(), text.end(), '\n') == 5);

  auto inputs = std::make_shared<Inputs>(*frame.inputs);
  inputs->problems = {sample_problems()[0]};
  frame.inputs = inputs;
  CHECK(worst_problem(frame).modality == "caption");  // a note is no worse than a warning
  CHECK(worst_problem(frame).level == ProblemLevel::warning);
  frame.problems.clear();
  CHECK(worst_problem(frame) == sample_problems()[0]);
  frame.inputs = nullptr;
  CHECK(count_problems(frame).all() == 0);
}

TEST_CASE("problems panel: each problem is shown, also the one that is longer than the panel is wide") {
  PanelStage stage(document_4m_7());
  std::vector<DataProblem> problems = sample_problems();
  for (int i = 0; i < 60; ++i) problems[1].sentence += " Look at the folder again, and at the one beside it.";
  problems[1].file = std::string(2000, 'x');
  show(stage, problems);
  const WidgetRect panel = stage.widget("problems");
  const WidgetRect first = stage.widget("problem.0"), second = stage.widget("problem.1");
  CHECK(second.y >= first.y + first.height);
  CHECK(second.height > 300);  // wrapped, not cut
  CHECK(first.x >= panel.x);
  CHECK(first.x + first.width <= panel.x + panel.width);
  // What is below is reached by scrolling.
  stage.move_to({panel.x + 60, panel.y + panel.height * 0.5f});
  for (int i = 0; i < 100 && !stage.has_widget("problem.2"); ++i) stage.wheel(-3);
  stage.frames(2);
  CHECK(stage.has_widget("problem.2"));
}

TEST_CASE("problems panel: a modality is pinned and chosen in the table") {
  PanelStage stage(document_4m_7());
  show(stage, {{ProblemLevel::warning, "", "", "caption", "Something.", ""}, {ProblemLevel::error, "", "", "det", "Nothing there.", ""}});
  click_line(stage, 1, 1, 100);
  const int caption = stage.masked().scheme.find("caption");
  CHECK(stage.view().pinned == Pointed{{caption, 0}, {}, -1});
  CHECK(stage.view().table_modality == "caption");
  CHECK(stage.view().table_kind == TableKind::modality);
  // det is missing in this sample: there is no token to pin.
  click_line(stage, 0, 1, 90);
  CHECK(stage.view().table_modality == "det");
  CHECK(stage.view().pinned == Pointed{{caption, 0}, {}, -1});
  CHECK_THAT(last_sentence(stage.session()), contains_text("det has no token in this sample"));
  // The table shows it all the same.
  stage.click("tab.table");
  stage.frames(2);
  CHECK(stage.view().table_modality == "det");
}

TEST_CASE("problems panel: a key is wanted, a path is copied") {
  PanelStage stage(document_4m_7());
  show(stage, {{ProblemLevel::error, "/data/a.tar", "", "", "Something.", ""}, {ProblemLevel::note, "", "000000042", "", "Something.", ""}});
  click_line(stage, 0, 1, 70);
  CHECK(std::string(ImGui::GetClipboardText()) == "/data/a.tar");
  CHECK(last_sentence(stage.session()) == "Copied /data/a.tar.");
  CHECK(stage.view().wanted_key.empty());
  click_line(stage, 1, 1, 70);
  CHECK(stage.view().wanted_key == "000000042");
}

TEST_CASE("problems panel: a modality of another scheme is no link, and all can be copied") {
  PanelStage stage(document_4m_7());
  show(stage, {{ProblemLevel::error, "", "", "tok_lidar@224", "Something.", "raises."}});
  click_line(stage, 0, 1, 100);
  CHECK_FALSE(stage.view().pinned.is_valid());
  CHECK(stage.view().table_modality.empty());
  stage.click("problems.copy");
  CHECK(std::string(ImGui::GetClipboardText()) == "error: modality tok_lidar@224: Something. The reference: Raises.\n");
  CHECK(last_sentence(stage.session()) == "Copied 1 problem.");
  ImGui::SetClipboardText("");
  stage.key(Key::c, {.ctrl = true});
  CHECK(std::string(ImGui::GetClipboardText()) == "error: modality tok_lidar@224: Something. The reference: Raises.\n");
}

TEST_CASE("problems panel: without a problem it says so, and has nothing to copy") {
  PanelStage stage(document_4m_7());
  show(stage, {});
  CHECK(stage.has_widget("problems"));
  CHECK_FALSE(stage.has_widget("problem.0"));
  CHECK_FALSE(stage.has_widget("problems.copy"));
  CHECK_FALSE(stage.has_widget("status.problems"));
}

TEST_CASE("problems panel: thousands of problems, of which only those in sight are drawn") {
  PanelStage stage(document_4m_7());
  show(stage, std::vector<DataProblem>(5000, sample_problems()[2]));
  int drawn = 0;
  for (int i = 0; i < 5000; ++i) drawn += stage.has_widget(cat("problem.", i));
  CHECK(drawn > 0);
  CHECK(drawn < 20);
}

TEST_CASE("status bar: the worst problem leads to the list") {
  PanelStage stage(document_4m_7());
  show(stage, sample_problems());
  stage.view().bottom_tab = BottomTab::waterfall;
  stage.frames(2);
  stage.click("status.problems");
  CHECK(stage.view().bottom_tab == BottomTab::problems);
}
