// What an agent and a trainer say to each other, one JSON object a line (docs/trainer-protocol.md).
// The agent writes commands to the trainer's standard input; the trainer writes events to its standard output
// and keeps standard error for its log. This header and codec.h are all that a trainer shares with an agent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/ids.h"
#include "shared/model/metric.h"
#include "shared/model/progress.h"
#include "shared/model/stage_time.h"
#include "shared/model/trial.h"

namespace melsweep::protocol {

inline constexpr int kVersion = 1;
inline constexpr std::size_t kMaxLineBytes = std::size_t{32} << 20;
// Read, each takes up to 112 bytes beside its text: an agent spends less than 300 MiB on whatever a trainer
// says.
inline constexpr std::size_t kMaxLineCommas = 2'000'000;
// Of ProgressMade::progress.stage: the coordinator refuses heartbeats that carry more.
inline constexpr std::size_t kMaxStageBytes = 256;

// --- commands: agent -> trainer. One PrepareData, TrainTrial or TrainGroup runs at a time.

// Look at the data and the weights without training. Answered by DataPrepared or Failed.
struct PrepareData {
  DatasetSpec dataset;
  std::vector<std::string> weights;  // every ModelSettings::weights that the sweep's trials may have
  friend bool operator==(const PrepareData&, const PrepareData&) = default;
};

// Answered by Progress, Metrics and Checkpointed events, and at last by Finished, Failed or Stopped. Resumed
// comes before anything is learned, where `resume_from` was taken up.
struct TrainTrial {
  TrialPlan plan;
  std::string artifacts_dir;  // where checkpoints go; the trainer makes it
  std::string resume_from{};  // a checkpoint of an earlier attempt at this trial, an absolute path; "" = none
  // Seconds from one Checkpointed to the next, finite; 0 = only when stopped.
  double checkpoint_every_s = 0.0;
  friend bool operator==(const TrainTrial&, const TrainTrial&) = default;
};

// Trials of one sweep and data set that differ in their numbers, in seeds and in how they are trained (but
// not in augmentation), to be trained together; at least one, at most Hello::max_group. Each is answered as
// a TrainTrial, by events that carry its number, and ends by itself.
struct TrainGroup {
  std::vector<TrainTrial> trials;
  friend bool operator==(const TrainGroup&, const TrainGroup&) = default;
};

// End the running command as soon as it is whole to do so, or one trial of a group, which does not disturb
// the others. Answered by Stopped (or by its ordinary end, if that was first), and before it by Checkpointed,
// where a trial learned something since the last. Caches built so far are kept.
struct StopWork {
  TrialId trial{};  // of the group; 0 = everything
  friend bool operator==(const StopWork&, const StopWork&) = default;
};

// The end of standard input means the same: leave.
struct Shutdown {
  friend bool operator==(const Shutdown&, const Shutdown&) = default;
};

using Command = std::variant<PrepareData, TrainTrial, TrainGroup, StopWork, Shutdown>;

// --- events: trainer -> agent. Those of a group's trials carry the trial's number; it is 0 where the command
// has one piece of work only, and in progress that all of a group make together.

// The first line a trainer writes.
struct Hello {
  int protocol = kVersion;
  std::string trainer;  // name and version
  std::string device;   // "cpu" or "cuda:0"
  int max_group = 1;    // trials in one TrainGroup; 1 = it knows no groups
  friend bool operator==(const Hello&, const Hello&) = default;
};

struct DataPrepared {
  DatasetReport report;
  friend bool operator==(const DataPrepared&, const DataPrepared&) = default;
};

struct ProgressMade {
  Progress progress;
  TrialId trial{};
  friend bool operator==(const ProgressMade&, const ProgressMade&) = default;
};

// Points of one trial, steps ascending.
struct MetricsMeasured {
  std::vector<MetricPoint> points;
  TrialId trial{};
  friend bool operator==(const MetricsMeasured&, const MetricsMeasured&) = default;
};

// The trial goes on from the state after `step` steps; said before anything is learned.
struct Resumed {
  std::int64_t step = 0;
  TrialId trial{};
  friend bool operator==(const Resumed&, const Resumed&) = default;
};

// The state after checkpoint.step steps is on the disk. The trainer keeps the newest two of an attempt.
struct Checkpointed {
  Checkpoint checkpoint;
  TrialId trial{};
  friend bool operator==(const Checkpointed&, const Checkpointed&) = default;
};

// A file on the disk, beside a checkpoint.
struct MadeFile {
  std::string path;  // absolute
  std::string sha256;
  friend bool operator==(const MadeFile&, const MadeFile&) = default;
};

// A trial ended well. For PrepareData, DataPrepared stands for it.
struct Finished {
  Checkpoint checkpoint;
  Evaluation evaluation;
  TrialId trial{};
  std::optional<MadeFile> misclassified{};  // an archive: pictures and sounds of what was got wrong
  std::vector<std::string> warnings{};      // what to know of the result, in sentences
  std::vector<StageTime> stages{};          // what its time went into; of a group's trial the group's
  friend bool operator==(const Finished&, const Finished&) = default;
};

struct Failed {
  Failure failure;
  TrialId trial{};
  friend bool operator==(const Failed&, const Failed&) = default;
};

struct Stopped {
  TrialId trial{};
  friend bool operator==(const Stopped&, const Stopped&) = default;
};

using Event = std::variant<Hello, DataPrepared, ProgressMade, MetricsMeasured, Resumed, Checkpointed,
                           Finished, Failed, Stopped>;

}  // namespace melsweep::protocol
