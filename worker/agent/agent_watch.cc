#include "worker/agent/agent_watch.h"

#include <chrono>
#include <cstdint>
#include <system_error>
#include <utility>
#include <vector>

#include "shared/monitoring/process_families.h"

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

using monitoring::counter;
using monitoring::Families;
using monitoring::gauge;
using monitoring::Sample;

constexpr std::chrono::minutes kCacheLookInterval{1};

// Of all files below the folder; 0 where it is not there.
double bytes_below(const fs::path& folder) {
  std::uintmax_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator file(folder, error), end; !error && file != end;
       file.increment(error)) {
    std::error_code gone;  // others write here, too
    const auto size = file->is_regular_file(gone) ? file->file_size(gone) : 0;
    if (!gone) bytes += size;
  }
  return static_cast<double>(bytes);
}

Sample sample(const std::string& label, std::int64_t count) {
  return {{label}, static_cast<double>(count)};
}

Families feature_families(const WorkCounts& counts) {
  std::vector<Sample> found;
  std::vector<Sample> lacking;
  for (const auto& [kind, features] : counts.features) {
    found.push_back(sample(kind, features.found));
    lacking.push_back(sample(kind, features.lacking));
  }
  return {counter({"melsweep_worker_feature_cache_hits_total",
                   "Features that trials asked the cache for, and it had.",
                   {"features"}},
                  std::move(found)),
          counter({"melsweep_worker_feature_cache_misses_total",
                   "Features that trials asked the cache for, and that had to be made.",
                   {"features"}},
                  std::move(lacking))};
}

Families count_families(const WorkCounts& counts) {
  const auto count = [](const char* name, const char* help, std::int64_t value) {
    return counter(name, help, static_cast<double>(value));
  };
  return {count("melsweep_worker_training_steps_total", "Steps of training, of all trials.", counts.steps),
          counter({"melsweep_worker_attempts_ended_total",
                   "Attempts at trials that ended here; abandoned: they were no longer this worker's.",
                   {"outcome"}},
                  {sample("finished", counts.finished), sample("failed", counts.failed),
                   sample("released", counts.released), sample("abandoned", counts.abandoned)}),
          count("melsweep_worker_trainer_failures_total",
                "Times that the trainer died, ran out of memory or was at fault.", counts.trainer_failures),
          count("melsweep_worker_unanswered_calls_total", "Calls that the coordinator did not answer.",
                counts.unanswered_calls),
          count("melsweep_worker_files_stored_total", "Checkpoints and models that the coordinator has.",
                counts.files_stored)};
}

Families status_families(const AgentStatus& status) {
  return {gauge("melsweep_worker_connected", "1: the coordinator knows this worker, and answered last.",
                status.is_connected ? 1.0 : 0.0),
          gauge("melsweep_worker_draining", "1: this worker gives back what it has, and leaves.",
                status.is_draining ? 1.0 : 0.0),
          gauge("melsweep_worker_trials_held", "Trials that this worker was given, and that are not over.",
                status.trials_held),
          gauge("melsweep_worker_trials_running", "Trials that the trainer is at.", status.trials_running),
          gauge("melsweep_worker_preparations",
                "Looks at data that this worker was given, and that are not over.", status.preparations),
          gauge("melsweep_worker_unreported_points",
                "Points of metrics that the coordinator is not known to have.",
                static_cast<double>(status.unreported_points))};
}

}  // namespace

AgentWatch::AgentWatch(fs::path data_dir, const Clock& clock)
    : data_dir_(std::move(data_dir)), clock_(clock) {}

void AgentWatch::publish(AgentStatus status) {
  const std::scoped_lock lock(mutex_);
  status_ = std::move(status);
}

AgentStatus AgentWatch::status() {
  const std::scoped_lock lock(mutex_);
  return status_;
}

Families AgentWatch::collect() {
  const AgentStatus now = status();
  Families families = status_families(now);
  monitoring::append(count_families(now.counts), families);
  monitoring::append(feature_families(now.counts), families);
  monitoring::append(cache_families(), families);
  monitoring::append(monitoring::file_system_families({{"data", data_dir_}}), families);
  return families;
}

Families AgentWatch::cache_families() {
  const MonotonicTime now = clock_.now().monotonic;
  if (!cache_looked_at_ || now >= *cache_looked_at_ + kCacheLookInterval) {
    for (const char* kind : {"bottlenecks", "spectrograms"}) {
      cache_bytes_[kind] = bytes_below(data_dir_ / "features" / kind);
    }
    cache_looked_at_ = now;
  }
  std::vector<Sample> samples;
  for (const auto& [kind, bytes] : cache_bytes_) samples.push_back({{kind}, bytes});
  return {gauge(
      {"melsweep_worker_feature_cache_size_bytes",
       "Size of the feature caches in the data folder, which workers may share; looked at every minute.",
       {"features"}},
      std::move(samples))};
}

absl::Status AgentWatch::readiness() {
  const AgentStatus now = status();
  if (now.is_draining) return absl::UnavailableError("this worker is leaving");
  if (!now.is_connected) return absl::UnavailableError("this worker is not in contact with the coordinator");
  return absl::OkStatus();
}

}  // namespace melsweep::agent
