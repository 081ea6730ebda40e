#include "worker/trainer/inception/checksum.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/files/digest.h"

namespace melsweep::inception {
namespace {

// Of a sequence of pieces, each with its length: the same bytes cut otherwise are another sequence.
class PiecesDigest {
 public:
  void add(std::span<const std::byte> piece) {
    const std::uint64_t length = piece.size();
    digest_.update(std::as_bytes(std::span(&length, 1)));
    digest_.update(piece);
  }
  void add(std::string_view piece) { add(std::as_bytes(std::span(piece.data(), piece.size()))); }

  std::string finish() { return digest_.finish(); }

 private:
  files::Sha256 digest_;
};

// `tensors` sorted by name. The checksum's own key does not count.
std::string checksum_of(std::span<const StoredTensor> tensors, const Metadata& metadata) {
  PiecesDigest digest;
  for (const auto& [key, value] : metadata) {
    if (key == kChecksumKey) continue;
    digest.add(key);
    digest.add(value);
  }
  for (const StoredTensor& tensor : tensors) {
    digest.add(tensor.name);
    digest.add(tensor.dtype);
    digest.add(std::as_bytes(std::span(tensor.shape)));
    digest.add(tensor.bytes);
  }
  return digest.finish();
}

}  // namespace

Metadata with_checksum(std::span<const NamedTensor> tensors, Metadata metadata) {
  std::vector<StoredTensor> stored;
  stored.reserve(tensors.size());
  for (const NamedTensor& tensor : tensors) {
    stored.push_back({tensor.name, "F32", tensor.shape, std::as_bytes(tensor.values)});
  }
  std::ranges::sort(stored, {}, &StoredTensor::name);
  metadata[std::string(kChecksumKey)] = checksum_of(stored, metadata);
  return metadata;
}

absl::Status check_content(const SafetensorsFile& file) {
  const auto checksum = file.metadata().find(std::string(kChecksumKey));
  if (checksum == file.metadata().end()) {
    return absl::DataLossError(absl::StrCat(file.path().string(), " has no checksum"));
  }
  if (checksum->second != checksum_of(file.tensors(), file.metadata())) {
    return absl::DataLossError(absl::StrCat(file.path().string(), " is damaged: its checksum does not fit"));
  }
  return absl::OkStatus();
}

}  // namespace melsweep::inception
