#include "client/remote/remote_sweeps.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <set>

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
    return result;
  }
  grpc::Status Cancel(grpc::ServerContext*, const v1::CancelRequest* request, v1::CancelResponse*) override {
    if (failures-- > 0) return {grpc::StatusCode::UNAVAILABLE, "starting"};
    cancelled = request->sweep_id();
    return result;
  }

  int failures = 0;
  grpc::Status result;
  std::int64_t sweep_id = 5;
  std::int64_t cancelled = 0;
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
  EXPECT_EQ(*id, SweepId{5});
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

TEST_F(RemoteSweepsTest, Cancels) {
  service.failures = 1;
  EXPECT_TRUE(sweeps->cancel(SweepId{5}).ok());
  EXPECT_EQ(service.cancelled, 5);
}

}  // namespace
}  // namespace melsweep::remote
