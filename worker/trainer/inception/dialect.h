// The two dialects of Inception v3, and how a weights file names its own.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "worker/trainer/inception/safetensors.h"

namespace melsweep::inception {

// Who trained the weights decides how the 3 x 3 average pools treat the border: torchvision's port divides by
// 9 everywhere (it counts the padding), Keras by the number of pixels under the window.
enum class PoolPadding { kCounted, kNotCounted };

// What the first layer expects where a picture has [0, 1].
enum class InputRange { kZeroToOne, kMinusOneToOne };

// The default is torchvision's: its transform_input maps ImageNet-normalised pictures to [-1, 1].
struct Dialect {
  PoolPadding pool_padding = PoolPadding::kCounted;
  InputRange input_range = InputRange::kMinusOneToOne;
  friend bool operator==(const Dialect&, const Dialect&) = default;
};

// Metadata keys of a weights file.
inline constexpr char kDialectKey[] = "melsweep.dialect";         // "torchvision" | "keras"
inline constexpr char kInputRangeKey[] = "melsweep.input_range";  // "[0,1]" | "[-1,1]"
inline constexpr char kSourceKey[] = "melsweep.source";           // for people: "nsfwjs 4.3.0"

std::string to_text(PoolPadding padding);
std::string to_text(InputRange range);

// Files without the keys are torchvision's; "keras" without a range is refused, since both are in use.
absl::StatusOr<Dialect> dialect_of(const Metadata& metadata);

// The two keys that say `dialect`.
Metadata dialect_metadata(const Dialect& dialect);

}  // namespace melsweep::inception
