#include "worker/trainer/inception/dialect.h"

#include "absl/strings/str_cat.h"
#include "worker/trainer/inception/header_json.h"

namespace melsweep::inception {
namespace {

constexpr char kTorchvision[] = "torchvision";
constexpr char kKeras[] = "keras";
constexpr char kZeroToOne[] = "[0,1]";
constexpr char kMinusOneToOne[] = "[-1,1]";

absl::Status bad_value(const char* key, const std::string& value, const char* choices) {
  return absl::InvalidArgumentError(
      absl::StrCat("its metadata says ", key, " = ", in_quotes(value), "; it must be ", choices));
}

}  // namespace

std::string to_text(PoolPadding padding) {
  return padding == PoolPadding::kCounted ? kTorchvision : kKeras;
}

std::string to_text(InputRange range) {
  return range == InputRange::kZeroToOne ? kZeroToOne : kMinusOneToOne;
}

absl::StatusOr<Dialect> dialect_of(const Metadata& metadata) {
  Dialect dialect;
  const auto name = metadata.find(kDialectKey);
  if (name != metadata.end()) {
    if (name->second != kTorchvision && name->second != kKeras) {
      return bad_value(kDialectKey, name->second, "\"torchvision\" or \"keras\"");
    }
    dialect.pool_padding = name->second == kKeras ? PoolPadding::kNotCounted : PoolPadding::kCounted;
  }
  const auto range = metadata.find(kInputRangeKey);
  if (range == metadata.end()) {
    if (dialect.pool_padding == PoolPadding::kCounted) return dialect;
    return bad_value(
        kInputRangeKey, "",
        "\"[0,1]\" or \"[-1,1]\" for Keras-born weights, which come with either (`melsweep weights convert "
        "safetensors --input-range` says it)");
  }
  if (range->second != kZeroToOne && range->second != kMinusOneToOne) {
    return bad_value(kInputRangeKey, range->second, "\"[0,1]\" or \"[-1,1]\"");
  }
  dialect.input_range = range->second == kZeroToOne ? InputRange::kZeroToOne : InputRange::kMinusOneToOne;
  return dialect;
}

Metadata dialect_metadata(const Dialect& dialect) {
  return {{kDialectKey, to_text(dialect.pool_padding)}, {kInputRangeKey, to_text(dialect.input_range)}};
}

}  // namespace melsweep::inception
