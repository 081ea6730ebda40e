// How long heartbeats take.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "melsweep/v1/worker.grpc.pb.h"
#include "shared/time/clock.h"
#include "worker/agent/grpc_link.h"

namespace melsweep::crowd {

struct Heartbeat {
  MonotonicTime started;
  std::chrono::milliseconds took{0};
  absl::StatusCode outcome = absl::StatusCode::kOk;
};

// A GrpcLink that keeps the times of its heartbeats.
class TimedLink final : public agent::CoordinatorLink {
 public:
  TimedLink(std::unique_ptr<v1::WorkerService::StubInterface> stub, agent::WorkerIdentity identity,
            std::function<void(agent::Event)> post);

  void register_worker(const std::string& device) override { link_.register_worker(device); }
  void lease(const agent::WorkRequest& request) override { link_.lease(request); }
  void cancel_lease() override { link_.cancel_lease(); }
  void heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) override;
  void report(const std::vector<WorkReport>& reports) override { link_.report(reports); }

  // Those that have ended. Thread-safe.
  std::vector<Heartbeat> heartbeats() const;

 private:
  void note_end(const absl::Status& outcome);

  const SystemClock clock_;
  mutable std::mutex mutex_;
  MonotonicTime started_;              // guarded by mutex_; of the one that is under way
  std::vector<Heartbeat> heartbeats_;  // guarded by mutex_
  agent::GrpcLink link_;               // destroyed first: it ends its calls
};

}  // namespace melsweep::crowd
