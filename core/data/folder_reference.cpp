#include "core/data/folder_reference.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <random>

namespace maskscope {
namespace {

// numpy.random.seed(seed); numpy.random.permutation(count): the legacy generator, masked draws with rejection.
std::vector<std::size_t> numpy_permutation(std::uint32_t seed, std::size_t count) {
  std::mt19937 generator(seed);
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = count; i-- > 1;) {
    const std::size_t mask = std::bit_ceil(i + 1) - 1;
    std::size_t j;
    do j = generator() & mask;
    while (j > i);
    std::swap(order[i], order[j]);
  }
  return order;
}

}  // namespace

FolderReference::FolderReference(std::vector<std::string> classes, std::vector<std::vector<Entry>> lists, std::string exception,
                                 const FolderReferenceOptions& options)
    : classes_(std::move(classes)), lists_(std::move(lists)), exception_(std::move(exception)) {
  for (const auto& list : lists_) {
    if (list.empty() && exception_.empty()) exception_ = "RuntimeError";
  }
  if (options.max_samples) permute(0, *options.max_samples);
  if (options.pre_shuffle) permute(100, std::numeric_limits<std::size_t>::max());
}

// By the length of the first list, applied to all.
void FolderReference::permute(std::uint32_t seed, std::size_t max_samples) {
  if (!exception_.empty()) return;
  const std::vector<std::size_t> order = numpy_permutation(seed, lists_[0].size());
  for (auto& list : lists_) {
    if (list.size() < order.size()) {
      exception_ = "IndexError";
      return;
    }
    std::vector<Entry> permuted;
    for (std::size_t i = 0; i < std::min(order.size(), max_samples); ++i) permuted.push_back(list[order[i]]);
    list = std::move(permuted);
  }
}

std::optional<FolderReference::Entry> FolderReference::at(std::size_t list, std::size_t index) const {
  return index < lists_[list].size() ? std::optional(lists_[list][index]) : std::nullopt;
}

bool FolderReference::raises(std::size_t index) const {
  return std::any_of(lists_.begin(), lists_.end(), [&](const auto& list) { return index >= list.size(); });
}

}  // namespace maskscope
