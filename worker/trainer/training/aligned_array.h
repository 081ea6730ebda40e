// Zeroed numbers that begin at a cache line: a vector that straddles two takes twice as long to load.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace melsweep::training {

// Many of them lie in huge pages where the system has them: what is read here and there, a row at a time,
// would wait for the address of every small page.
template <class Number>
class AlignedArray {
 public:
  static constexpr std::size_t kCacheLine = 64;                   // bytes
  static constexpr std::size_t kHugePage = std::size_t{1} << 21;  // bytes

  AlignedArray() = default;
  explicit AlignedArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    const std::size_t bytes = size * sizeof(Number);
    const std::align_val_t alignment{bytes < kHugePage ? kCacheLine : kHugePage};
    data_ = {static_cast<Number*>(::operator new(bytes, alignment)), Free{alignment}};
    // A wish: it may be refused.
    if (bytes >= kHugePage) madvise(data_.get(), bytes, MADV_HUGEPAGE);
    std::fill_n(data_.get(), size, Number{});
  }

  Number* data() { return data_.get(); }  // null where there are none
  const Number* data() const { return data_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Free {
    std::align_val_t alignment{};
    void operator()(Number* numbers) const { ::operator delete(numbers, alignment); }
  };

  std::unique_ptr<Number, Free> data_;
  std::size_t size_ = 0;
};

using AlignedFloats = AlignedArray<float>;

}  // namespace melsweep::training
