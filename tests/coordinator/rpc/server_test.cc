// The coordinator over real gRPC on a loopback port, asked with raw stubs.
#include "coordinator/rpc/server.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/store/sqlite_store.h"
#include "shared/results/database_results.h"
#include "tests/coordinator/engine/fake_store.h"
#include "tests/coordinator/rpc/coordinator_connection.h"

namespace melsweep::rpc {
namespace {

class ServerTest : public testing::Test {
 protected:
  void start_on_disk() {
    auto store = store::open_sqlite_store(folder_.database());
    ASSERT_TRUE(store.ok()) << store.status();
    start(*std::move(store));
  }

  // Results are read from a database beside it that stays empty.
  void start_on_fake_store() {
    auto store = store::open_sqlite_store(folder_.database());
    ASSERT_TRUE(store.ok()) << store.status();
    store->reset();
    start(std::make_unique<engine::FakeStore>(faults_));
  }

  void start(std::unique_ptr<store::Store> store) {
    auto results = results::open_database(folder_.database());
    ASSERT_TRUE(results.ok()) << results.status();
    ServerOptions options;
    options.net.listen = "127.0.0.1:0";
    options.core.artifacts = folder_.artifacts();
    auto server = Server::start(options, std::move(store), *std::move(results), clock_,
                                [this](const absl::Status& status) { fatal_.set_value(status); });
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    connection_ = std::make_unique<Connection>(server_->port());
  }

  void submit_two_trials() {
    std::int64_t sweep = 0;
    const grpc::Status status = connection_->submit(two_trials(), "submission", &sweep);
    ASSERT_TRUE(status.ok()) << status.error_message();
    ASSERT_EQ(sweep, 1);
  }

  v1::AttemptRef lease_trial(const std::string& worker) {
    v1::LeaseResponse response;
    EXPECT_TRUE(connection_->lease(worker, 0, &response).ok());
    EXPECT_TRUE(response.assignments(0).has_trial());
    return response.assignments(0).trial().attempt();
  }

  PassingClock clock_;
  Folder folder_;
  std::shared_ptr<engine::StoreFaults> faults_ = std::make_shared<engine::StoreFaults>();
  std::promise<absl::Status> fatal_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Connection> connection_;
};

TEST_F(ServerTest, TakesASweepFromSubmissionToItsResults) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  ASSERT_TRUE(connection_->prepare("anna").ok());
  for (const double accuracy : {0.5, 0.75}) {
    const grpc::Status status =
        connection_->report("anna", Connection::completion(lease_trial("anna"), accuracy));
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  v1::GetSweepRequest which;
  which.set_which("last");
  v1::SweepSummary sweep;
  grpc::ClientContext sweep_context;
  ASSERT_TRUE(connection_->results->GetSweep(&sweep_context, which, &sweep).ok());
  EXPECT_EQ(sweep.state(), v1::SWEEP_STATE_FINISHED);
  EXPECT_EQ(sweep.trials_finished(), 2);

  v1::GetBestRequest best_of;
  best_of.set_sweep_id(sweep.id());
  v1::TrialSummary best;
  grpc::ClientContext best_context;
  ASSERT_TRUE(connection_->results->GetBest(&best_context, best_of, &best).ok());
  EXPECT_EQ(best.objective(), 0.75);
  EXPECT_EQ(best.worker(), "anna");
}

TEST_F(ServerTest, ShowsWhatWorkersDoNow) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  ASSERT_TRUE(connection_->prepare("anna").ok());
  v1::HeartbeatRequest heartbeat;
  heartbeat.set_worker_id("anna");
  *heartbeat.add_running()->mutable_work()->mutable_attempt() = lease_trial("anna");
  heartbeat.mutable_running(0)->mutable_progress()->set_stage("training");
  heartbeat.mutable_running(0)->mutable_progress()->set_done(7);
  v1::HeartbeatResponse answer;
  grpc::ClientContext heartbeat_context;
  ASSERT_TRUE(connection_->workers->Heartbeat(&heartbeat_context, heartbeat, &answer).ok());
  EXPECT_EQ(answer.stop_size(), 0);

