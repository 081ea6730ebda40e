// A coordinator and workers on this machine, for the time of one `melsweep run`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/local/child_process.h"
#include "client/local/interrupt.h"
#include "client/local/process_log.h"

namespace melsweep::local {

struct ClusterOptions {
  std::filesystem::path database;
  std::filesystem::path data_dir;  // of the workers: they share its caches
  int threads = 0;                 // of each worker's trainer; 0 = as many as the machine has
  std::string metrics_listen{};    // where the coordinator shows its metrics; empty = nowhere
};

// Destroyed, it takes its processes with it. Not thread-safe.
class LocalCluster {
 public:
  // Starts the coordinator on a free loopback port and waits until it serves. What is logged goes to
  // <data_dir>/logs. Unavailable with the log's end when the coordinator does not come up; Cancelled when
  // interrupted.
  static absl::StatusOr<LocalCluster> start(const ClusterOptions& options, InterruptWatch& interrupt);

  // They take what work there is at once.
  absl::Status start_workers(int count);

  LocalCluster(LocalCluster&&) = default;
  LocalCluster& operator=(LocalCluster&&) = default;

  const std::string& address() const { return address_; }  // "127.0.0.1:34567"

  const std::filesystem::path& log_folder() const { return logs_; }

  // Looks after the processes: a worker that died is replaced, up to kMaxReplacements in all. The
  // coordinator's death, or one worker death too many, is Unavailable and names the log.
  absl::Status tend();

  // Lets the workers give their work back and end, then the coordinator. Processes that do not end within the
  // patience are killed.
  void stop(InterruptWatch& interrupt);

  static constexpr int kMaxReplacements = 5;

 private:
  struct Logged {
    ChildProcess process;
    ProcessLog log;
  };

  LocalCluster(ClusterOptions options, std::filesystem::path logs, Logged coordinator);

  absl::Status wait_for_address(const std::filesystem::path& port_file, InterruptWatch& interrupt);
  absl::Status start_worker();

  ClusterOptions options_;
  std::filesystem::path logs_;
  std::string address_;
  Logged coordinator_;
  std::vector<Logged> workers_;
  int started_workers_ = 0;
  int replacements_ = 0;
};

}  // namespace melsweep::local
