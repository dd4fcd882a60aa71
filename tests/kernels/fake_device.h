// A Device made of host memory, for testing what DeviceBackend does without a GPU. It works on nothing before it is waited
// for, so that a wait that is missing leaves wrong bytes; it has little memory, hands it out filled with rubbish, and fails
// on request.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "kernels/device.h"
#include "kernels/serial_group.h"

namespace maskscope {

enum class DeviceCall { free_bytes, allocate_device, allocate_staging, copy_to_device, copy_to_host, mask_rows, tally_rows, copy_counts, wait };

// What the device was asked for and how it is to fail; shared, because the backend owns the device.
struct FakeDeviceState {
  std::size_t memory_bytes = std::size_t{1} << 30;
  std::size_t largest_block = memory_bytes;  // an allocation of more does not fit, however much is free
  std::map<DeviceCall, int> num_calls;
  // The call that fails, counted from 1; 0: none.
  DeviceCall failing_call = DeviceCall::wait;
  int fails_at = 0;
  // The rest fail as well, as after an illegal address.
  bool is_sticky = false;
  bool has_failed = false;
  // The other streams' work is done before that of the stream that is waited for: nothing orders them.
  bool is_last_first = false;

  std::size_t used_bytes = 0;
  std::size_t largest_launch = 0;  // rows
  std::array<int, Device::num_streams> launches_on{};
  bool is_open = true;

  int calls() const {
    int sum = 0;
    for (const auto& [call, count] : num_calls) sum += count;
    return sum;
  }
};

class FakeDevice final : public Device {
 public:
  explicit FakeDevice(FakeDeviceState& state) : state_(state) {}
  ~FakeDevice() override { state_.is_open = false; }

  BackendInfo info() const override { return {"fake", "a GPU made of host memory"}; }
  std::size_t free_bytes() override {
    count(DeviceCall::free_bytes);
    return state_.memory_bytes - state_.used_bytes;
  }
  std::byte* allocate(MemoryKind kind, std::size_t bytes) override {
    count(kind == MemoryKind::device ? DeviceCall::allocate_device : DeviceCall::allocate_staging);
    if (kind == MemoryKind::device) {
      if (bytes > state_.largest_block || state_.used_bytes + bytes > state_.memory_bytes) {
        throw DeviceOutOfMemory("The fake GPU is full.");
      }
      state_.used_bytes += bytes;
    }
    std::unique_ptr<std::byte[]> block(new std::byte[bytes]);
    std::fill_n(block.get(), bytes, std::byte{0xa5});
    std::byte* const memory = block.get();
    blocks_[memory] = {std::move(block), bytes};
    return memory;
  }
  void release(MemoryKind kind, std::byte* memory) noexcept override {
    const auto found = blocks_.find(memory);
    if (kind == MemoryKind::device) state_.used_bytes -= found->second.second;
    blocks_.erase(found);
  }
  void copy_to_device(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
    count(DeviceCall::copy_to_device);
    later(stream, [=] { std::memcpy(to, from, bytes); });
  }
  void copy_to_host(int stream, std::byte* to, const std::byte* from, std::size_t bytes) override {
    count(DeviceCall::copy_to_host);
    later(stream, [=] { std::memcpy(to, from, bytes); });
  }
  std::size_t scratch_bytes(const ScratchSizes& sizes) const override {
    Scratch unplaced;
    return carve_scratch(sizes, nullptr, unplaced);
  }
  void mask_rows(int stream, const MaskingLaunch& launch) override {
    count(DeviceCall::mask_rows);
    state_.largest_launch = std::max(state_.largest_launch, static_cast<std::size_t>(launch.num_rows));
    ++state_.launches_on[static_cast<std::size_t>(stream)];
    later(stream, [launch] { run_step<BudgetStep>(launch); });
    later(stream, [launch] { run_step<ContentMaskStep>(launch); });
    later(stream, [launch] { run_step<SelectionStep>(launch); });
  }
  void tally_rows(int stream, const MaskingLaunch& launch) override {
    count(DeviceCall::tally_rows);
    later(stream, [launch] { run_step<TallyStep<AddAlone>>(launch); });
  }
  std::shared_ptr<const std::uint64_t> copy_counts(int stream, const std::uint64_t* counts, std::size_t num_counts) override {
    count(DeviceCall::copy_counts);
    auto copy = std::make_shared<std::vector<std::uint64_t>>(num_counts);
    later(stream, [=] { std::copy_n(counts, num_counts, copy->data()); });
    wait(stream);
    return {copy, copy->data()};
  }
  void wait(int stream) override {
    count(DeviceCall::wait);
    if (state_.is_last_first) {
      for (int other = num_streams; other-- > 0;) finish(other);
    }
    finish(stream);
  }
  void give_up() noexcept override {
    for (auto& work : work_) work.clear();
  }

 private:
  // The last item first: items may be worked on in any order.
  template <class Step>
  static void run_step(const MaskingLaunch& launch) {
    SerialGroup group;
    Scratch scratch;
    carve_step_scratch<Step>(launch.scratch_sizes, launch.scratch, scratch);
    for (std::int64_t item = Step::num_items(launch); item-- > 0;) Step::run(group, launch, item, scratch);
  }
  void finish(int stream) {
    for (const auto& work : std::exchange(work_[static_cast<std::size_t>(stream)], {})) work();
  }
  void count(DeviceCall call) {
    const int number = ++state_.num_calls[call];
    const bool fails_now = state_.fails_at > 0 && call == state_.failing_call && number == state_.fails_at;
    if (!fails_now && !(state_.has_failed && state_.is_sticky)) return;
    state_.has_failed = true;
    throw Error("The fake GPU failed.");
  }
  void later(int stream, std::function<void()> work) { work_[static_cast<std::size_t>(stream)].push_back(std::move(work)); }

  FakeDeviceState& state_;
  std::map<std::byte*, std::pair<std::unique_ptr<std::byte[]>, std::size_t>> blocks_;
  std::array<std::vector<std::function<void()>>, num_streams> work_;
};

}  // namespace maskscope
