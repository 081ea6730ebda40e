// For x86-64 processors that multiply bfloat16 themselves: AVX512_BF16.
#include "worker/trainer/training/head_vectors_avx512.inc"
// The vectors first.
#include "worker/trainer/training/bf16_kernels.inc"

namespace melsweep::training {

extern const Bf16Kernels kNativeBf16Kernels;
const Bf16Kernels kNativeBf16Kernels = {round_numbers, multiply_bf16, descend_bf16, "avx512_bf16"};

}  // namespace melsweep::training