  v1::ListWorkersResponse workers;
  grpc::ClientContext context;
  ASSERT_TRUE(connection_->results->ListWorkers(&context, {}, &workers).ok());
  ASSERT_EQ(workers.workers_size(), 1);
  EXPECT_EQ(workers.workers(0).trial_id(), 1);
  EXPECT_EQ(workers.workers(0).progress().done(), 7);
}

TEST_F(ServerTest, TellsHowItIs) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  const auto condition = server_->condition(std::chrono::minutes(1));
  ASSERT_TRUE(condition.ok()) << condition.status();
  EXPECT_TRUE(condition->trouble.ok());
  EXPECT_EQ(condition->overview->sweeps.preparing, 1);
  EXPECT_EQ(condition->overview->queued, 1);
  EXPECT_EQ(condition->overview->workers.alive, 1);
}

TEST_F(ServerTest, TellsOfNothingOnceItHasStopped) {
  start_on_disk();
  server_->shutdown();
  const auto condition = server_->condition(std::chrono::minutes(1));
  ASSERT_TRUE(condition.ok()) << condition.status();
  EXPECT_FALSE(condition->trouble.ok());
  EXPECT_FALSE(condition->overview);
}

TEST_F(ServerTest, TellsOfNothingOnceItsStoreIsBroken) {
  start_on_fake_store();
  faults_->fail_next_commit(absl::DataLossError("damaged"));
  EXPECT_FALSE(connection_->add_worker("anna").ok());
  EXPECT_EQ(fatal_.get_future().get().code(), absl::StatusCode::kDataLoss);
  const auto condition = server_->condition(std::chrono::minutes(1));
  ASSERT_TRUE(condition.ok()) << condition.status();
  EXPECT_FALSE(condition->overview);
}

TEST_F(ServerTest, AnswersALeaseThatWaitsWhenASweepComes) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  auto leased = std::async(std::launch::async, [this] {
    v1::LeaseResponse response;
    const grpc::Status status = Connection(server_->port()).lease("anna", 60'000, &response);
    return status.ok() && response.assignments(0).has_prepare();
  });
  submit_two_trials();
  EXPECT_TRUE(leased.get());
}

TEST_F(ServerTest, AnswersALeaseWithoutWorkEmpty) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  v1::LeaseResponse response;
  EXPECT_TRUE(connection_->lease("anna", 1, &response).ok());
  EXPECT_EQ(response.assignments_size(), 0);
}

TEST_F(ServerTest, RefusesAStaleReportWithFailedPrecondition) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  ASSERT_TRUE(connection_->prepare("anna").ok());
  v1::AttemptRef attempt = lease_trial("anna");
  attempt.set_epoch(attempt.epoch() + 1);
  EXPECT_EQ(connection_->report("anna", Connection::completion(attempt, 0.5)).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(ServerTest, RefusesABadSweepWithALineForEachProblem) {
  start_on_disk();
  std::int64_t sweep = 0;
  std::string yaml = two_trials();
  yaml += "\nlerning_rate: 3\nserch: 4\n";
  const grpc::Status status = connection_->submit(yaml, "bad", &sweep);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("two.yaml:"), std::string::npos);
  EXPECT_NE(status.error_message().find("lerning_rate"), std::string::npos);
  EXPECT_NE(status.error_message().find("\n"), std::string::npos);
  EXPECT_NE(status.error_message().find("serch"), std::string::npos);
}

TEST_F(ServerTest, RefusesASweepThatARestartCouldNotRead) {
  start_on_disk();
  std::string yaml = two_trials();
  yaml.replace(yaml.find("path: data"), 10, R"(path: "a\x7Fb")");
  std::int64_t sweep = 0;
  const grpc::Status status = connection_->submit(yaml, "control", &sweep);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("control character"), std::string::npos);
}

