// From a data set's description to what a worker reports about it.
#pragma once

#include "absl/status/statusor.h"
#include "shared/model/dataset.h"
#include "worker/trainer/dataset/file_scan.h"

namespace melsweep::dataset {

using PrepareOptions = ScanOptions;

// Reads the layout, decodes and hashes every file (each once: the cache knows it again by path, size and
// times of change), applies spec.on_bad_clip and spec.split, and checks for leakage; with fingerprints also
// by near duplicates (near_duplicates.h), which are a warning. DatasetReport::weights_hashes stays empty.
//
// content_hash is the SHA-256 over, for each clip in the order of ids, the fields id, class name, group, fold
// and content hash, each written as "<length>:<bytes>". It does not depend on the split.
//
// Errors are for people and name files and rows: NotFound (no such data set), InvalidArgument (a broken
// table, a bad clip under on_bad_clip: fail, a split that cannot be made), FailedPrecondition (a random split
// that leaks), Cancelled (a stop was requested).
absl::StatusOr<DatasetReport> prepare_dataset(const DatasetSpec& spec, const PrepareOptions& options);

}  // namespace melsweep::dataset
