#include "coordinator/metrics/measured_store.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/coordinator/engine/fake_store.h"
#include "tests/coordinator/metrics/series.h"

namespace melsweep::metrics {
namespace {

TEST(MeasuredStore, PassesEverythingOnAndNotesWhatCameOfIt) {
  StoreMetrics metrics;
  const auto faults = std::make_shared<engine::StoreFaults>();
  MeasuredStore store(std::make_unique<engine::FakeStore>(faults), metrics);
  WorkerRecord anna;
  anna.id = {"anna"};
  const std::vector<store::Write> writes = {store::PutWorker{anna}};
  EXPECT_TRUE(store.commit(writes).ok());
  faults->fail_next_commit(absl::UnavailableError("disk full"));
  EXPECT_EQ(store.commit(writes), absl::UnavailableError("disk full"));
  ASSERT_TRUE(store.load().ok());
  EXPECT_EQ(store.load()->workers, std::vector<WorkerRecord>{anna});
  faults->fail_next_load(absl::DataLossError("damaged"));
  EXPECT_EQ(store.load().status(), absl::DataLossError("damaged"));
  const auto values = series(metrics.collect());
  EXPECT_EQ(values.at("melsweep_store_commit_duration_seconds_count"), 2);
  EXPECT_EQ(values.at(R"(melsweep_store_commit_failures_total{reason="unavailable"})"), 1);
}

}  // namespace
}  // namespace melsweep::metrics
