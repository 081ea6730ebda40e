#include "client/remote/remote_sweeps.h"

#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "melsweep/v1/results.grpc.pb.h"

namespace melsweep::remote {
namespace {

// Fails so many times, then succeeds.
class FlakySweeps final : public v1::SweepService::Service {
 public:
  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    requests.insert(request->request_id());
    last = *request;
    if (failures-- > 0) return {grpc::StatusCode::UNAVAILABLE, "starting"};
    response->set_sweep_id(sweep_id);
    for (const std::int64_t id : sweep_ids) response->add_sweep_ids(id);
    for (const std::string& warning : warnings) response->add_warnings(warning);
    return result;
  }
  grpc::Status Pause(grpc::ServerContext*, const v1::PauseRequest* request, v1::PauseResponse*) override {
    return act("pause", *request);
  }
  grpc::Status Resume(grpc::ServerContext*, const v1::ResumeRequest* request, v1::ResumeResponse*) override {
    return act("resume", *request);
  }
  grpc::Status Cancel(grpc::ServerContext*, const v1::CancelRequest* request, v1::CancelResponse*) override {
    return act("cancel", *request);
  }
  grpc::Status DrainWorker(grpc::ServerContext*, const v1::DrainWorkerRequest* request,
                           v1::DrainWorkerResponse*) override {
    if (failures-- > 0) return {grpc::StatusCode::UNAVAILABLE, "starting"};
    done.push_back("drain " + request->worker_id());
    return result;
  }

  template <class Request>
  grpc::Status act(const std::string& what, const Request& request) {
    requests.insert(request.request_id());
    if (failures-- > 0) return {grpc::StatusCode::UNAVAILABLE, "starting"};
    done.push_back(what + " " + std::to_string(request.sweep_id()));
    return result;
  }

  int failures = 0;
  grpc::Status result;
  std::int64_t sweep_id = 5;
  std::vector<std::int64_t> sweep_ids;
  std::vector<std::string> warnings;
  std::vector<std::string> done;
  std::set<std::string> requests;
  v1::SubmitRequest last;
};

// Time that passes only while somebody sleeps.
class SleepingClock final : public Clock {
 public:
  Now now() const override { return {MonotonicTime(elapsed), WallTime(elapsed)}; }
  std::chrono::milliseconds elapsed{0};
};

class RemoteSweepsTest : public testing::Test {
 protected:
  RemoteSweepsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
    sweeps =
        std::make_unique<RemoteSweeps>(v1::SweepService::NewStub(server_->InProcessChannel({})), clock_,
                                       [this](std::chrono::milliseconds delay) { clock_.elapsed += delay; });
  }

  FlakySweeps service;
  std::unique_ptr<RemoteSweeps> sweeps;

