#include "client/local/local_cluster.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"

namespace melsweep::local {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kPollInterval{20};
constexpr int kStartPolls = 1500;  // 30 s: a coordinator may have to migrate a large database first
constexpr int kStopPolls = 1000;   // 20 s: a trainer stops within a step, a trunk batch takes seconds

absl::Status died(const char* what, const ExitStatus& status, const ProcessLog& log) {
  return absl::UnavailableError(absl::StrCat("the ", what, " ended with ", status.to_string(),
                                             "; the end of ", log.path().string(), ":\n", log.tail()));
}

// Polls until every process has ended or the patience is over; a second interrupt ends the patience.
void wait_for_end(std::vector<ChildProcess*> processes, InterruptWatch& interrupt) {
  const int interrupts_before = interrupt.wait_for(milliseconds(0));
  for (int i = 0; i < kStopPolls; ++i) {
    const bool all_ended = std::all_of(processes.begin(), processes.end(),
                                       [](ChildProcess* p) { return p->poll().has_value(); });
    if (all_ended || interrupt.wait_for(kPollInterval) > interrupts_before) return;
  }
}

}  // namespace

absl::StatusOr<LocalCluster> LocalCluster::start(const ClusterOptions& options, InterruptWatch& interrupt) {
  const fs::path logs = options.data_dir / "logs";
  std::error_code error;
  fs::create_directories(logs, error);
  if (error)
    return absl::UnavailableError(absl::StrCat("cannot make folder ", logs.string(), ": ", error.message()));
  const fs::path port_file = logs / absl::StrCat("coordinator-", ::getpid(), ".address");
  ProcessLog log(logs / "coordinator.log");
  std::vector<std::string> arguments = {"--listen",
                                        "127.0.0.1:0",
                                        "--db",
                                        options.database.string(),
                                        "--port-file",
                                        port_file.string(),
                                        "--exit-with-parent",
                                        absl::StrCat(::getpid())};
  if (!options.metrics_listen.empty()) {
    arguments.insert(arguments.end(), {"--metrics-listen", options.metrics_listen});
  }
  auto coordinator = ChildProcess::start(sibling_program("melsweep-coordinator"), arguments, log.path());
  if (!coordinator.ok()) return coordinator.status();
  LocalCluster cluster(options, logs, {.process = *std::move(coordinator), .log = std::move(log)});
  const absl::Status serving = cluster.wait_for_address(port_file, interrupt);
  fs::remove(port_file, error);
  if (!serving.ok()) return serving;
  return cluster;
}

absl::Status LocalCluster::start_workers(int count) {
  for (int i = 0; i < count; ++i) {
    if (absl::Status status = start_worker(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

LocalCluster::LocalCluster(ClusterOptions options, fs::path logs, Logged coordinator)
    : options_(std::move(options)), logs_(std::move(logs)), coordinator_(std::move(coordinator)) {}

absl::Status LocalCluster::wait_for_address(const fs::path& port_file, InterruptWatch& interrupt) {
  for (int i = 0; i < kStartPolls; ++i) {
    if (const auto content = files::read_file(port_file, 256); content.ok()) {
      address_ = std::string(absl::StripAsciiWhitespace(*content));
      return absl::OkStatus();
    }
    if (const auto ended = coordinator_.process.poll()) return died("coordinator", *ended, coordinator_.log);
    if (interrupt.wait_for(kPollInterval) > 0) return absl::CancelledError("interrupted");
  }
  return absl::DeadlineExceededError(
      absl::StrCat("the coordinator does not serve; see ", coordinator_.log.path().string()));
}

absl::Status LocalCluster::start_worker() {
  const std::string name = absl::StrCat("local-", ++started_workers_);
  std::vector<std::string> arguments = {
      "--coordinator", address_, "--data-dir",         options_.data_dir.string(),
      "--name",        name,     "--exit-with-parent", absl::StrCat(::getpid())};
  if (options_.threads > 0) arguments.insert(arguments.end(), {"--threads", absl::StrCat(options_.threads)});
  ProcessLog log(logs_ / (name + ".log"));
  auto worker = ChildProcess::start(sibling_program("melsweep-worker"), arguments, log.path());
  if (!worker.ok()) return worker.status();
  workers_.push_back({.process = *std::move(worker), .log = std::move(log)});
  return absl::OkStatus();
}

absl::Status LocalCluster::tend() {
  if (const auto ended = coordinator_.process.poll()) return died("coordinator", *ended, coordinator_.log);
  for (std::size_t i = 0; i < workers_.size();) {
    const auto ended = workers_[i].process.poll();
    if (!ended) {
      ++i;
      continue;
    }
    const ProcessLog log = workers_[i].log;
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
    if (++replacements_ > kMaxReplacements) return died("worker", *ended, log);
    if (absl::Status status = start_worker(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void LocalCluster::stop(InterruptWatch& interrupt) {
  std::vector<ChildProcess*> processes;
  for (Logged& worker : workers_) {
    worker.process.send(SIGTERM);
    processes.push_back(&worker.process);
  }
  wait_for_end(processes, interrupt);
  coordinator_.process.send(SIGTERM);
  wait_for_end({&coordinator_.process}, interrupt);
}

}  // namespace melsweep::local
