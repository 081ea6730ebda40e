// The results over real gRPC, read from a source that the test holds up.
#include "coordinator/rpc/results_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "coordinator/rpc/server.h"
#include "shared/net/limits.h"
#include "shared/time/clock.h"
#include "tests/coordinator/engine/fake_store.h"
#include "tests/coordinator/rpc/coordinator_connection.h"

namespace melsweep::rpc {
namespace {

using results::SweepSummary;
using results::TrialSummary;

// Its sweeps are never read to their end; its trials all failed with a long message.
class SlowResults final : public results::DatabaseResults {
 public:
  static constexpr std::int64_t kTrials = 3'000;

  explicit SlowResults(std::shared_ptr<std::promise<void>> reading) : reading_(std::move(reading)) {}

  void stop_when(std::function<bool()> should_stop) override { should_stop_ = std::move(should_stop); }

  absl::StatusOr<std::vector<SweepSummary>> sweeps() override {
    std::exchange(reading_, nullptr)->set_value();
    while (!should_stop_()) std::this_thread::yield();
    return absl::CancelledError("interrupted");
  }
  absl::StatusOr<SweepSummary> sweep(const std::string&) override { return absl::NotFoundError("no sweeps"); }
  absl::StatusOr<std::vector<TrialSummary>> trials(SweepId sweep, const results::TrialRange& range) override {
    std::vector<TrialSummary> trials;
    const std::int64_t limit = std::min(range.limit, kTrials - range.after);
    while (static_cast<std::int64_t>(trials.size()) < limit) {
      TrialSummary trial;
      trial.number = range.after + static_cast<std::int64_t>(trials.size()) + 1;
      trial.id = TrialId{trial.number};
      trial.sweep = sweep;
      trial.failure = std::string(std::size_t{16} << 10, 'x');
      trials.push_back(std::move(trial));
    }
    return trials;
  }
  absl::StatusOr<std::vector<TrialSummary>> leaderboard(SweepId, const results::TrialRange&) override {
    return std::vector<TrialSummary>();
  }
  absl::StatusOr<results::SweepProgress> progress(SweepId) override { return results::SweepProgress(); }
  absl::StatusOr<TrialSummary> best(SweepId) override { return absl::NotFoundError("none"); }
  absl::StatusOr<std::vector<ClassMetrics>> class_metrics(TrialId) override {
    return std::vector<ClassMetrics>();
  }
  absl::StatusOr<std::vector<results::WorkerSummary>> workers() override {
    return std::vector<results::WorkerSummary>();
  }

 private:
  std::shared_ptr<std::promise<void>> reading_;  // told when sweeps() has begun
  std::function<bool()> should_stop_;
};

class ResultsServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    ServerOptions options;
    options.net.listen = "127.0.0.1:0";
    options.core.artifacts = folder_.artifacts();
    auto server =
        Server::start(options, std::make_unique<engine::FakeStore>(std::make_shared<engine::StoreFaults>()),
                      std::make_unique<SlowResults>(reading_), clock_, nullptr);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(net::kMaxMessageBytes);
    stub_ = v1::ResultsService::NewStub(grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials(), arguments));
  }

  // A read that has begun and does not end by itself.
  std::future<grpc::Status> start_slow_read() {
    auto status = std::async(std::launch::async, [this] {
      v1::ListSweepsResponse response;
      return stub_->ListSweeps(&slow_context_, {}, &response);
    });
    reading_->get_future().wait();
    return status;
  }

  Folder folder_;
  SystemClock clock_;
  std::shared_ptr<std::promise<void>> reading_ = std::make_shared<std::promise<void>>();
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::ResultsService::Stub> stub_;
  grpc::ClientContext slow_context_;
};

TEST_F(ResultsServiceTest, ShutsDownThoughSomebodyReads) {
  auto reading = start_slow_read();
  server_->shutdown();
  EXPECT_EQ(reading.get().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ResultsServiceTest, ReadsNoFurtherForACallerThatHasGone) {
  auto reading = start_slow_read();
  slow_context_.TryCancel();
  EXPECT_EQ(reading.get().error_code(), grpc::StatusCode::CANCELLED);
  v1::GetBestRequest request;
  request.set_sweep_id(1);
  v1::TrialSummary response;
  grpc::ClientContext context;
  EXPECT_EQ(stub_->GetBest(&context, request, &response).error_code(), grpc::StatusCode::NOT_FOUND)
      << "its turn must come";
}

TEST_F(ResultsServiceTest, NoPageIsLargerThanAMessageMayBe) {
  v1::ListTrialsRequest request;
  request.set_sweep_id(1);
  std::int64_t trials = 0;
  int pages = 0;
  do {
    v1::ListTrialsResponse page;
    grpc::ClientContext context;
    const grpc::Status status = stub_->ListTrials(&context, request, &page);
    ASSERT_TRUE(status.ok()) << status.error_message();
    for (const v1::TrialSummary& trial : page.trials()) EXPECT_EQ(trial.number(), ++trials);
    request.set_page_token(page.next_page_token());
    ++pages;
  } while (!request.page_token().empty());
  EXPECT_EQ(trials, SlowResults::kTrials);
  EXPECT_GT(pages, 3) << "these are 48 MiB";
}

}  // namespace
}  // namespace melsweep::rpc
