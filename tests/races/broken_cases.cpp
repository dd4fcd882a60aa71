#include "tests/races/broken_cases.h"

#include "tests/kernels/barrier_group.h"
#include "tests/races/broken_groups.h"
#include "tests/races/broken_stages.h"
#include "tests/races/scenarios.h"

namespace maskscope {
namespace {

// The memory of an element keeps its last few accesses only, so one round could go unnoticed in a large team.
constexpr int num_rounds = 10;

template <class G, class Scenario>
void run(std::int32_t team_size) {
  Scenario shared;
  run_team<G>(team_size, [&](G& group) {
    for (int round = 0; round < num_rounds; ++round) shared(group);
  });
}

template <class BrokenGroup, class Scenario>
BrokenCase group_case(const char* name) {
  return {name, run<BrokenGroup, Scenario>, run<BarrierGroup, Scenario>};
}

template <class BrokenStage, class MendedStage>
BrokenCase stage_case(const char* name) {
  return {name, run<BarrierGroup, BrokenStage>, run<BarrierGroup, MendedStage>};
}

}  // namespace

const std::vector<BrokenCase>& broken_cases() {
  static const std::vector<BrokenCase> cases = {
      group_case<broken::ForEachIndexWithoutOpeningSync, scenario::FillReadFill>("for_each_index_without_opening_sync"),
      group_case<broken::ForEachIndexWithoutClosingSync, scenario::FillThenRead>("for_each_index_without_closing_sync"),
      group_case<broken::NoSyncBetweenFillAndRank, scenario::ImageMask>("no_sync_between_fill_and_rank"),
      group_case<broken::ForEachIndexOffByOne, scenario::CountVisits>("for_each_index_off_by_one"),
      group_case<broken::OnceWithoutOpeningSync, scenario::OnceReadOnce>("once_without_opening_sync"),
      group_case<broken::OnceWithoutClosingSync, scenario::OnceThenRead>("once_without_closing_sync"),
      group_case<broken::OnceInEveryThread, scenario::OnceThenRead>("once_in_every_thread"),
      group_case<broken::ExclusiveScanWithoutClosingSync, scenario::CutTarget>("exclusive_scan_without_closing_sync"),
      group_case<broken::CompactIfWithoutClosingSync, scenario::CompactThenRead>("compact_if_without_closing_sync"),
      group_case<broken::ScanOneWithoutTrailingSync, scenario::Scan>("scan_one_without_trailing_sync"),
      group_case<broken::ScanOneReadsBeforeBarrier, scenario::Scan>("scan_one_reads_before_barrier"),
      group_case<broken::MinOneWithoutTrailingSync, scenario::FindMinima>("min_one_without_trailing_sync"),
      group_case<broken::MinOneReadsBeforeBarrier, scenario::FindMinima>("min_one_reads_before_barrier"),
      stage_case<broken::TotalByEveryThread, mended::TotalByEveryThread>("total_by_every_thread"),
      stage_case<broken::ShiftInPlace, mended::ShiftInPlace>("shift_in_place"),
      stage_case<broken::SharedFlag, mended::SharedFlag>("shared_flag"),
      stage_case<broken::ImageMaskOverlapping, scenario::ImageMask>("rand24_blocks_overlap"),
  };
  return cases;
}

}  // namespace maskscope
