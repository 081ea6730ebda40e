// What a trial got wrong, to look at and to listen to where the data set is not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "shared/model/metric.h"
#include "shared/model/settings.h"
#include "worker/trainer/rendering/render_request.h"

namespace melsweep::rendering {

inline constexpr std::size_t kMaxMisclassifiedClips = 200;
inline constexpr std::int64_t kMaxMisclassifiedBytes = std::int64_t{24} << 20;  // of the archive
inline constexpr char kSumsFile[] = "SHA256SUMS";  // the member that names the others with their hashes

// A spectrogram, "s-1", and a snippet, "a-1", of each misclassified clip, the most confident error first: by
// the probability of the class that it was taken for, equals by the clip's id. Of the first
// kMaxMisclassifiedClips. Clips that the data set does not have are left out.
std::vector<RenderItem> misclassified_items(const Evaluation& evaluation, const DatasetSpec& dataset,
                                            std::span<const Clip> clips, const FeatureSettings& features);

struct MisclassifiedOptions {
  std::filesystem::path target;  // the archive; beside it a folder of its name is made and removed again
  std::int64_t max_bytes = kMaxMisclassifiedBytes;
  unsigned threads = 0;  // 0: as many as the machine has
  std::function<void(std::size_t done, std::size_t total)> progress{};
  std::function<bool()> is_interrupted{};
};

// Writes a tar archive (shared/files/tar_archive.h) of rendered.json, which comes first, and the files that
// it names, and last their hashes, as `sha256sum --check` takes them. What cannot be made, or does not fit
// into max_bytes any more, has its error there. Cancelled where it was interrupted; other errors: the disk.
// There is no archive then.
absl::Status write_misclassified(std::span<const RenderItem> items, const MisclassifiedOptions& options);

}  // namespace melsweep::rendering
