// For x86-64 processors with AVX-512.
#include "worker/trainer/training/head_vectors_avx512.inc"
// The vectors first.
#include "worker/trainer/training/bf16_kernels.inc"
#include "worker/trainer/training/head_kernels.inc"

namespace melsweep::training {

extern const HeadKernels kAvx512HeadKernels;
const HeadKernels kAvx512HeadKernels = {multiply, find_errors, find_weighted_errors,
                                        descend,  update,      "avx512"};
extern const Bf16Kernels kAvx512Bf16Kernels;
const Bf16Kernels kAvx512Bf16Kernels = {round_numbers, multiply_bf16, descend_bf16, "avx512"};

}  // namespace melsweep::training
