#include "coordinator/metrics/measured_store.h"

#include <utility>

#include "shared/time/stopwatch.h"

namespace melsweep::metrics {

MeasuredStore::MeasuredStore(std::unique_ptr<store::Store> store, StoreMetrics& metrics)
    : store_(std::move(store)), metrics_(metrics) {}

absl::Status MeasuredStore::commit(std::span<const store::Write> writes) {
  const Stopwatch watch;
  absl::Status status = store_->commit(writes);
  metrics_.note(writes, watch.elapsed(), status);
  return status;
}

}  // namespace melsweep::metrics
