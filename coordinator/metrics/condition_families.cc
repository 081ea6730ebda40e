#include "coordinator/metrics/condition_families.h"

#include <cstdint>
#include <utility>

namespace melsweep::metrics {
namespace {

using monitoring::gauge;
using monitoring::Sample;

Sample sample(const char* label, std::int64_t count) {
  return {{label}, static_cast<double>(count)};
}

prometheus::MetricFamily trials(const core::TrialCounts& counts) {
  return gauge({"melsweep_trials", "Trials in the database, by state.", {"state"}},
               {sample("pending", counts.pending), sample("running", counts.running),
                sample("finished", counts.finished), sample("failed", counts.failed),
                sample("cancelled", counts.cancelled)});
}

prometheus::MetricFamily sweeps(const core::SweepCounts& counts) {
  return gauge({"melsweep_sweeps", "Sweeps in the database, by state.", {"state"}},
               {sample("waiting", counts.waiting), sample("preparing", counts.preparing),
                sample("running", counts.running), sample("finished", counts.finished),
                sample("failed", counts.failed), sample("cancelled", counts.cancelled)});
}

monitoring::Families overview_families(const core::Overview& overview) {
  const auto count = [](const char* name, const char* help, std::int64_t value) {
    return gauge(name, help, static_cast<double>(value));
  };
  const core::WorkerCounts& workers = overview.workers;
  return {
      trials(overview.trials),
      sweeps(overview.sweeps),
      count("melsweep_sweeps_paused", "Sweeps that are paused and have not ended.", overview.sweeps.paused),
      count("melsweep_queue_depth",
            "Trials and looks at data that wait for a worker; those of paused sweeps do not.",
            overview.queued),
      gauge({"melsweep_leases", "Work that workers hold now.", {"work"}},
            {sample("trial", overview.trials.running), sample("preparation", overview.preparing)}),
      count("melsweep_workers_connected", "Workers that hold work or were heard of within a lease.",
            workers.alive),
      count("melsweep_workers_busy", "Connected workers that hold work.", workers.busy),
      count("melsweep_workers_waiting", "Connected workers that asked for work, and there is none.",
            workers.waiting),
      count("melsweep_workers_draining", "Connected workers that are to leave.", workers.draining)};
}

}  // namespace

monitoring::Families condition_families(const absl::StatusOr<rpc::Condition>& condition) {
  monitoring::Families families;
  families.push_back(
      gauge("melsweep_coordinator_responding",
            "1: the coordinator answered this scrape in time. 0: it did not, and what it would have said "
            "is missing here.",
            condition.ok() ? 1.0 : 0.0));
  if (!condition.ok()) return families;
  families.push_back(
      gauge("melsweep_store_writable",
            "1: the database could be used when it was last tried. 0: it could not (disk full, a "
            "stranger's lock), and what needs to be recorded is refused.",
            condition->trouble.ok() ? 1.0 : 0.0));
  if (condition->overview) monitoring::append(overview_families(*condition->overview), families);
  return families;
}

}  // namespace melsweep::metrics