 private:
  SleepingClock clock_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(RemoteSweepsTest, RepeatsASubmissionUnderOneRequest) {
  service.failures = 3;
  const auto id =
      sweeps->submit({.yaml = "name: grid", .source_name = "grid.yaml", .continue_unfinished = true});
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_THAT(id->sweeps, testing::ElementsAre(SweepId{5}));
  EXPECT_EQ(service.requests.size(), 1u);
  EXPECT_EQ(service.last.yaml(), "name: grid");
  EXPECT_EQ(service.last.source_name(), "grid.yaml");
  EXPECT_TRUE(service.last.continue_unfinished());
}

TEST_F(RemoteSweepsTest, EachSubmissionIsARequestOfItsOwn) {
  ASSERT_TRUE(sweeps->submit({}).ok());
  ASSERT_TRUE(sweeps->submit({}).ok());
  EXPECT_EQ(service.requests.size(), 2u);
}

TEST_F(RemoteSweepsTest, DoesNotRepeatWhatIsWrong) {
  service.result = {grpc::StatusCode::INVALID_ARGUMENT, "grid.yaml:1:1: unknown key"};
  EXPECT_EQ(sweeps->submit({}).status(), absl::InvalidArgumentError("grid.yaml:1:1: unknown key"));
}

TEST_F(RemoteSweepsTest, GivesUpInTheEnd) {
  service.failures = 1'000'000;
  EXPECT_TRUE(absl::IsUnavailable(sweeps->submit({}).status()));
}

TEST_F(RemoteSweepsTest, ASweepWithoutANumberIsAnError) {
  service.sweep_id = 0;
  EXPECT_FALSE(sweeps->submit({}).ok());
}

TEST_F(RemoteSweepsTest, NamesEverySweepOfAStudy) {
  service.sweep_ids = {5, 6, 7};
  const auto sweeps_of_study = sweeps->submit({});
  ASSERT_TRUE(sweeps_of_study.ok()) << sweeps_of_study.status();
  EXPECT_THAT(sweeps_of_study->sweeps, testing::ElementsAre(SweepId{5}, SweepId{6}, SweepId{7}));
}

TEST_F(RemoteSweepsTest, PassesOnWhatTheCoordinatorWarnsOf) {
  service.warnings = {"sweep 5 (grid): it asks for 1 GPU"};
  const auto submitted = sweeps->submit({});
  ASSERT_TRUE(submitted.ok()) << submitted.status();
  EXPECT_EQ(submitted->warnings, service.warnings);
}

TEST_F(RemoteSweepsTest, AsksToBeServedFirst) {
  ASSERT_TRUE(sweeps->submit({.yaml = "", .source_name = "", .serve_first = true}).ok());
  EXPECT_TRUE(service.last.serve_first());
  ASSERT_TRUE(sweeps->submit({}).ok());
  EXPECT_FALSE(service.last.serve_first());
}

// Port 1 of this machine: nobody serves there.
TEST(SubmitSweepTest, AnAbsentCoordinatorIsAnErrorAtOnceThatNamesIt) {
  int sleeps = 0;
  const auto count = [&](std::chrono::milliseconds) { ++sleeps; };
  const CoordinatorAddress nobody = {.target = "127.0.0.1:1"};
  for (const absl::Status& status :
       {submit_sweep(nobody, {}, count).status(), cancel_sweep(nobody, SweepId{1}, count)}) {
    EXPECT_TRUE(absl::IsUnavailable(status));
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr("127.0.0.1:1: start melsweep-coordinator"));
  }
  EXPECT_EQ(sleeps, 0);
}

class NoWorkers final : public v1::ResultsService::Service {
  grpc::Status ListWorkers(grpc::ServerContext*, const v1::ListWorkersRequest*,
                           v1::ListWorkersResponse*) override {
    return grpc::Status::OK;
  }
};

TEST(SubmitSweepTest, ACoordinatorThatAnsweredIsAskedAgain) {
  FlakySweeps flaky;
  flaky.failures = 2;
  NoWorkers results;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&flaky);
  builder.RegisterService(&results);
  const auto server = builder.BuildAndStart();
  int sleeps = 0;
  const auto id = submit_sweep({.target = "127.0.0.1:" + std::to_string(port)}, {},
                               [&](std::chrono::milliseconds) { ++sleeps; });
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_THAT(id->sweeps, testing::ElementsAre(SweepId{5}));
  EXPECT_EQ(sleeps, 2);
}

TEST_F(RemoteSweepsTest, PausesResumesCancelsAndDrainsUnderOneRequestEach) {
  for (const auto& act : std::vector<std::function<absl::Status()>>{
           [&] { return sweeps->pause(SweepId{5}); }, [&] { return sweeps->resume(SweepId{5}); },
           [&] { return sweeps->cancel(SweepId{5}); }, [&] { return sweeps->drain({"anna"}); }}) {
    service.failures = 2;
    EXPECT_TRUE(act().ok());
  }
  EXPECT_THAT(service.done, testing::ElementsAre("pause 5", "resume 5", "cancel 5", "drain anna"));
  EXPECT_EQ(service.requests.size(), 3U);
  EXPECT_FALSE(service.requests.contains(""));
}

TEST_F(RemoteSweepsTest, SaysWhyASweepCannotBePaused) {
  service.result = {grpc::StatusCode::FAILED_PRECONDITION, "it has ended"};
  EXPECT_EQ(sweeps->pause(SweepId{5}), absl::FailedPreconditionError("it has ended"));
}

}  // namespace
}  // namespace melsweep::remote