TEST_F(ServerTest, NamesEverySweepOfAStudy) {
  start_on_disk();
  v1::SubmitRequest request;
  request.set_request_id("study");
  request.set_yaml(two_trials() + "final: {steps: 5, train_on: training}\n");
  const std::string without_test = request.yaml();
  v1::SubmitResponse response;
  grpc::ClientContext refused;
  EXPECT_EQ(connection_->sweeps->Submit(&refused, request, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.set_yaml(std::string(without_test)
                       .replace(without_test.find("validation: [9]"), 15, "validation: [9], test: [10]"));
  grpc::ClientContext context;
  const grpc::Status status = connection_->sweeps->Submit(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.sweep_id(), 1);
  EXPECT_EQ(std::vector<std::int64_t>(response.sweep_ids().begin(), response.sweep_ids().end()),
            (std::vector<std::int64_t>{1, 2}));
  v1::GetSweepRequest asked;
  asked.set_which("two-final");
  v1::SweepSummary final;
  grpc::ClientContext look;
  ASSERT_TRUE(connection_->results->GetSweep(&look, asked, &final).ok());
  EXPECT_EQ(final.state(), v1::SWEEP_STATE_WAITING);
  EXPECT_EQ(final.study(), "two");
  EXPECT_EQ(final.study_id(), 1);
  EXPECT_EQ(final.waits_for(), "two");
}

TEST_F(ServerTest, ListsTrialsInPages) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  ASSERT_TRUE(connection_->prepare("anna").ok());
  v1::ListTrialsRequest request;
  request.set_sweep_id(1);
  request.set_page_size(1);
  std::vector<std::int64_t> numbers;
  do {
    v1::ListTrialsResponse page;
    grpc::ClientContext context;
    ASSERT_TRUE(connection_->results->ListTrials(&context, request, &page).ok());
    EXPECT_LE(page.trials_size(), 1);
    for (const v1::TrialSummary& trial : page.trials()) numbers.push_back(trial.number());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2}));
  request.set_page_token("no token");
  v1::ListTrialsResponse page;
  grpc::ClientContext context;
  EXPECT_EQ(connection_->results->ListTrials(&context, request, &page).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerTest, GoesOnWithAnUnfinishedSweepWhereThatIsAskedFor) {
  start_on_disk();
  submit_two_trials();
  std::int64_t sweep = 0;
  ASSERT_TRUE(connection_->submit(two_trials(), "again", &sweep, /*continue_unfinished=*/true).ok());
  EXPECT_EQ(sweep, 1);
  ASSERT_TRUE(connection_->submit(two_trials(), "anew", &sweep).ok());
  EXPECT_EQ(sweep, 2);
}

