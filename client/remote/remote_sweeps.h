// Sweeps handed to a running coordinator.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/remote/coordinator_address.h"
#include "melsweep/v1/sweep.grpc.pb.h"
#include "shared/model/ids.h"
#include "shared/time/clock.h"
#include "shared/wire/retry.h"

namespace melsweep::remote {

// A sweep, or a study, to be run.
struct Submission {
  std::string yaml;         // overrides applied
  std::string source_name;  // the file's name, for messages
  // Where a sweep of the very same YAML has not ended yet, go on with it instead of making another.
  bool continue_unfinished = false;
  bool serve_first = false;  // before all other sweeps, as long as the coordinator lives
};

// What came of it.
struct Submitted {
  std::vector<SweepId> sweeps;        // all of the YAML, in their order
  std::vector<std::string> warnings;  // which of them ask for what no worker has, and what these have
};

// Calls are repeated under one request id until the coordinator answers or `retry.total` is over, so a sweep
// is submitted, paused, resumed or cancelled once however often the connection breaks. Not thread-safe.
class RemoteSweeps {
 public:
  // `clock` outlives this.
  RemoteSweeps(std::unique_ptr<v1::SweepService::StubInterface> stub, const Clock& clock, wire::Sleeper sleep,
               wire::RetryOptions retry = {});

  // InvalidArgument lists every problem of the YAML, a line each.
  absl::StatusOr<Submitted> submit(const Submission& submission);

  absl::Status pause(SweepId sweep);
  absl::Status resume(SweepId sweep);
  absl::Status cancel(SweepId sweep);

  // Tells the worker to give back what it does and to leave.
  absl::Status drain(const WorkerId& worker);

 private:
  // Calls `method` until there is an answer.
  template <class Request, class Response>
  absl::Status call(grpc::Status (v1::SweepService::StubInterface::*method)(grpc::ClientContext*,
                                                                            const Request&, Response*),
                    const Request& request, Response& response);

  std::unique_ptr<v1::SweepService::StubInterface> stub_;
  const Clock& clock_;
  wire::Sleeper sleep_;
  wire::RetryOptions retry_;
  std::mt19937_64 random_;
};

// The same on a connection made for the one call, with the machine's clock. A coordinator that cannot be
// reached at all is Unavailable at once, with the address and what to do; one that was reached and then fails
// is asked again, with `sleep` between the attempts.
absl::StatusOr<Submitted> submit_sweep(const CoordinatorAddress& coordinator, const Submission& submission,
                                       wire::Sleeper sleep);
absl::Status pause_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep);
absl::Status resume_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep);
absl::Status cancel_sweep(const CoordinatorAddress& coordinator, SweepId sweep, wire::Sleeper sleep);
absl::Status drain_worker(const CoordinatorAddress& coordinator, const WorkerId& worker, wire::Sleeper sleep);

}  // namespace melsweep::remote
