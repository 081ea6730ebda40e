// Every sound file of a data set, decoded once and hashed, by several threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/progress.h"
#include "worker/trainer/dataset/listing.h"
#include "worker/trainer/dataset/scan_cache.h"

namespace melsweep::dataset {

// How many files were read, and of how many the cache knew what there is to know.
struct ScanCounts {
  std::int64_t read = 0;
  std::int64_t known = 0;
};

struct ScanOptions {
  // Where what was learned of each file is kept between runs; processes may share it. Empty: nothing is kept.
  std::filesystem::path cache_dir;
  // Stage "reading data", files done of files in total, at most some hundred times. May be empty. Called from
  // several threads, one at a time.
  std::function<void(const Progress&)> progress;
  std::stop_token stop;
  unsigned threads = 0;  // 0 = as many as the machine has
  // Whether ScannedFile::fingerprint is wanted, which takes some 3 ms of processor time for 5 s of sound.
  bool with_fingerprints = false;
  ScanCounts* counts = nullptr;  // is told of a scan that was not stopped; may be null
};

// One outcome a file, in the order of `ids`, which are paths below `root` without repeats. A file that cannot
// be used has a status whose message names it and says why. Cancelled where a stop was requested,
// ResourceExhausted where memory ran out; what was read until then is kept. What is read is also kept on the
// way, so that a scan that is killed loses a few hundred files or a sixteenth.
absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> scan_files(const std::filesystem::path& root,
                                                                    const std::vector<std::string>& ids,
                                                                    const ScanOptions& options);

// The same for the clips of a listing. One that is listed with a defect is not opened; that is its outcome.
absl::StatusOr<std::vector<absl::StatusOr<ScannedFile>>> scan_listing(const Listing& listing,
                                                                      const ScanOptions& options);

}  // namespace melsweep::dataset
