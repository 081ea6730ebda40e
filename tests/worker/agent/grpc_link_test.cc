// The link against a WorkerService in this process: real gRPC, no network.
#include "worker/agent/grpc_link.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>

#include "shared/time/clock.h"
#include "shared/wire/worker_messages.h"
#include "worker/agent/inbox.h"

namespace melsweep::agent {
namespace {

using std::chrono::milliseconds;

class FakeService final : public v1::WorkerService::Service {
 public:
  grpc::Status Register(grpc::ServerContext*, const v1::RegisterRequest* request,
                        v1::RegisterResponse* response) override {
    registered = *request;
    *response = terms;
    return grpc::Status::OK;
  }

  grpc::Status Lease(grpc::ServerContext* context, const v1::LeaseRequest* request,
                     v1::LeaseResponse* response) override {
    leased = *request;
    if (request->wait_ms() > 0) {
      leasing.set_value();
      while (!context->IsCancelled()) std::this_thread::yield();
      return grpc::Status::CANCELLED;
    }
    *response = lease;
    return grpc::Status::OK;
  }

  grpc::Status Heartbeat(grpc::ServerContext* context, const v1::HeartbeatRequest* request,
                         v1::HeartbeatResponse* response) override {
    while (heartbeats_hang && !context->IsCancelled()) std::this_thread::yield();
    beaten = *request;
    *response = beat;
    return grpc::Status::OK;
  }

  grpc::Status Report(grpc::ServerContext*, const v1::ReportRequest* request,
                      v1::ReportResponse* response) override {
    reported = *request;
    *response = report;
    return report_status;
  }

  v1::RegisterResponse terms;
  v1::LeaseResponse lease;
  v1::HeartbeatResponse beat;
  v1::ReportResponse report;
  grpc::Status report_status;
  bool heartbeats_hang = false;

  v1::RegisterRequest registered;
  v1::LeaseRequest leased;
  v1::HeartbeatRequest beaten;
  v1::ReportRequest reported;
  std::promise<void> leasing;
};

class GrpcLinkTest : public testing::Test {
 protected:
  GrpcLinkTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    server_ = builder.BuildAndStart();
    connect();
  }

  // A new link on a channel that nobody else holds.
  void connect() {
    link = std::make_unique<GrpcLink>(v1::WorkerService::NewStub(server_->InProcessChannel({})),
                                      WorkerIdentity{WorkerId{"w-1"}, "node-1"},
                                      [this](Event event) { inbox_.push(std::move(event)); });
  }

  ~GrpcLinkTest() override {
    link.reset();
    server_->Shutdown();
  }

  template <class E>
  E next() {
    auto event = inbox_.pop(SystemClock().now().monotonic + std::chrono::seconds(60));
    if (!event || !std::holds_alternative<E>(*event)) throw std::runtime_error("another event or none came");
    return std::get<E>(*std::move(event));
  }

  static Assignment trial(std::int64_t id) {
    TrialAssignment assignment;
    assignment.epoch = 1;
    assignment.plan.id = TrialId{id};
    assignment.plan.sweep = SweepId{3};
    assignment.plan.dataset.path = "data";
    assignment.plan.settings.model.weights = "random";
    return assignment;
  }

  const WorkRef attempt_ = AttemptRef{TrialId{7}, 2};
  FakeService service;
  std::unique_ptr<GrpcLink> link;

