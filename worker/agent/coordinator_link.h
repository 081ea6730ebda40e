// The agent's side of WorkerService, without gRPC in it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/assignment.h"
#include "shared/model/ids.h"

namespace melsweep::agent {

// A request for work, which is repeated under the same id until it is answered.
struct WorkRequest {
  RequestId id;
  std::int64_t number = 0;            // of this worker's requests, from 1
  std::chrono::milliseconds wait{0};  // how long the coordinator may wait for work to come
  int max_trials = 1;                 // the most of one group that it may give
};

// Each function starts one call and returns at once; its answer, or why there is none, comes as the event of
// the same name. A further call of a kind starts only when the one before was answered.
class CoordinatorLink {
 public:
  virtual ~CoordinatorLink() = default;

  virtual void register_worker(const std::string& device) = 0;

  virtual void lease(const WorkRequest& request) = 0;

  // Makes a lease() that waits answer soon, with Cancelled if nothing else.
  virtual void cancel_lease() = 0;

  // An answer that is not there within `timeout` is DeadlineExceeded.
  virtual void heartbeat(const std::vector<RunningWork>& running, std::chrono::milliseconds timeout) = 0;

  // ResourceExhausted: more than one message can hold.
  virtual void report(const std::vector<WorkReport>& reports) = 0;
};

}  // namespace melsweep::agent
