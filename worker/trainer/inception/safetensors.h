// The safetensors format: eight bytes of header length, a JSON header, the tensors' bytes. Strict: what the
// format does not allow is refused before anything is allocated for it. Source:
// https://github.com/huggingface/safetensors#format
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "worker/trainer/features/mapped_file.h"

namespace melsweep::inception {

using Metadata = std::map<std::string, std::string>;

// Longer headers are refused; that of a whole Inception v3 has 60 kB.
inline constexpr std::uint64_t kMaxSafetensorsHeaderBytes = std::uint64_t{16} << 20;

// A tensor inside a mapped file; valid as long as its SafetensorsFile.
struct StoredTensor {
  std::string name;
  std::string dtype;                 // as the file says: "F32", "F16", "BF16", "I64", ...
  std::vector<std::int64_t> shape;   // empty for a scalar
  std::span<const std::byte> bytes;  // row-major, little-endian, not aligned
};

// A read-only, memory-mapped file whose header was checked: every tensor's bytes lie in the file, none
// overlap, no byte belongs to none. Thread-safe once opened. The file must not be truncated while it is open.
class SafetensorsFile {
 public:
  // NotFound where there is no such file, InvalidArgument with the path and what is wrong otherwise.
  static absl::StatusOr<SafetensorsFile> open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const std::vector<StoredTensor>& tensors() const { return tensors_; }  // sorted by name
  const Metadata& metadata() const { return metadata_; }                 // the header's __metadata__
  const StoredTensor* find(std::string_view name) const;                 // nullptr where there is none

 private:
  SafetensorsFile() = default;

  std::filesystem::path path_;
  std::shared_ptr<const features::MappedFile> bytes_;
  std::vector<StoredTensor> tensors_;
  Metadata metadata_;
};

// The values of an F32, F16 or BF16 tensor; other types are refused by name.
absl::StatusOr<std::vector<float>> to_floats(const StoredTensor& tensor);

// The values of the file's tensor of this name, which has this shape; else InvalidArgument says what is wrong
// with it, beginning with its name.
absl::StatusOr<std::vector<float>> read_tensor(const SafetensorsFile& file, const std::string& name,
                                               const std::vector<std::int64_t>& shape);

// A tensor to be written; `values` must live until it is.
struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::span<const float> values;  // row-major, as many as the shape says
};

// Writes F32 tensors in the order given, atomically (shared/files/atomic_file.h). The same arguments give the
// same bytes. InvalidArgument for a repeated or reserved name, and for values that do not fill the shape.
absl::Status write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                               const Metadata& metadata);

}  // namespace melsweep::inception
