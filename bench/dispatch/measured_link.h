// What a worker's calls come to.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "bench/dispatch/finished_trials.h"
#include "melsweep/v1/worker.grpc.pb.h"
#include "shared/time/clock.h"
#include "worker/agent/grpc_link.h"

namespace melsweep::bench {

// A GrpcLink that counts the trials whose end was acknowledged, and keeps how long its heartbeats took.
class MeasuredLink final : public agent::CoordinatorLink {
 public:
  // `finished` must outlive the link.
  MeasuredLink(std::unique_ptr<v1::WorkerService::StubInterface> stub, agent::WorkerIdentity identity,
               FinishedTrials& finished, std::function<void(agent::Event)> post);

  void register_worker(const std::string& device) override { link_.register_worker(device); }
  void lease(const agent::WorkRequest& request) override { link_.lease(request); }
  void cancel_lease() override { link_.cancel_lease(); }
  void heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) override;
  void report(const std::vector<WorkReport>& reports) override;

  // Of the heartbeats that have ended. Thread-safe.
  std::vector<std::chrono::milliseconds> heartbeats() const;

 private:
  void note(const agent::Event& event);

  const SystemClock clock_;
  FinishedTrials& finished_;
  mutable std::mutex mutex_;
  MonotonicTime heartbeat_started_{};                  // guarded by mutex_
  std::vector<std::chrono::milliseconds> heartbeats_;  // guarded by mutex_
  std::int64_t reported_ = 0;  // guarded by mutex_; ends in the report that is under way
  agent::GrpcLink link_;       // destroyed first: it ends its calls
};

}  // namespace melsweep::bench