TEST_F(ServerTest, RefusesRequestsWithoutIds) {
  start_on_disk();
  EXPECT_EQ(connection_->add_worker("").error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  std::int64_t sweep = 0;
  EXPECT_EQ(connection_->submit(two_trials(), "", &sweep).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  v1::CancelResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(connection_->sweeps->Cancel(&context, {}, &response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  v1::PauseRequest pause;
  pause.set_sweep_id(1);
  for (const std::string& request : {std::string(), std::string(1000, 'x')}) {
    pause.set_request_id(request);
    v1::PauseResponse paused;
    grpc::ClientContext pausing;
    EXPECT_EQ(connection_->sweeps->Pause(&pausing, pause, &paused).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
  v1::DrainWorkerResponse drained;
  grpc::ClientContext draining;
  EXPECT_EQ(connection_->sweeps->DrainWorker(&draining, {}, &drained).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerTest, CancelsASweep) {
  start_on_disk();
  submit_two_trials();
  v1::CancelRequest request;
  request.set_sweep_id(1);
  v1::CancelResponse response;
  grpc::ClientContext context;
  EXPECT_TRUE(connection_->sweeps->Cancel(&context, request, &response).ok());
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  v1::LeaseResponse leased;
  EXPECT_TRUE(connection_->lease("anna", 0, &leased).ok());
  EXPECT_EQ(leased.assignments_size(), 0);
}

TEST_F(ServerTest, PausesASweepAsksBackWhatRunsAndResumesIt) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  submit_two_trials();
  ASSERT_TRUE(connection_->prepare("anna").ok());
  const v1::AttemptRef attempt = lease_trial("anna");
  EXPECT_EQ(connection_->beat("anna", attempt).give_back_size(), 0);

  v1::PauseRequest pause;
  pause.set_sweep_id(1);
  pause.set_request_id("pause");
  v1::PauseResponse paused;
  grpc::ClientContext pausing;
  ASSERT_TRUE(connection_->sweeps->Pause(&pausing, pause, &paused).ok());
  const v1::HeartbeatResponse answer = connection_->beat("anna", attempt);
  ASSERT_EQ(answer.give_back_size(), 1);
  EXPECT_EQ(answer.give_back(0).attempt().trial_id(), attempt.trial_id());
  EXPECT_FALSE(answer.drain());
  EXPECT_TRUE(connection_->latest_sweep().paused());
  v1::LeaseResponse nothing;
  ASSERT_TRUE(connection_->lease("anna", 0, &nothing).ok());
  EXPECT_EQ(nothing.assignments_size(), 0);

  v1::ResumeRequest resume;
  resume.set_sweep_id(1);
  resume.set_request_id("resume");
  v1::ResumeResponse resumed;
  grpc::ClientContext resuming;
  ASSERT_TRUE(connection_->sweeps->Resume(&resuming, resume, &resumed).ok());
  EXPECT_FALSE(connection_->latest_sweep().paused());
  EXPECT_EQ(lease_trial("anna").trial_id(), 2);
}

TEST_F(ServerTest, TellsAWorkerToLeave) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  v1::DrainWorkerRequest request;
  request.set_worker_id("anna");
  v1::DrainWorkerResponse response;
  grpc::ClientContext context;
  ASSERT_TRUE(connection_->sweeps->DrainWorker(&context, request, &response).ok());
  EXPECT_TRUE(connection_->beat("anna", {}).drain());
  v1::LeaseResponse leased;
  EXPECT_EQ(connection_->lease("anna", 60'000, &leased).error_code(), grpc::StatusCode::FAILED_PRECONDITION);

  v1::ListWorkersResponse workers;
  grpc::ClientContext listing;
  ASSERT_TRUE(connection_->results->ListWorkers(&listing, {}, &workers).ok());
  EXPECT_TRUE(workers.workers(0).draining());
  EXPECT_TRUE(workers.workers(0).alive());
}

TEST_F(ServerTest, IsUnavailableWhileTheStoreFailsAndThenWorks) {
  start_on_fake_store();
  faults_->fail_next_commit(absl::UnavailableError("disk full"));
  std::int64_t sweep = 0;
  const grpc::Status status = connection_->submit(two_trials(), "submission", &sweep);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(status.error_message().find("disk full"), std::string::npos);
  clock_.pass(std::chrono::seconds(1));
  submit_two_trials();
}

TEST_F(ServerTest, AnswersHeartbeatsWhileTheStoreFails) {
  start_on_fake_store();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  faults_->fail_commits(absl::UnavailableError("disk full"));
  std::int64_t sweep = 0;
  EXPECT_FALSE(connection_->submit(two_trials(), "submission", &sweep).ok());
  v1::HeartbeatRequest heartbeat;
  heartbeat.set_worker_id("anna");
  v1::HeartbeatResponse answer;
  grpc::ClientContext context;
  EXPECT_TRUE(connection_->workers->Heartbeat(&context, heartbeat, &answer).ok());
  EXPECT_EQ(answer.lease_ttl_ms(), core::Options().lease_ttl.count());
  EXPECT_EQ(answer.heartbeat_interval_ms(), core::Options().heartbeat_interval.count());
}

TEST_F(ServerTest, SaysWhenItCannotGoOn) {
  start_on_fake_store();
  faults_->fail_next_commit(absl::DataLossError("torn page"));
  std::int64_t sweep = 0;
  const grpc::Status status = connection_->submit(two_trials(), "submission", &sweep);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE) << "its code is not about the request";
  EXPECT_NE(status.error_message().find("torn page"), std::string::npos);
  EXPECT_EQ(fatal_.get_future().get().code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(connection_->submit(two_trials(), "submission", &sweep).ok());
}

TEST_F(ServerTest, ShutsDownThoughALeaseWaits) {
  start_on_disk();
  ASSERT_TRUE(connection_->add_worker("anna").ok());
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  v1::LeaseRequest request;
  request.set_worker_id("anna");
  request.set_request_id("lease");
  request.set_wait_ms(60'000);
  v1::LeaseResponse response;
  grpc::Status status;
  const auto call = connection_->workers->AsyncLease(&context, request, &queue);
  call->Finish(&response, &status, nullptr);
  ASSERT_TRUE(connection_->add_worker("bert").ok());
  server_->shutdown();
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_FALSE(status.ok());
  queue.Shutdown();
}

TEST_F(ServerTest, RefusesToListenBeyondThisMachine) {
  ServerOptions options;
  options.net.listen = "0.0.0.0:0";
  options.core.artifacts = folder_.artifacts();
  const auto server =
      Server::start(options, std::make_unique<store::MemoryStore>(), nullptr, clock_, nullptr);
  EXPECT_EQ(server.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(ServerTest, CannotShareAPort) {
  start_on_disk();
  ServerOptions options;
  options.net.listen = "127.0.0.1:" + std::to_string(server_->port());
  options.core.artifacts = folder_.artifacts().string() + "-of-another";
  const auto second =
      Server::start(options, std::make_unique<store::MemoryStore>(), nullptr, clock_, nullptr);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace melsweep::rpc
