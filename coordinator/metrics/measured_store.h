// A store whose commits are measured.
#pragma once

#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/metrics/store_metrics.h"
#include "coordinator/store/store.h"

namespace melsweep::metrics {

// As the store that it has.
class MeasuredStore final : public store::Store {
 public:
  // The metrics must outlive it.
  MeasuredStore(std::unique_ptr<store::Store> store, StoreMetrics& metrics);

  absl::Status commit(std::span<const store::Write> writes) override;
  absl::StatusOr<store::Snapshot> load() override { return store_->load(); }

 private:
  std::unique_ptr<store::Store> store_;
  StoreMetrics& metrics_;
};

}  // namespace melsweep::metrics
