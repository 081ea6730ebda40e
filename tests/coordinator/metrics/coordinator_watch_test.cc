// A coordinator at work, asked over real gRPC, and what its monitor shows of it.
#include "coordinator/metrics/coordinator_watch.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "coordinator/metrics/measured_store.h"
#include "coordinator/store/sqlite_store.h"
#include "shared/results/database_results.h"
#include "tests/coordinator/engine/fake_store.h"
#include "tests/coordinator/metrics/series.h"
#include "tests/coordinator/rpc/coordinator_connection.h"

namespace melsweep::metrics {
namespace {

class CoordinatorWatchTest : public testing::Test {
 protected:
  CoordinatorWatchTest() {
    auto database = store::open_sqlite_store(folder_.database());
    EXPECT_TRUE(database.ok()) << database.status();
    database->reset();  // results are read from a database that stays empty
    auto results = results::open_database(folder_.database());
    EXPECT_TRUE(results.ok()) << results.status();
    rpc::ServerOptions options;
    options.net.listen = "127.0.0.1:0";
    options.core.artifacts = folder_.artifacts();
    options.on_call = [this](const rpc::EndedCall& call) { counted_.calls.note(call); };
    auto store =
        std::make_unique<MeasuredStore>(std::make_unique<engine::FakeStore>(faults_), counted_.store);
    auto server = rpc::Server::start(options, std::move(store), *std::move(results), clock_,
                                     [](const absl::Status&) {});
    EXPECT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    connection_ = std::make_unique<rpc::Connection>(server_->port());
    watch_ = std::make_unique<CoordinatorWatch>(
        *server_, counted_, CoordinatorWatch::Places{folder_.database(), folder_.artifacts()});
  }

  double value(const std::string& name) { return series(watch_->collect()).at(name); }

  void submit_two_trials() {
    std::int64_t sweep = 0;
    ASSERT_TRUE(connection_->submit(rpc::two_trials(), "submission", &sweep).ok());
  }

  rpc::PassingClock clock_;
  rpc::Folder folder_;
  std::shared_ptr<engine::StoreFaults> faults_ = std::make_shared<engine::StoreFaults>();
  CoordinatorMetrics counted_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<rpc::Connection> connection_;
  std::unique_ptr<CoordinatorWatch> watch_;
};

TEST_F(CoordinatorWatchTest, FollowsASweepThroughTheCoordinator) {
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  EXPECT_EQ(value(R"(melsweep_sweeps{state="preparing"})"), 1);
  ASSERT_TRUE(connection_->prepare("anna").ok());
  EXPECT_EQ(value(R"(melsweep_trials{state="pending"})"), 2);
  v1::LeaseResponse leased;
  ASSERT_TRUE(connection_->lease("anna", 0, &leased).ok());
  EXPECT_EQ(value(R"(melsweep_trials{state="running"})"), 1);
  EXPECT_EQ(value("melsweep_workers_busy"), 1);
  const auto& attempt = leased.assignments(0).trial().attempt();
  ASSERT_TRUE(connection_->report("anna", rpc::Connection::completion(attempt, 0.5)).ok());
  EXPECT_EQ(value(R"(melsweep_trials{state="finished"})"), 1);
  EXPECT_EQ(value(R"(melsweep_attempts_ended_total{outcome="finished"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_granted_total{work="trial"})"), 1);
  EXPECT_EQ(value(R"(melsweep_leases_granted_total{work="preparation"})"), 1);
  EXPECT_GT(value("melsweep_database_size_bytes"), 0);
  EXPECT_GT(value(R"(melsweep_filesystem_available_bytes{holds="artifacts"})"), 0);
  EXPECT_TRUE(watch_->readiness().ok());
}

// A call is counted when it is over on this side, which may be after its caller has the answer: the server's
// end waits for it.
TEST_F(CoordinatorWatchTest, CountsCallsByTheirEnd) {
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  v1::LeaseResponse leased;
  EXPECT_EQ(connection_->lease("nobody", 0, &leased).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(connection_->lease("anna", 0, &leased).ok());
  connection_.reset();
  server_->shutdown();
  const auto values = series(counted_.calls.collect());
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="OK",method="WorkerService/Register"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="OK",method="WorkerService/Lease"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_rpc_calls_total{code="NOT_FOUND",method="WorkerService/Lease"})"), 1);
  EXPECT_EQ(values.at(R"(melsweep_rpc_duration_seconds_count{method="WorkerService/Lease"})"), 2);
}

TEST_F(CoordinatorWatchTest, ShowsAFullDiskAndIsReadyAllTheSame) {
  faults_->fail_commits(absl::UnavailableError("disk full"));
  EXPECT_FALSE(connection_->add_worker("anna").ok());
  EXPECT_EQ(value("melsweep_store_writable"), 0);
  EXPECT_EQ(value(R"(melsweep_store_commit_failures_total{reason="unavailable"})"), 1);
  EXPECT_TRUE(watch_->readiness().ok()) << watch_->readiness();
  faults_->fail_commits(absl::OkStatus());
  clock_.pass(std::chrono::seconds(5));
  EXPECT_TRUE(connection_->add_worker("anna").ok());
  EXPECT_EQ(value("melsweep_store_writable"), 1);
}

TEST_F(CoordinatorWatchTest, IsNotReadyOnceTheCoordinatorHasStopped) {
  server_->shutdown();
  EXPECT_FALSE(watch_->readiness().ok());
  EXPECT_EQ(series(watch_->collect()).count("melsweep_queue_depth"), 0u);
}

}  // namespace
}  // namespace melsweep::metrics
