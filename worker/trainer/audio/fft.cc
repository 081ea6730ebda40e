#include "worker/trainer/audio/fft.h"

#include <fftw3.h>

#include <cassert>
#include <mutex>
#include <new>

namespace melsweep::audio {
namespace {

std::mutex& planner_lock() {
  static std::mutex lock;
  return lock;
}

template <class T>
T* allocate(std::size_t count) {
  void* memory = fftwf_malloc(count * sizeof(T));
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

}  // namespace

struct RealFft::Plan {
  fftwf_plan handle = nullptr;

  Plan(std::size_t size, float* input, std::complex<float>* output) {
    const std::scoped_lock lock(planner_lock());
    // FFTW_ESTIMATE picks by rule, not by measured time: the same numbers come out of every run.
    handle = fftwf_plan_dft_r2c_1d(static_cast<int>(size), input, reinterpret_cast<fftwf_complex*>(output),
                                   FFTW_ESTIMATE);
    assert(handle != nullptr);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    const std::scoped_lock lock(planner_lock());
    fftwf_destroy_plan(handle);
  }
};

void RealFft::Free::operator()(void* memory) const {
  fftwf_free(memory);
}

RealFft::RealFft(std::size_t size)
    : size_(size),
      input_(allocate<float>(size)),
      output_(allocate<std::complex<float>>(size / 2 + 1)),
      plan_(std::make_unique<Plan>(size, input_.get(), output_.get())) {}

RealFft::~RealFft() = default;

void RealFft::transform() {
  fftwf_execute(plan_->handle);
}

}  // namespace melsweep::audio