 private:
  Inbox inbox_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(GrpcLinkTest, RegistersUnderItsName) {
  service.terms.set_lease_ttl_ms(15'000);
  service.terms.set_heartbeat_interval_ms(3'000);
  service.terms.set_store_id("db_1-a");
  link->register_worker("cuda:0");
  const auto answer = next<RegisterAnswered>();
  ASSERT_TRUE(answer.terms.ok()) << answer.terms.status();
  EXPECT_EQ(answer.terms->lease_ttl, milliseconds(15'000));
  EXPECT_EQ(answer.terms->heartbeat_interval, milliseconds(3'000));
  EXPECT_EQ(answer.terms->store, StoreId{"db_1-a"});
  EXPECT_EQ(service.registered.worker_id(), "w-1");
  EXPECT_EQ(service.registered.host(), "node-1");
  EXPECT_EQ(service.registered.device(), "cuda:0");
}

TEST_F(GrpcLinkTest, TermsWithoutALeaseAreAnError) {
  link->register_worker("cpu");
  EXPECT_TRUE(absl::IsInternal(next<RegisterAnswered>().terms.status()));
}

// It names the folder that attempts write into.
TEST_F(GrpcLinkTest, AStoreIdThatCouldLeadElsewhereIsAnError) {
  service.terms.set_lease_ttl_ms(15'000);
  service.terms.set_heartbeat_interval_ms(3'000);
  for (const std::string& id : {std::string(), std::string(".."), std::string("a/b"), std::string(65, 'a')}) {
    service.terms.set_store_id(id);
    link->register_worker("cpu");
    EXPECT_TRUE(absl::IsInternal(next<RegisterAnswered>().terms.status())) << id;
  }
}

TEST_F(GrpcLinkTest, NoWorkIsAnAnswer) {
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(0), .max_trials = 1});
  const auto answer = next<LeaseAnswered>();
  ASSERT_TRUE(answer.assignments.ok());
  EXPECT_TRUE(answer.assignments->empty());
  EXPECT_EQ(service.leased.request_id(), "r-1");
}

TEST_F(GrpcLinkTest, WorkArrives) {
  const Assignment assignment = PrepareAssignment{{SweepId{3}, 1}, {}, {"random"}};
  *service.lease.add_assignments() = wire::encode(assignment);
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(0), .max_trials = 1});
  const auto answer = next<LeaseAnswered>();
  ASSERT_TRUE(answer.assignments.ok()) << answer.assignments.status();
  EXPECT_EQ(*answer.assignments, std::vector{assignment});
}

TEST_F(GrpcLinkTest, WorkThatCannotBeReadIsAnError) {
  service.lease.add_assignments();
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(0), .max_trials = 1});
  EXPECT_TRUE(absl::IsInternal(next<LeaseAnswered>().assignments.status()));
}

TEST_F(GrpcLinkTest, SeveralTrialsArriveAndTheRequestSaysHowManyMay) {
  const std::vector<Assignment> trials = {trial(1), trial(2)};
  for (const Assignment& one : trials) *service.lease.add_assignments() = wire::encode(one);
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(0), .max_trials = 64});
  const auto answer = next<LeaseAnswered>();
  ASSERT_TRUE(answer.assignments.ok()) << answer.assignments.status();
  EXPECT_EQ(*answer.assignments, trials);
  EXPECT_EQ(service.leased.max_trials(), 64);
  EXPECT_EQ(service.leased.number(), 1);
}

TEST_F(GrpcLinkTest, WorksThatCannotGoTogetherAreAnError) {
  for (const Assignment& other : {trial(1), Assignment(PrepareAssignment{{SweepId{3}, 1}, {}, {"random"}})}) {
    service.lease.clear_assignments();
    *service.lease.add_assignments() = wire::encode(trial(1));
    *service.lease.add_assignments() = wire::encode(other);
    link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(0), .max_trials = 64});
    EXPECT_TRUE(absl::IsInternal(next<LeaseAnswered>().assignments.status()));
  }
}

