#include "worker/agent/agent_watch.h"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

class SetClock final : public Clock {
 public:
  Now now() const override { return {.monotonic = monotonic, .wall = {}}; }
  MonotonicTime monotonic{std::chrono::hours(1)};
};

class AgentWatchTest : public testing::Test {
 protected:
  ~AgentWatchTest() override { fs::remove_all(folder_); }

  void write_cache(const std::string& name, int bytes) {
    fs::create_directories(folder_ / "features" / "bottlenecks" / "key");
    std::ofstream(folder_ / "features" / "bottlenecks" / "key" / name) << std::string(bytes, 'x');
  }

  bool shows(const std::string& line) {
    const std::string page = prometheus::TextSerializer().Serialize(watch_.collect());
    return page.find("\n" + line + "\n") != std::string::npos;
  }

  fs::path folder_ = fs::path(testing::TempDir()) / ("melsweep-watch-" + std::to_string(::getpid()));
  SetClock clock_;
  AgentWatch watch_{folder_, clock_};
};

TEST_F(AgentWatchTest, ShowsWhatWasPublished) {
  AgentStatus status;
  status.is_connected = true;
  status.trials_held = 3;
  status.trials_running = 2;
  status.preparations = 1;
  status.unreported_points = 40;
  status.counts.steps = 1000;
  status.counts.finished = 5;
  status.counts.features["bottlenecks"] = {100, 300};
  watch_.publish(status);
  EXPECT_TRUE(shows("melsweep_worker_connected 1"));
  EXPECT_TRUE(shows("melsweep_worker_draining 0"));
  EXPECT_TRUE(shows("melsweep_worker_trials_held 3"));
  EXPECT_TRUE(shows("melsweep_worker_trials_running 2"));
  EXPECT_TRUE(shows("melsweep_worker_preparations 1"));
  EXPECT_TRUE(shows("melsweep_worker_unreported_points 40"));
  EXPECT_TRUE(shows("melsweep_worker_training_steps_total 1000"));
  EXPECT_TRUE(shows("melsweep_worker_attempts_ended_total{outcome=\"finished\"} 5"));
  EXPECT_TRUE(shows("melsweep_worker_feature_cache_hits_total{features=\"bottlenecks\"} 100"));
  EXPECT_TRUE(shows("melsweep_worker_feature_cache_misses_total{features=\"bottlenecks\"} 300"));
}

TEST_F(AgentWatchTest, LooksAtTheCachesFilesEveryMinute) {
  EXPECT_TRUE(shows("melsweep_worker_feature_cache_size_bytes{features=\"bottlenecks\"} 0"));
  write_cache("segment-00001.npy", 1000);
  write_cache("segment-00001.json", 20);
  EXPECT_TRUE(shows("melsweep_worker_feature_cache_size_bytes{features=\"bottlenecks\"} 0"));
  clock_.monotonic += std::chrono::minutes(1);
  EXPECT_TRUE(shows("melsweep_worker_feature_cache_size_bytes{features=\"bottlenecks\"} 1020"));
}

TEST_F(AgentWatchTest, IsReadyInContactWithTheCoordinator) {
  EXPECT_EQ(watch_.readiness(), absl::UnavailableError("this worker is not in contact with the coordinator"));
  AgentStatus status;
  status.is_connected = true;
  watch_.publish(status);
  EXPECT_TRUE(watch_.readiness().ok());
  status.is_draining = true;
  watch_.publish(status);
  EXPECT_EQ(watch_.readiness(), absl::UnavailableError("this worker is leaving"));
}

}  // namespace
}  // namespace melsweep::agent
