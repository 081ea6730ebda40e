// The GPUs of this machine, from NVIDIA's management library (NVML). It is loaded when it is asked, so that
// the agent runs where there is none; it needs no CUDA, and holds no memory of the GPU.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/resources.h"

namespace melsweep::agent {

inline constexpr char kNvml[] = "libnvidia-ml.so.1";

struct Gpu {
  std::string uuid;   // "GPU-..." or "MIG-...": what CUDA_VISIBLE_DEVICES takes
  ByteSize memory{};  // all of it, used or not
};

// Those that `visible` names, in its order: numbers and UUIDs with ',' between, as CUDA_VISIBLE_DEVICES has
// them ("" or "-1": none); nothing: all. In the place of a GPU that is parted (MIG) are its parts that this
// process may use. None where there is no such library. Unavailable: the library is
// there and cannot say (the driver is another version, or not loaded); NotFound: there is no such GPU.
absl::StatusOr<std::vector<Gpu>> find_gpus(const std::optional<std::string>& visible,
                                           const char* library = kNvml);

}  // namespace melsweep::agent
