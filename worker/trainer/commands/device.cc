#include "worker/trainer/commands/device.h"

#include <algorithm>
#include <cstdlib>
#include <thread>

namespace melsweep::commands {
namespace {

// libtorch itself takes half of the processors on x86-64, for fear of hyperthreads: on the two cores of a
// small machine one, and the trunk then takes twice as long.
int default_threads() {
  if (std::getenv("OMP_NUM_THREADS") != nullptr) return torch::get_num_threads();
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// The same arithmetic every time, in full float32: TF32 costs three digits, and a benchmark picks another
// kernel on another day.
void make_cuda_deterministic() {
  at::Context& context = at::globalContext();
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
  context.setDeterministicCuDNN(true);
  context.setBenchmarkCuDNN(false);
}

}  // namespace

Device choose_device(unsigned threads) {
  make_cuda_deterministic();
  torch::set_num_threads(threads > 0 ? static_cast<int>(threads) : default_threads());
  if (torch::cuda::is_available()) return {.torch_device = torch::Device(torch::kCUDA, 0), .name = "cuda:0"};
  return {.torch_device = torch::kCPU, .name = "cpu"};
}

}  // namespace melsweep::commands
