// Model files that know their own content, so that damage shows.
#pragma once

#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

inline constexpr std::string_view kChecksumKey = "melsweep.checksum";

// The metadata with a SHA-256 over them and over the tensors' names, shapes and values: for
// write_safetensors(), with the same tensors.
Metadata with_checksum(std::span<const NamedTensor> tensors, Metadata metadata);

// DataLoss, with the path, where the content is not what with_checksum() was given, or was never given to it.
absl::Status check_content(const SafetensorsFile& file);

}  // namespace melsweep::inception
