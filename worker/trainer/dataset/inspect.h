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

// Two clips of different recordings and contents that sound the same (near_duplicates.h).
struct AlikeClips {
  std::string first;  // ids
  std::string second;
  int first_fold = 0;  // 0 = the data set has none
  int second_fold = 0;
  double difference = 0.0;  // the part of their fingerprints' bits that differ
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

  // No problem by itself: it may be one recording under two names, which leaks where a split parts it.
  std::vector<AlikeClips> alike;  // by the ids of the first and then the second
  std::int64_t too_short = 0;     // clips that were compared with none: see NearDuplicates
  std::int64_t too_even = 0;

  bool usable() const { return bad_clips.empty() && problems.empty(); }
};

// Without a format, the one that detect_format() finds; with fingerprints, whatever the options say. The
// errors are read_listing()'s, scan_files()'s and find_near_duplicates()'s.
absl::StatusOr<Inspection> inspect_dataset(const std::filesystem::path& path,
                                           std::optional<DatasetFormat> format, const ScanOptions& options);

}  // namespace melsweep::dataset
