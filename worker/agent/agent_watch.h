// An agent as its monitor looks at it.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "shared/monitoring/monitor.h"
#include "shared/time/clock.h"
#include "worker/agent/agent_status.h"

namespace melsweep::agent {

class AgentWatch final : public monitoring::Watched {
 public:
  // The data folder has the feature caches. The clock outlives it.
  AgentWatch(std::filesystem::path data_dir, const Clock& clock);

  // What is told from now on.
  void publish(AgentStatus status);

  monitoring::Families collect() override;

  // Ready while it is in contact with the coordinator and not about to leave.
  absl::Status readiness() override;

 private:
  monitoring::Families cache_families();
  AgentStatus status();

  std::filesystem::path data_dir_;
  const Clock& clock_;
  std::mutex mutex_;
  AgentStatus status_;  // guarded by mutex_
  // Of the caches' files, by kind; looked at every minute at most: there may be thousands, on a slow disk. Of
  // collect(), which is not called by two threads at a time.
  std::map<std::string, double> cache_bytes_;
  std::optional<MonotonicTime> cache_looked_at_;
};

}  // namespace melsweep::agent