TEST_F(GrpcLinkTest, AWaitingLeaseCanBeCancelled) {
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(30'000), .max_trials = 1});
  service.leasing.get_future().wait();
  link->cancel_lease();
  EXPECT_TRUE(absl::IsCancelled(next<LeaseAnswered>().assignments.status()));
}

TEST_F(GrpcLinkTest, DestroyedItCancelsWhatIsUnderWay) {
  link->lease({.id = RequestId{"r-1"}, .number = 1, .wait = milliseconds(30'000), .max_trials = 1});
  service.leasing.get_future().wait();
  link.reset();
  EXPECT_TRUE(absl::IsCancelled(next<LeaseAnswered>().assignments.status()));
}

TEST_F(GrpcLinkTest, HeartbeatsSayWhatRunsAndLearnWhatToStop) {
  *service.beat.add_stop() = wire::encode(attempt_);
  link->heartbeat({{attempt_, {"training", 1, 2}}}, milliseconds(60'000));
  const auto answer = next<HeartbeatAnswered>().answer;
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->stop, std::vector<WorkRef>{attempt_});
  EXPECT_TRUE(answer->give_back.empty());
  EXPECT_FALSE(answer->drain);
  EXPECT_EQ(answer->lease_ttl, milliseconds(0));
  EXPECT_EQ(wire::decode(service.beaten.running())->at(0).progress.stage, "training");
}

TEST_F(GrpcLinkTest, HeartbeatsLearnWhatToGiveBackWhetherToLeaveAndTheTimes) {
  *service.beat.add_give_back() = wire::encode(attempt_);
  service.beat.set_drain(true);
  service.beat.set_lease_ttl_ms(9'000);
  service.beat.set_heartbeat_interval_ms(2'000);
  link->heartbeat({}, milliseconds(60'000));
  const auto answer = next<HeartbeatAnswered>().answer;
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->give_back, std::vector<WorkRef>{attempt_});
  EXPECT_TRUE(answer->drain);
  EXPECT_EQ(answer->lease_ttl, milliseconds(9'000));
  EXPECT_EQ(answer->heartbeat_interval, milliseconds(2'000));
}

TEST_F(GrpcLinkTest, AnAnswerToAHeartbeatThatMakesNoSenseIsAnError) {
  service.beat.add_give_back();
  link->heartbeat({}, milliseconds(60'000));
  EXPECT_TRUE(absl::IsInternal(next<HeartbeatAnswered>().answer.status()));
  service.beat.clear_give_back();
  service.beat.set_lease_ttl_ms(-1);
  link->heartbeat({}, milliseconds(60'000));
  EXPECT_TRUE(absl::IsInternal(next<HeartbeatAnswered>().answer.status()));
}

// A service that never answers: what comes is the link's own doing.
TEST_F(GrpcLinkTest, AHeartbeatThatIsNotAnsweredInTimeIsLost) {
  service.heartbeats_hang = true;
  link->heartbeat({}, milliseconds(1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(next<HeartbeatAnswered>().answer.status()));
}

TEST_F(GrpcLinkTest, ReportsArriveInOrder) {
  const std::vector<WorkReport> reports = {{attempt_, MetricsReport{{{1, "train/loss", 0.5}}}},
                                           {attempt_, ReleasedReport{}}};
  link->report(reports);
  EXPECT_TRUE(next<ReportAnswered>().status.ok());
  EXPECT_EQ(*wire::decode(service.reported.reports()), reports);
}

TEST_F(GrpcLinkTest, AReportsAnswerSaysWhatIsNoLongerOurs) {
  *service.report.add_stale() = wire::encode(attempt_);
  link->report({{attempt_, ReleasedReport{}}, {AttemptRef{TrialId{9}, 1}, ReleasedReport{}}});
  const auto answer = next<ReportAnswered>();
  EXPECT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.stale, std::vector{attempt_});
}

TEST_F(GrpcLinkTest, ARefusalKeepsItsCodeAndMessage) {
  service.report_status = {grpc::StatusCode::FAILED_PRECONDITION, "stale"};
  link->report({{attempt_, ReleasedReport{}}});
  EXPECT_EQ(next<ReportAnswered>().status, absl::FailedPreconditionError("stale"));
}

// Were gRPC's own thread the last to let go of the channel, gRPC would abort the process.
TEST_F(GrpcLinkTest, MayBeDestroyedAsSoonAsItHasAnswered) {
  for (int i = 0; i < 100; ++i) {
    link->report({{attempt_, ReleasedReport{}}});
    EXPECT_TRUE(next<ReportAnswered>().status.ok());
    link.reset();
    connect();
  }
}

TEST_F(GrpcLinkTest, AReportLargerThanAMessageIsRefusedWithAReason) {
  DatasetReport report;
  report.clips.resize(2000);
  for (Clip& clip : report.clips) clip.id = std::string(10'000, 'x');
  link->report({{PrepareRef{SweepId{3}, 1}, report}});
  const absl::Status status = next<ReportAnswered>().status;
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_NE(std::string(status.message()).find("fewer clips"), std::string::npos);
}

}  // namespace
}  // namespace melsweep::agent
