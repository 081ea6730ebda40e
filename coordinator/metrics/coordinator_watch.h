// A coordinator as its monitor looks at it.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "coordinator/metrics/call_metrics.h"
#include "coordinator/metrics/store_metrics.h"
#include "coordinator/rpc/server.h"
#include "shared/monitoring/monitor.h"

namespace melsweep::metrics {

// What is counted while a coordinator works. It outlives the server.
struct CoordinatorMetrics {
  StoreMetrics store;
  CallMetrics calls{rpc::served_methods()};
};

class CoordinatorWatch final : public monitoring::Watched {
 public:
  struct Places {
    std::filesystem::path database;
    std::filesystem::path artifacts;
  };

  // All but the places outlive it.
  CoordinatorWatch(rpc::Server& server, const CoordinatorMetrics& metrics, Places places);

  monitoring::Families collect() override;

  // Ready as long as it serves from what it knows: a coordinator whose disk is full is, because its workers'
  // heartbeats must reach it all the same (melsweep_store_writable tells of that).
  absl::Status readiness() override;

 private:
  monitoring::Families file_families() const;

  rpc::Server& server_;
  const CoordinatorMetrics& metrics_;
  Places places_;
};

}  // namespace melsweep::metrics
