// What a trainer computes on.
#pragma once

#include <torch/torch.h>

#include <string>

namespace melsweep::commands {

struct Device {
  torch::Device torch_device = torch::kCPU;
  std::string name;  // "cpu", "cuda:0": as agents are told
};

// The first CUDA device that this process may see (CUDA_VISIBLE_DEVICES), else the CPU. threads: for libtorch
// on a CPU, process-wide; 0 means OMP_NUM_THREADS, else every processor that this process may use. Also
// process-wide: on CUDA, kernels are chosen that give the same result every time, in full float32.
Device choose_device(unsigned threads);

}  // namespace melsweep::commands
