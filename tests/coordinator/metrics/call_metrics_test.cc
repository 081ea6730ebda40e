#include "coordinator/metrics/call_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "tests/coordinator/metrics/series.h"

namespace melsweep::metrics {
namespace {

using namespace std::chrono_literals;

constexpr char kLease[] = "WorkerService/Lease";
constexpr char kBeat[] = "WorkerService/Heartbeat";

TEST(CallMetrics, ShowEveryMethodFromTheStart) {
  const CallMetrics metrics({kLease, kBeat});
  const auto values = series(metrics.collect());
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="OK",method="WorkerService/Lease"})"), 0);
  EXPECT_EQ(values.at(R"(melsweep_rpc_duration_seconds_count{method="WorkerService/Heartbeat"})"), 0);
}

TEST(CallMetrics, CountCallsByMethodAndEnd) {
  CallMetrics metrics({kLease, kBeat});
  metrics.note({kLease, grpc::StatusCode::OK, 20ms});
  metrics.note({kLease, grpc::StatusCode::UNAVAILABLE, 3s});
  metrics.note({kLease, grpc::StatusCode::UNAVAILABLE, 0ms});
  metrics.note({kBeat, grpc::StatusCode::OK, 1ms});
  const auto values = series(metrics.collect());
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="OK",method="WorkerService/Lease"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="UNAVAILABLE",method="WorkerService/Lease"})"), 2);
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="OK",method="WorkerService/Heartbeat"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_rpc_duration_seconds_count{method="WorkerService/Lease"})"), 3);
  EXPECT_NEAR(values.at(R"(melsweep_rpc_duration_seconds_sum{method="WorkerService/Lease"})"), 3.02, 1e-9);
  EXPECT_EQ(values.at(R"(melsweep_rpc_duration_seconds_bucket{method="WorkerService/Lease",le="0.025"})"), 2);
}

TEST(CallMetrics, PassOverMethodsAndCodesThatTheyDoNotKnow) {
  CallMetrics metrics({kLease});
  metrics.note({"OtherService/Attack", grpc::StatusCode::OK, 1ms});
  metrics.note({kLease, grpc::StatusCode::DO_NOT_USE, 1ms});
  // The first behind UNAUTHENTICATED; the enumeration, which has no fixed type, holds no more than 31.
  metrics.note({kLease, static_cast<grpc::StatusCode>(17), 1ms});
  const auto values = series(metrics.collect());
  EXPECT_EQ(values.at(R"(melsweep_rpc_duration_seconds_count{method="WorkerService/Lease"})"), 0);
  EXPECT_EQ(values.count(R"(melsweep_rpc_duration_seconds_count{method="OtherService/Attack"})"), 0u);
}

TEST(CallMetrics, LoseNothingOfSeveralThreads) {
  CallMetrics metrics({kLease});
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) metrics.note({kLease, grpc::StatusCode::NOT_FOUND, 1ms});
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto values = series(metrics.collect());
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="NOT_FOUND",method="WorkerService/Lease"})"), 4000);
}

TEST(ServedMethods, AreThoseOfAllServices) {
  const std::vector<std::string> methods = rpc::served_methods();
  for (const char* method :
       {"WorkerService/Lease", "SweepService/Submit", "ResultsService/GetBest", "ArtifactService/Upload"}) {
    EXPECT_EQ(std::count(methods.begin(), methods.end(), method), 1) << method;
  }
}

}  // namespace
}  // namespace melsweep::metrics
