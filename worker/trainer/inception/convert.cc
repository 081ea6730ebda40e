#include "worker/trainer/inception/convert.h"

#include <string>
#include <utility>
#include <vector>

#include "worker/trainer/inception/dialect.h"
#include "worker/trainer/inception/weights_file.h"

namespace melsweep::inception {

absl::Status convert_safetensors(const std::filesystem::path& in, const std::filesystem::path& out,
                                 const Metadata& said) {
  const absl::StatusOr<SafetensorsFile> file = SafetensorsFile::open(in);
  if (!file.ok()) return file.status();
  const absl::StatusOr<WeightsSummary> summary = check_weights(*file, said);
  if (!summary.ok()) return summary.status();

  std::vector<std::vector<float>> values;
  std::vector<NamedTensor> tensors;
  for (const StoredTensor& tensor : file->tensors()) {
    if (is_unused(tensor.name) && !tensor.name.starts_with("fc.")) continue;
    absl::StatusOr<std::vector<float>> floats = to_floats(tensor);
    if (!floats.ok()) return floats.status();
    values.push_back(*std::move(floats));
    tensors.push_back({tensor.name, tensor.shape, values.back()});
  }
  Metadata metadata = dialect_metadata(summary->dialect);
  metadata.emplace(kSourceKey, summary->source.empty() ? in.filename().string() : summary->source);
  return write_safetensors(out, tensors, metadata);
}

}  // namespace melsweep::inception
