#include "worker/trainer/training/head_kernels.h"

#include <array>

namespace melsweep::training {

extern const HeadKernels kBaselineHeadKernels;
#if MELSWEEP_X86_KERNELS
extern const HeadKernels kAvx2HeadKernels;
extern const HeadKernels kAvx512HeadKernels;
#endif

const HeadKernels* const* runnable_head_kernels() {
  static const auto kRunnable = [] {
    std::array<const HeadKernels*, 4> kernels{&kBaselineHeadKernels};
#if MELSWEEP_X86_KERNELS
    std::size_t count = 1;
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2) kernels[count++] = &kAvx2HeadKernels;
    if (avx2 && __builtin_cpu_supports("avx512f")) kernels[count++] = &kAvx512HeadKernels;
#endif
    return kernels;
  }();
  return kRunnable.data();
}

const HeadKernels& head_kernels() {
  const HeadKernels* const* fastest = runnable_head_kernels();
  while (fastest[1] != nullptr) ++fastest;
  return **fastest;
}

}  // namespace melsweep::training
