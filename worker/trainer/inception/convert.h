// Other people's safetensors files made into Melsweep's.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

// Writes the trunk of `in` (torchvision's names: timm/inception_v3.tv_in1k) as float32 with its dialect in
// the metadata. AuxLogits and counters are dropped, fc is kept. `said` stands for the file's own metadata of
// the same keys, so that a file which says nothing, or nonsense, of its dialect can be mended.
// InvalidArgument where the file is not an Inception v3; then nothing is written.
absl::Status convert_safetensors(const std::filesystem::path& in, const std::filesystem::path& out,
                                 const Metadata& said);

}  // namespace melsweep::inception
