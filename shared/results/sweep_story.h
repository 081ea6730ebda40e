// All that a database knows of a sweep, or of the sweeps of a study, for whoever tells it whole: a report.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/metric.h"
#include "shared/model/stage_time.h"
#include "shared/model/sweep.h"
#include "shared/results/cells.h"
#include "shared/results/results.h"

namespace melsweep::results {

// How many clips there are of a class. With cross-validation the folds that validate in turn count as
// training.
struct ClassCounts {
  std::string class_name;
  std::int64_t train = 0;
  std::int64_t validation = 0;
  std::int64_t test = 0;
  std::int64_t train_stereo = 0;  // of `train`: those that channels augmentation makes three pictures of
};

struct StoryClip {
  std::string clip;  // path below the data set's folder
  int class_index = 0;
  std::string recording;
  double duration_s = 0.0;
  std::string content_hash;
};

struct SkippedClip {
  std::string clip;
  std::string reason;
};

// Settings that a sweep took over from the winner of another one.
struct StoryTaking {
  std::int64_t from_sweep_id = 0;
  std::string from_sweep;
  std::int64_t from_trial = 0;  // 0: not known yet
  std::string fields;           // ", " between them
};

// A row of the view test_reads.
struct TestRead {
  std::int64_t look = 0;
  std::int64_t sweep_id = 0;
  std::string sweep;
  std::int64_t trial = 0;
  std::string read_at;
};

struct StoryData {
  bool known = false;  // false: no worker has looked at the data yet
  std::string content_hash;
  std::string trainer;  // name and version
  std::vector<ClassCounts> classes;
  std::vector<StoryClip> clips;       // in order of class, then of clip
  std::vector<int> validation_folds;  // with cross-validation
  std::vector<SkippedClip> skipped;
  std::vector<std::pair<std::string, std::string>> weights;  // as the sweep names them, and their SHA-256
  std::vector<TestRead> test_reads;                          // by anybody, of the same data
  std::int64_t recordings = 0;
  // Those with clips in more than one part of the data: leakage. With cross-validation each fold is a part.
  std::int64_t recordings_split = 0;
};

// One attempt that finished a trial, as it was timed.
struct StoryRun {
  std::int64_t trial = 0;
  std::string worker;
  std::string host;
  std::string device;
  std::string group;  // runs that have it in common were begun together
  std::int64_t started_ms = 0;
  std::int64_t ended_ms = 0;
  bool reused = false;       // taken over from an earlier sweep
  std::string checkpoint{};  // the trained model's path, as the coordinator had it; empty: it kept none
  // What its time went into, by name; runs of one group share it. Empty: its trainer did not tell, or the
  // database did not keep it yet.
  std::vector<StageTime> stages{};
  // What a training step is made of: features, model, augmentation, batch size, precision and device. Empty
  // where there are no stages.
  std::string kind{};
  std::int64_t begun_together = 1;  // attempts of its group, whatever became of them
  std::int64_t steps = 0;           // that it took itself, without those that it went on from
};

struct StoryPrediction {
  std::string clip;
  int true_index = 0;
  int predicted_index = 0;
  std::vector<double> probabilities;  // [classes]
};

// A finished trial looked at on one split.
struct StoryEvaluation {
  std::int64_t trial = 0;
  std::string split;
  std::vector<ClassMetrics> classes;
  std::vector<std::vector<std::int64_t>> confusion;  // [true][predicted]
  std::vector<StoryPrediction> predictions;          // sorted by clip
};

struct StoryCurves {
  std::int64_t trial = 0;
  std::vector<MetricPoint> points;  // in order of metric and step; NaN where it was no number
};

// Whether a cell's trials were right about a clip of the objective's split: the mean over its trials.
struct ClipVerdict {
  std::string clip;
  std::string recording;
  double right = 0.0;
};

struct StoryCell {
  CellSummary summary;
  std::vector<std::int64_t> trials;   // their numbers
  std::string settings;               // JSON object with every setting
  std::vector<ClipVerdict> verdicts;  // sorted by clip; of the first cells alone
};

struct SweepStory {
  SweepSummary summary;
  SweepSpec spec;
  std::string yaml;  // as submitted; of a study all of it
  StoryData data;
  std::vector<StoryTaking> takings;
  std::vector<TrialSummary> trials;          // in order of number
  std::vector<StoryCell> cells;              // best first
  std::vector<StoryCurves> curves;           // of the trials of the first cells
  std::vector<StoryEvaluation> evaluations;  // of the trials of the best cell
  std::vector<StoryRun> runs;
  std::int64_t attempts_failed = 0;
  std::int64_t attempts_lost = 0;
  std::int64_t attempts_released = 0;
};

struct Story {
  std::string study;  // its name; empty: one sweep
  int schema_version = 0;
  std::vector<SweepStory> sweeps;  // in the order of the file
};

// Of how many cells, from the best on, the curves and the verdicts are read.
inline constexpr std::size_t kCellsWithCurves = 12;
inline constexpr std::size_t kCellsWithVerdicts = 100;

// All of one moment. `which`: a sweep, as Results::sweep() takes it, or the name of a study (the newest of
// that name). NotFound lists what there is; else open_database()'s errors, and DataLoss where a sweep's
// record cannot be read.
absl::StatusOr<Story> read_story(const std::filesystem::path& database, const std::string& which);

// Several, of the same moment, in the order in which they are asked for.
absl::StatusOr<std::vector<Story>> read_stories(const std::filesystem::path& database,
                                                const std::vector<std::string>& which);

}  // namespace melsweep::results
