#include "worker/trainer/audio/spectrum_kernels.h"

#include <array>

namespace melsweep::audio {

extern const SpectrumKernels kBaselineSpectrumKernels;
#if MELSWEEP_X86_KERNELS
extern const SpectrumKernels kAvx2SpectrumKernels;
extern const SpectrumKernels kAvx512SpectrumKernels;
#endif

const SpectrumKernels* const* runnable_spectrum_kernels() {
  static const auto kRunnable = [] {
    std::array<const SpectrumKernels*, 4> kernels{&kBaselineSpectrumKernels};
#if MELSWEEP_X86_KERNELS
    std::size_t count = 1;
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2) kernels[count++] = &kAvx2SpectrumKernels;
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq");
    if (avx2 && avx512) kernels[count++] = &kAvx512SpectrumKernels;
#endif
    return kernels;
  }();
  return kRunnable.data();
}

const SpectrumKernels& spectrum_kernels() {
  const SpectrumKernels* const* fastest = runnable_spectrum_kernels();
  while (fastest[1] != nullptr) ++fastest;
  return **fastest;
}

}  // namespace melsweep::audio
