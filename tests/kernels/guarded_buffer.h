// An array between guard words, which no one may write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>
#include <vector>

#include "core/view.h"

namespace maskscope {

template <class T>
class GuardedBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit GuardedBuffer(std::size_t size, T value = T{}) : elements_(num_guards, guard()) {
    elements_.insert(elements_.end(), size, value);
    elements_.insert(elements_.end(), num_guards, guard());
  }
  T* data() { return elements_.data() + num_guards; }
  std::size_t size() const { return elements_.size() - 2 * num_guards; }
  View<T> view() { return {data(), static_cast<std::ptrdiff_t>(size())}; }
  T& operator[](std::size_t i) { return elements_[num_guards + i]; }
  bool operator==(const GuardedBuffer&) const = default;
  bool is_intact() const {
    const auto is_guard = [](const T& element) {
      const T expected = guard();
      return std::memcmp(&element, &expected, sizeof(T)) == 0;
    };
    return std::all_of(elements_.begin(), elements_.begin() + num_guards, is_guard) &&
           std::all_of(elements_.rbegin(), elements_.rbegin() + num_guards, is_guard);
  }

 private:
  static constexpr int num_guards = 16;
  static T guard() {
    T element;
    std::memset(static_cast<void*>(&element), 0x5a, sizeof(T));
    return element;
  }
  std::vector<T> elements_;
};

}  // namespace maskscope
