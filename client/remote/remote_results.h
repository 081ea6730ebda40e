// Results asked of a running coordinator.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "client/remote/coordinator_address.h"
#include "melsweep/v1/results.grpc.pb.h"
#include "shared/results/results.h"

namespace melsweep::remote {

// Each call is made once and fails with Unavailable or DeadlineExceeded when the coordinator does not answer
// within ten seconds. Thread-safe.
class RemoteResults final : public results::Results {
 public:
  explicit RemoteResults(std::unique_ptr<v1::ResultsService::StubInterface> stub);

  absl::StatusOr<std::vector<results::SweepSummary>> sweeps() override;
  absl::StatusOr<results::SweepSummary> sweep(const std::string& which) override;
  // Both call once a page.
  absl::StatusOr<std::vector<results::TrialSummary>> trials(SweepId sweep,
                                                            const results::TrialRange& range) override;
  absl::StatusOr<std::vector<results::TrialSummary>> leaderboard(SweepId sweep,
                                                                 const results::TrialRange& range) override;
  absl::StatusOr<results::SweepProgress> progress(SweepId sweep) override;
  absl::StatusOr<results::TrialSummary> best(SweepId sweep) override;
  absl::StatusOr<std::vector<ClassMetrics>> class_metrics(TrialId trial) override;
  absl::StatusOr<std::vector<results::WorkerSummary>> workers() override;

 private:
  std::unique_ptr<v1::ResultsService::StubInterface> stub_;
};

// The results of this coordinator, after one call that shows that it is there. Unavailable names
// the address and what to do.
absl::StatusOr<std::unique_ptr<results::Results>> connect_results(const CoordinatorAddress& coordinator);

}  // namespace melsweep::remote
