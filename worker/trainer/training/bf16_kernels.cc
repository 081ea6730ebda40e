#include "worker/trainer/training/bf16_kernels.h"

#include <array>

namespace melsweep::training {

extern const Bf16Kernels kBaselineBf16Kernels;
#if MELSWEEP_X86_KERNELS
extern const Bf16Kernels kAvx2Bf16Kernels;
extern const Bf16Kernels kAvx512Bf16Kernels;
extern const Bf16Kernels kNativeBf16Kernels;
#endif

const Bf16Kernels* const* runnable_bf16_kernels() {
  static const auto kRunnable = [] {
    std::array<const Bf16Kernels*, 5> kernels{&kBaselineBf16Kernels};
#if MELSWEEP_X86_KERNELS
    std::size_t count = 1;
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f");
    if (avx2) kernels[count++] = &kAvx2Bf16Kernels;
    if (avx512) kernels[count++] = &kAvx512Bf16Kernels;
    if (avx512 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512bf16")) {
      kernels[count++] = &kNativeBf16Kernels;
    }
#endif
    return kernels;
  }();
  return kRunnable.data();
}

const Bf16Kernels& bf16_kernels() {
  const Bf16Kernels* const* fastest = runnable_bf16_kernels();
  while (fastest[1] != nullptr) ++fastest;
  return **fastest;
}

}  // namespace melsweep::training
