// A group's scratch on the host, together with the memory it lies in.
#pragma once

#include <cstddef>
#include <vector>

#include "kernels/stages/scratch.h"

namespace maskscope {

class HostScratch {
 public:
  HostScratch() = default;
  explicit HostScratch(const ScratchSizes& sizes) { reserve(sizes); }
  // The scratch points into the memory: it may move with it, and not be copied.
  HostScratch(HostScratch&&) noexcept = default;
  HostScratch& operator=(HostScratch&&) noexcept = default;

  // Makes room for these sizes; the content is lost.
  void reserve(const ScratchSizes& sizes) {
    memory_.resize(carve_scratch(sizes, nullptr, scratch_) / sizeof(double));
    carve_scratch(sizes, reinterpret_cast<std::byte*>(memory_.data()), scratch_);
  }
  const Scratch& get() const { return scratch_; }

 private:
  std::vector<double> memory_;  // doubles for their alignment
  Scratch scratch_{};
};

}  // namespace maskscope
