// A pointer and a length: the only way arrays are passed to code that runs on both CPU and GPU.
// (std::span's operator[] is not callable in device code without an experimental compiler flag.)
#pragma once

#include <cassert>
#include <cstddef>
#include <type_traits>
#include <vector>

#include "core/host_device.h"

namespace maskscope {

// data: (size) elements, not owned. Example: View<const int> v{ids.data(), 3}; v[2] is the third id.
template <class T>
struct View {
  T* data = nullptr;
  std::ptrdiff_t size = 0;

  MASKSCOPE_HD constexpr T& operator[](std::ptrdiff_t index) const {
    assert(index >= 0 && index < size);
    return data[index];
  }
  MASKSCOPE_HD constexpr T* begin() const { return data; }
  MASKSCOPE_HD constexpr T* end() const { return data + size; }
  MASKSCOPE_HD constexpr bool empty() const { return size == 0; }
  // count elements from offset on; offset + count <= size.
  MASKSCOPE_HD constexpr View subview(std::ptrdiff_t offset, std::ptrdiff_t count) const {
    assert(offset >= 0 && count >= 0 && offset + count <= size);
    return {data + offset, count};
  }
  // To a view that only reads. (A template, because nvcc warns of a conversion of View<const T> to itself.)
  template <class U>
    requires(!std::is_const_v<T> && std::is_same_v<U, const T>)
  MASKSCOPE_HD constexpr operator View<U>() const {
    return {data, size};
  }
};

template <class T>
View<T> view_of(std::vector<T>& values) {
  return {values.data(), static_cast<std::ptrdiff_t>(values.size())};
}
template <class T>
View<const T> view_of(const std::vector<T>& values) {
  return {values.data(), static_cast<std::ptrdiff_t>(values.size())};
}

}  // namespace maskscope
