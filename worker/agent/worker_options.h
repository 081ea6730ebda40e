// What melsweep-worker is told on its command line and in its environment.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/log/logging.h"
#include "shared/net/limits.h"
#include "shared/time/clock.h"
#include "worker/agent/stay.h"

namespace melsweep::agent {

struct WorkerOptions {
  std::string coordinator = "127.0.0.1:7070";
  std::filesystem::path data_dir;  // absolute
  std::string name;                // the host's where not given
  std::filesystem::path trainer;   // absolute
  // The coordinator's artifact folder as this machine sees it, absolute; empty: checkpoints go over the
  // network.
  std::filesystem::path shared_artifacts{};
  int threads = 0;  // of the trainer; 0: it chooses
  std::string gpus =
      "visible";           // "none", or numbers and UUIDs with ',' between; "visible": all that there are
  double gpu_share = 1.0;  // of the memory of each
  std::vector<int> processors{};      // empty: all that this process may use
  std::vector<std::string> labels{};  // in order, without repeats
  StayLimits stay{};
  std::optional<WallTime> job_end{};  // as Slurm says it; for where stay.time_left is not given
  std::chrono::seconds trainer_silence{600};
  std::chrono::milliseconds checkpoint_every{60'000};  // of a trial at work; 0: only when it is stopped
  log::LogFormat log_format = log::LogFormat::kHuman;
  net::Plaintext plaintext = net::Plaintext::kLoopbackOnly;
  std::filesystem::path credentials{};  // empty: none
  std::string metrics_listen{};         // HOST:PORT of /metrics, /healthz and /readyz; empty: nowhere
  net::Plaintext metrics_plaintext = net::Plaintext::kLoopbackOnly;
  int parent = 0;  // process id; the worker stops when it ends; 0: it stays
};

// What to do: run with these options, or leave with this exit code (the help was asked for, or what was given
// makes no sense; it has been said already).
std::variant<WorkerOptions, int> parse_worker_options(int argc, char** argv);

}  // namespace melsweep::agent
