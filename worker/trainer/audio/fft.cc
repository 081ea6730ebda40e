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
  void* memory = fftw_malloc(count * sizeof(T));
  if (memory == nullptr) throw std::bad_alloc();
  return static_cast<T*>(memory);
}

}  // namespace

struct RealFft::Plan {
  fftw_plan handle = nullptr;

  Plan(std::size_t size, double* input, std::complex<double>* output) {
    const std::scoped_lock lock(planner_lock());
    // FFTW_ESTIMATE picks by rule, not by measured time: the same numbers come out of every run.
    handle = fftw_plan_dft_r2c_1d(static_cast<int>(size), input, reinterpret_cast<fftw_complex*>(output),
                                  FFTW_ESTIMATE);
    assert(handle != nullptr);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    const std::scoped_lock lock(planner_lock());
    fftw_destroy_plan(handle);
  }
};

void RealFft::Free::operator()(void* memory) const {
  fftw_free(memory);
}

RealFft::RealFft(std::size_t size)
    : size_(size),
      input_(allocate<double>(size)),
      output_(allocate<std::complex<double>>(size / 2 + 1)),
      plan_(std::make_unique<Plan>(size, input_.get(), output_.get())) {}

RealFft::~RealFft() = default;

void RealFft::transform() {
  fftw_execute(plan_->handle);
}

}  // namespace melsweep::audio
