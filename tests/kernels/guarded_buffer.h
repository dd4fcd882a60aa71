// An array between guard words, which no one may write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace maskscope {

template <class T>
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::size_t size, T value = T{}) : elements_(size + 2 * num_guards, value) {
    std::fill_n(elements_.begin(), num_guards, guard);
    std::fill_n(elements_.rbegin(), num_guards, guard);
  }
  T* data() { return elements_.data() + num_guards; }
  T& operator[](std::size_t i) { return elements_[num_guards + i]; }
  bool operator==(const GuardedBuffer&) const = default;
  bool is_intact() const {
    const auto is_guard = [](T element) { return element == guard; };
    return std::all_of(elements_.begin(), elements_.begin() + num_guards, is_guard) &&
           std::all_of(elements_.rbegin(), elements_.rbegin() + num_guards, is_guard);
  }

 private:
  static constexpr int num_guards = 16;
  static constexpr T guard = static_cast<T>(0x5a5aa5a5);
  std::vector<T> elements_;
};

}  // namespace maskscope
