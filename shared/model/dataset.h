// Labelled sound: what a sweep asks for, and what a worker found on its disk.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace melsweep {

enum class DatasetFormat {
  kUrbanSound8k,  // metadata/UrbanSound8K.csv + audio/fold1..fold10/
  kEsc50,         // meta/esc50.csv + audio/
  kFolders,       // one folder a class
  kCsv,           // a manifest: path,label[,fold][,group]
};

enum class SplitBy { kFold, kGroup, kRandom };
enum class BadClipPolicy { kFail, kSkip };

struct SplitSpec {
  SplitBy by = SplitBy::kFold;
  std::vector<int> validation_folds;  // kFold; empty with cross_validation
  std::vector<int> test_folds;        // kFold; may be empty
  double validation_fraction = 0.0;   // kGroup, kRandom: in (0, 1)
  double test_fraction = 0.0;         // kGroup, kRandom: in [0, 1)
  std::uint64_t seed = 0;             // kGroup, kRandom
  bool cross_validation =
      false;                   // kFold: every fold that is no test fold is the validation fold of one trial
  bool allow_leakage = false;  // kRandom: one recording may stand on both sides; reports then carry a warning
  friend bool operator==(const SplitSpec&, const SplitSpec&) = default;
};

struct DatasetSpec {
  DatasetFormat format = DatasetFormat::kUrbanSound8k;
  std::string
      path;  // a folder, or for kCsv the manifest; relative paths start at the worker's working directory
  SplitSpec split;
  BadClipPolicy on_bad_clip = BadClipPolicy::kFail;
  friend bool operator==(const DatasetSpec&, const DatasetSpec&) = default;
};

enum class Split { kTrain, kValidation, kTest };

// One usable labelled recording.
struct Clip {
  std::string id;       // path below the data set's folder, '/' separated; unique
  int class_index = 0;  // into DatasetReport::classes
  std::string group;  // the recording it was cut from (fsID, ESC-50's src_file); the id itself where unknown
  int fold = 0;       // 1-based; 0 = the layout has no folds
  std::string content_hash;  // SHA-256 of the file, lower-case hex
  int sample_rate = 0;       // Hz, of the file
  int channels = 0;
  double duration_s = 0.0;
  // Without cross-validation: where the split put it. With it: kTest or kTrain (each fold validates in turn).
  Split split = Split::kTrain;
  friend bool operator==(const Clip&, const Clip&) = default;
};

// A row of the data set that cannot be used, and why, in a sentence with the file's name in it.
struct BadClip {
  std::string id;
  std::string reason;
  friend bool operator==(const BadClip&, const BadClip&) = default;
};

// What a worker tells the coordinator about a data set. Clips are sorted by id.
struct DatasetReport {
  std::string content_hash;          // SHA-256 over ids, classes, groups, folds and clip hashes
  std::vector<std::string> classes;  // sorted
  std::vector<Clip> clips;
  std::vector<BadClip> skipped;       // non-empty only with on_bad_clip: skip
  std::vector<std::string> warnings;  // e.g. leakage; shown by every report of the sweep
  std::vector<int>
      validation_folds;  // with cross-validation: the folds to validate on, ascending; else empty
  // Of each name that the sweep has for weights (ModelSettings::weights): the file's SHA-256; "random" for
  // untrained weights.
  std::map<std::string, std::string> weights_hashes;
  std::string trainer;  // the name and version of the trainer that looked
  friend bool operator==(const DatasetReport&, const DatasetReport&) = default;
};

}  // namespace melsweep
