// A data set looked at without a sweep: what is in it, and what is wrong with it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "worker/trainer/dataset/file_scan.h"

namespace melsweep::dataset {

struct ClassSummary {
  std::string name;
  std::int64_t clips = 0;  // usable ones
  std::int64_t groups = 0;
  std::map<int, std::int64_t> per_fold;  // clips; empty without folds
  std::map<int, std::int64_t> channels;  // -> clips
};

struct Durations {  // s
  double min = 0.0;
  double median = 0.0;
  double max = 0.0;
};

struct Inspection {
  DatasetFormat format = DatasetFormat::kUrbanSound8k;
  std::int64_t clips = 0;             // usable ones
  std::vector<ClassSummary> classes;  // sorted by name
  Durations durations;
  std::map<int, std::int64_t> sample_rates;  // Hz -> clips
  std::map<int, std::int64_t> channels;      // -> clips
  std::map<int, std::int64_t> folds;         // -> clips; empty without folds
  std::vector<BadClip> bad_clips;
  // Sentences: files of the same content, recordings in several folds, classes without a usable clip. Of each
  // of the first two kinds a handful, and how many more there are.
  std::vector<std::string> problems;

  bool usable() const { return bad_clips.empty() && problems.empty(); }
};

// Without a format, the one that detect_format() finds. The errors are read_listing()'s and scan_files()'s.
absl::StatusOr<Inspection> inspect_dataset(const std::filesystem::path& path,
                                           std::optional<DatasetFormat> format, const ScanOptions& options);

}  // namespace melsweep::dataset
