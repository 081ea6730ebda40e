// The clients of both services against services in this process: real gRPC, no network.
#include "client/remote/remote_results.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "shared/wire/model_messages.h"
#include "shared/wire/results_messages.h"

namespace melsweep::remote {
namespace {

results::TrialSummary trial_number(std::int64_t number) {
  results::TrialSummary trial;
  trial.id = TrialId{number};
  trial.sweep = SweepId{3};
  trial.number = number;
  return trial;
}

class FakeResults final : public v1::ResultsService::Service {
  grpc::Status ListSweeps(grpc::ServerContext*, const v1::ListSweepsRequest*,
                          v1::ListSweepsResponse* response) override {
    results::SweepSummary sweep;
    sweep.id = SweepId{3};
    *response->add_sweeps() = wire::encode(sweep);
    return grpc::Status::OK;
  }
  grpc::Status GetSweep(grpc::ServerContext*, const v1::GetSweepRequest* request,
                        v1::SweepSummary* response) override {
    if (request->which() != "last") return {grpc::StatusCode::NOT_FOUND, "there is: grid"};
    results::SweepSummary sweep;
    sweep.id = SweepId{3};
    sweep.name = "grid";
    *response = wire::encode(sweep);
    return grpc::Status::OK;
  }
  grpc::Status GetProgress(grpc::ServerContext*, const v1::GetProgressRequest* request,
                           v1::SweepProgress* response) override {
    results::SweepProgress progress;
    progress.sweep.id = SweepId{request->sweep_id()};
    progress.best = trial_number(2);
    progress.mean_duration_ms = 70;
    *response = wire::encode(progress);
    return grpc::Status::OK;
  }
  // As many trials as the sweep's number says, two a page at most.
  grpc::Status ListTrials(grpc::ServerContext*, const v1::ListTrialsRequest* request,
                          v1::ListTrialsResponse* response) override {
    std::int64_t number = request->page_token().empty() ? 0 : std::stoll(request->page_token());
    for (int i = 0; i < std::min(2, request->page_size()) && number < request->sweep_id(); ++i)
      *response->add_trials() = wire::encode(trial_number(++number));
    if (number < request->sweep_id()) response->set_next_page_token(std::to_string(number));
    return grpc::Status::OK;
  }
  grpc::Status GetLeaderboard(grpc::ServerContext*, const v1::GetLeaderboardRequest* request,
                              v1::ListTrialsResponse* response) override {
    const bool is_first = request->page_token().empty();
    *response->add_trials() = wire::encode(trial_number(is_first ? 2 : 1));
    if (is_first) response->set_next_page_token("1");
    return grpc::Status::OK;
  }
  grpc::Status GetBest(grpc::ServerContext*, const v1::GetBestRequest*, v1::TrialSummary* response) override {
    *response = wire::encode(trial_number(2));
    return grpc::Status::OK;
  }
  grpc::Status GetClassMetrics(grpc::ServerContext*, const v1::GetClassMetricsRequest* request,
                               v1::GetClassMetricsResponse* response) override {
    *response->add_classes() = wire::encode(ClassMetrics{"siren", 0.5, 0.5, 0.5, request->trial_id()});
    return grpc::Status::OK;
  }
  grpc::Status ListWorkers(grpc::ServerContext*, const v1::ListWorkersRequest*,
                           v1::ListWorkersResponse* response) override {
    response->add_workers();  // without an id
    return grpc::Status::OK;
  }
};

class RemoteResultsTest : public testing::Test {
 protected:
  RemoteResultsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    results_ = std::make_unique<RemoteResults>(v1::ResultsService::NewStub(server_->InProcessChannel({})));
  }

  FakeResults service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<results::Results> results_;
};

TEST_F(RemoteResultsTest, AsksForSweeps) {
  EXPECT_EQ(results_->sweeps()->at(0).id, SweepId{3});
  EXPECT_EQ(results_->sweep("last")->name, "grid");
}

TEST_F(RemoteResultsTest, AnErrorKeepsItsWords) {
  EXPECT_EQ(results_->sweep("other").status(), absl::NotFoundError("there is: grid"));
}

TEST_F(RemoteResultsTest, AsksForTrials) {
  EXPECT_EQ(results_->trials(SweepId{3})->size(), 3u);
  EXPECT_EQ(results_->progress(SweepId{3})->best->number, 2);
  EXPECT_EQ(results_->best(SweepId{3})->number, 2);
  EXPECT_EQ(results_->class_metrics(TrialId{9})->at(0).support, 9);
}

TEST_F(RemoteResultsTest, AsksForEveryPageOfAList) {
  const auto numbers = [](const absl::StatusOr<std::vector<results::TrialSummary>>& trials) {
    std::vector<std::int64_t> numbers;
    for (const results::TrialSummary& trial : trials.value()) numbers.push_back(trial.number);
    return numbers;
  };
  EXPECT_EQ(numbers(results_->trials(SweepId{5})), (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(numbers(results_->trials(SweepId{5}, {.after = 1, .limit = 3})),
            (std::vector<std::int64_t>{2, 3, 4}));
  EXPECT_EQ(numbers(results_->leaderboard(SweepId{3})), (std::vector<std::int64_t>{2, 1}));
}

TEST_F(RemoteResultsTest, AnAnswerThatMakesNoSenseIsAnError) {
  EXPECT_TRUE(absl::IsInvalidArgument(results_->workers().status()));
}

TEST(ConnectResults, NamesTheAddressWhereNobodyAnswers) {
  const auto results = connect_results({.target = "127.0.0.1:1"});
  ASSERT_TRUE(absl::IsUnavailable(results.status()));
  EXPECT_NE(std::string(results.status().message()).find("127.0.0.1:1"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::remote
