// An array between guard words, which no one may write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "core/view.h"

namespace maskscope {

template <class T>
class GuardedBuffer {
 public:
  explicit GuardedBuffer(std::size_t size, T value = T{}) : bytes_((size + 2 * num_guards) * sizeof(T), guard_byte) {
    std::uninitialized_fill_n(data(), size, value);
  }
  T* data() { return reinterpret_cast<T*>(bytes_.data()) + num_guards; }
  std::size_t size() const { return bytes_.size() / sizeof(T) - 2 * num_guards; }
  View<T> view() { return {data(), static_cast<std::ptrdiff_t>(size())}; }
  T& operator[](std::size_t i) { return data()[i]; }
  bool is_intact() const {
    const auto is_guard = [](unsigned char byte) { return byte == guard_byte; };
    constexpr auto guards = static_cast<std::ptrdiff_t>(num_guards * sizeof(T));
    return std::all_of(bytes_.begin(), bytes_.begin() + guards, is_guard) &&
           std::all_of(bytes_.end() - guards, bytes_.end(), is_guard);
  }

 private:
  static constexpr std::size_t num_guards = 16;
  static constexpr unsigned char guard_byte = 0xa5;
  std::vector<unsigned char> bytes_;
};

}  // namespace maskscope
