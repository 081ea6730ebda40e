// A real-to-complex Fourier transform of one size, double precision (FFTW).
#pragma once

#include <complex>
#include <cstddef>
#include <memory>
#include <span>

namespace melsweep::audio {

// Owns a plan and the two buffers it was planned on. FFTW's planner is not thread-safe, so plans are made and
// destroyed under one lock; transform() takes none. Not thread-safe; objects on different threads do not
// disturb each other.
class RealFft {
 public:
  explicit RealFft(std::size_t size);  // size >= 1
  RealFft(const RealFft&) = delete;
  RealFft& operator=(const RealFft&) = delete;
  ~RealFft();

  std::span<double> input() { return {input_.get(), size_}; }
  // Unnormalised; overwritten by every transform().
  std::span<const std::complex<double>> output() const { return {output_.get(), size_ / 2 + 1}; }
  void transform();

 private:
  struct Free {
    void operator()(void* memory) const;
  };
  struct Plan;

  std::size_t size_;
  std::unique_ptr<double[], Free> input_;
  std::unique_ptr<std::complex<double>[], Free> output_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace melsweep::audio
