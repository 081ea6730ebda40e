#include "coordinator/rpc/transfers.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "melsweep/v1/artifact.grpc.pb.h"
#include "shared/time/clock.h"
#include "shared/wire/status.h"

namespace melsweep::rpc {
namespace {

using grpc::StatusCode;

// Calls that carry nothing: they go on until they are ended.
class EndlessService final : public v1::ArtifactService::Service {
 public:
  explicit EndlessService(Transfers& transfers) : transfers_(transfers) {}

  grpc::Status Upload(grpc::ServerContext* context, grpc::ServerReader<v1::UploadRequest>* reader,
                      v1::UploadResponse*) override {
    auto place = transfers_.admit(*context);
    if (!place.ok()) return wire::to_grpc(place.status());
    reader->SendInitialMetadata();
    v1::UploadRequest request;
    while (reader->Read(&request)) place->note_progress();
    return grpc::Status::OK;
  }

 private:
  Transfers& transfers_;
};

class TransfersTest : public testing::Test {
 protected:
  struct Call {
    grpc::ClientContext context;
    v1::UploadResponse response;
    std::unique_ptr<grpc::ClientWriter<v1::UploadRequest>> writer;
  };

  void start(const TransferLimits& limits) {
    transfers_.emplace(limits, clock_);
    service_.emplace(*transfers_);
    grpc::ServerBuilder builder;
    builder.RegisterService(&*service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::ArtifactService::NewStub(server_->InProcessChannel({}));
  }

  // A call that was admitted, or refused.
  std::unique_ptr<Call> call() {
    auto call = std::make_unique<Call>();
    call->writer = stub_->Upload(&call->context, &call->response);
    call->writer->WaitForInitialMetadata();
    return call;
  }

  static StatusCode end(Call& call) {
    call.writer->WritesDone();
    return call.writer->Finish().error_code();
  }

  SystemClock clock_;
  std::optional<Transfers> transfers_;
  std::optional<EndlessService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::ArtifactService::Stub> stub_;
};

TEST_F(TransfersTest, AreSoManyAtOnceAndNoMore) {
  start({.most = 2});
  const auto one = call();
  const auto two = call();
  EXPECT_EQ(end(*call()), StatusCode::UNAVAILABLE);
  EXPECT_EQ(end(*one), StatusCode::OK);
  EXPECT_EQ(end(*call()), StatusCode::OK) << "a place is free again";
  EXPECT_EQ(end(*two), StatusCode::OK);
}

TEST_F(TransfersTest, EndWhereTheyStandStill) {
  start({.idle = std::chrono::milliseconds(20)});
  const auto one = call();
  const auto two = call();
  EXPECT_EQ(one->writer->Finish().error_code(), StatusCode::CANCELLED);
  EXPECT_EQ(two->writer->Finish().error_code(), StatusCode::CANCELLED);
}

TEST_F(TransfersTest, EndWhenTheyAreToldToAndNoneIsAdmittedThen) {
  start({});
  const auto one = call();
  transfers_->stop();
  EXPECT_EQ(one->writer->Finish().error_code(), StatusCode::CANCELLED);
  EXPECT_EQ(end(*call()), StatusCode::UNAVAILABLE);
  transfers_->stop();
}

}  // namespace
}  // namespace melsweep::rpc
