// numpy's .npy files, as far as Melsweep needs them: little-endian, versions 1 to 3 read, version 1 written.
// Format: numpy.lib.format's documentation.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace melsweep::arrays {

struct Array {
  std::vector<std::size_t> shape;  // empty = a single number
  std::vector<float> values;       // C order; as many as the product of the shape
};

// Reads '<f4', '<f8' (rounded to float32) and '|u1' (0 .. 255, not scaled) in either order; Fortran order,
// which is what librosa's arrays have, is turned into C order. InvalidArgument, naming the file and what is
// wrong, for anything else: another dtype, a shape that does not fit the bytes that follow, more than 4 GiB.
absl::StatusOr<Array> read_npy(const std::filesystem::path& path);

// float32, whole or absent. The product of the shape must be values.size().
absl::Status write_npy(const std::filesystem::path& path, std::span<const std::size_t> shape,
                       std::span<const float> values);

// What stands before the float32 values of an array of this shape: a multiple of 64 bytes, so that the values
// of a memory-mapped file are aligned.
std::string npy_header(std::span<const std::size_t> shape);

}  // namespace melsweep::arrays
