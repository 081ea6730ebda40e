#include "shared/monitoring/monitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/shared/monitoring/http_request.h"

namespace melsweep::monitoring {
namespace {

using testing::HasSubstr;
using testing::Not;

class Patient final : public Watched {
 public:
  Families collect() override { return {gauge("melsweep_pulse", "Beats.", 72)}; }
  absl::Status readiness() override { return health; }

  absl::Status health;
};

std::unique_ptr<Monitor> start(const std::string& listen, net::Plaintext plaintext) {
  auto started = Monitor::start(
      {.listen = listen, .plaintext = plaintext, .program = "melsweep-test", .version = "1.2"});
  EXPECT_TRUE(started.ok()) << started.status();
  return *std::move(started);
}

// One for all: to end one takes a while.
class MonitorTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { monitor_ = start("127.0.0.1:0", net::Plaintext::kLoopbackOnly); }
  static void TearDownTestSuite() { monitor_.reset(); }
  ~MonitorTest() override { monitor_->watch(nullptr, "nobody is here"); }

  static Response ask(const std::string& path) { return get(monitor_->port(), path); }

  static inline std::unique_ptr<Monitor> monitor_;
  Patient patient_;
};

TEST_F(MonitorTest, IsReadyWhenWhatItWatchesIs) {
  monitor_->watch(&patient_);
  EXPECT_EQ(ask("/readyz").status, 200);
  EXPECT_EQ(ask("/readyz").body, "ready\n");
}

TEST_F(MonitorTest, SaysWhyWhatItWatchesIsNotReady) {
  monitor_->watch(&patient_);
  patient_.health = absl::UnavailableError("the disk is slow");
  EXPECT_EQ(ask("/readyz").status, 503);
  EXPECT_EQ(ask("/readyz").body, "not ready: the disk is slow\n");
  EXPECT_EQ(ask("/healthz").status, 200);
}

TEST_F(MonitorTest, ShowsTheProcessAndWhatItWatches) {
  monitor_->watch(&patient_);
  const Response page = ask("/metrics");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.head, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_THAT(page.body, HasSubstr("# TYPE melsweep_pulse gauge\nmelsweep_pulse 72\n"));
  EXPECT_THAT(page.body, HasSubstr("melsweep_build_info{program=\"melsweep-test\",version=\"1.2\"} 1\n"));
  EXPECT_THAT(page.body, HasSubstr("# TYPE process_cpu_seconds_total counter\n"));
}

TEST_F(MonitorTest, LooksAtNothingOnceItIsToldTo) {
  monitor_->watch(&patient_);
  monitor_->watch(nullptr, "it is stopping");
  EXPECT_THAT(ask("/metrics").body, Not(HasSubstr("melsweep_pulse")));
  EXPECT_EQ(ask("/readyz").body, "not ready: it is stopping\n");
}

TEST_F(MonitorTest, NamesItsPages) {
  EXPECT_THAT(ask("/").body, HasSubstr("melsweep-test 1.2: there are /metrics, /healthz and /readyz"));
  EXPECT_EQ(ask("/elsewhere").status, 404);
}

TEST(StartMonitor, IsAliveAndNotReadyUntilThereIsSomethingToWatch) {
  const auto monitor = start("127.0.0.1:0", net::Plaintext::kLoopbackOnly);
  EXPECT_EQ(get(monitor->port(), "/healthz").status, 200);
  const Response readiness = get(monitor->port(), "/readyz");
  EXPECT_EQ(readiness.status, 503);
  EXPECT_EQ(readiness.body, "not ready: it is starting\n");
}

TEST(StartMonitor, StaysOnThisMachineUnlessItIsSaid) {
  const auto refused = Monitor::start({.listen = "0.0.0.0:0"});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused.status())) << refused.status();
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("--metrics-insecure"));
  const auto open = start("0.0.0.0:0", net::Plaintext::kAnywhere);
  EXPECT_EQ(get(open->port(), "/healthz").status, 200);
  EXPECT_TRUE(absl::IsInvalidArgument(Monitor::start({.listen = "9464"}).status()));
}

}  // namespace
}  // namespace melsweep::monitoring
