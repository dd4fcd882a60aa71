#include "app/dumped_frame.h"

#include <chrono>
#include <filesystem>

#include "core/data/dump_rules.h"
#include "core/error.h"

namespace maskscope {
namespace {

// One sample's slots of all modalities, one after another.
struct SampleSlots {
  std::vector<std::int32_t> tensor;
  std::vector<std::uint8_t> input_mask, target_mask;
  std::vector<std::int32_t> decoder_attention_mask;

  SampleSlots(const BatchDump& dump, int sample) {
    const auto append = [](auto& to, const auto& row) { to.insert(to.end(), row.begin(), row.end()); };
    for (const DumpedModality& m : dump.modalities) {
      if (m.ids.empty()) tensor.insert(tensor.end(), static_cast<std::size_t>(m.num_slots), unknown_token_id);
      else append(tensor, m.row(m.ids, sample));
      append(input_mask, m.row(m.input_mask, sample));
      append(target_mask, m.row(m.target_mask, sample));
      append(decoder_attention_mask, m.row(m.decoder_attention_mask, sample));
    }
  }
  GivenMasks given() const { return {view_of(tensor), view_of(input_mask), view_of(target_mask), view_of(decoder_attention_mask)}; }
};

}  // namespace

DumpedFrame make_dumped_frame(const BatchDump& dump, int sample, const DumpView& view) {
  if (sample < 0 || sample >= dump.batch_size) {
    throw Error(cat(dump.source_name, ": sample ", sample, " was asked for, but the batch has the samples 0 to ", dump.batch_size - 1, ". Choose one of them."));
  }
  DumpedFrame result;
  MaskedFrame& frame = result.frame;
  frame.scheme = scheme_of_dump(dump, view.slots);
  frame.vocabulary = view.vocabulary;
  frame.are_draws_known = false;
  frame.seed = view.seed;
  frame.sample_index = static_cast<std::uint64_t>(sample);
  try {
    const MaskingPlan plan = make_plan(frame.scheme, frame.vocabulary);
    const SampleSlots slots(dump, sample);
    const auto start = std::chrono::steady_clock::now();
    GivenSample given = select_given_masks(plan, slots.given(), view.order, {view.seed, frame.sample_index});
    frame.compute_us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
    frame.sample = std::move(given.sample);
    frame.batch = std::move(given.masks);
  } catch (const Error& error) {
    throw Error(cat(dump.source_name, ": ", error.what()));
  }
  const std::string file = std::filesystem::path(dump.source_name).filename().string();
  frame.sample.key = dump.has_batch_dimension ? cat(file, ", ", dump_sample_key(sample)) : file;
  frame.conclude();

  // The dump names the first samples of each kind; here this one's are wanted.
  result.problems.assign(dump.problems.begin(), dump.problems.begin() + dump.num_member_problems);
  const std::vector<DataProblem> own = problems_of_sample(dump, sample, view.vocabulary);
  result.problems.insert(result.problems.end(), own.begin(), own.end());
  return result;
}

DumpedFrame open_dumped_frame(const std::filesystem::path& path, int sample, const DumpView& view) {
  return make_dumped_frame(read_batch_dump(path), sample, view);
}

}  // namespace maskscope
