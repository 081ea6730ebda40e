// Channels and servers as net makes them, talking to each other over loopback.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "melsweep/v1/sweep.grpc.pb.h"
#include "shared/net/channel.h"
#include "shared/net/server.h"

namespace melsweep::net {
namespace {

class EchoService final : public v1::SweepService::Service {
  grpc::Status Submit(grpc::ServerContext*, const v1::SubmitRequest* request,
                      v1::SubmitResponse* response) override {
    response->set_sweep_id(static_cast<std::int64_t>(request->yaml().size()));
    return grpc::Status::OK;
  }

  // Answers when nobody waits any more.
  grpc::Status Cancel(grpc::ServerContext* context, const v1::CancelRequest*, v1::CancelResponse*) override {
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  }
};

class ConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto builder = make_server_builder({.listen = "127.0.0.1:0"}, &port_);
    ASSERT_TRUE(builder.ok()) << builder.status();
    (*builder)->RegisterService(&service_);
    server_ = (*builder)->BuildAndStart();
    ASSERT_TRUE(server_);
    const auto channel = make_channel("127.0.0.1:" + std::to_string(port_));
    ASSERT_TRUE(channel.ok()) << channel.status();
    stub_ = v1::SweepService::NewStub(*channel);
  }

  grpc::Status submit(std::size_t bytes) {
    grpc::ClientContext context;
    set_timeout(context, std::chrono::seconds(60));
    v1::SubmitRequest request;
    request.set_yaml(std::string(bytes, 'x'));
    v1::SubmitResponse response;
    return stub_->Submit(&context, request, &response);
  }

  int port_ = 0;
  EchoService service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::SweepService::Stub> stub_;
};

TEST_F(ConnectionTest, CallsGetThrough) {
  EXPECT_GT(port_, 0);
  EXPECT_TRUE(submit(100).ok());
  EXPECT_TRUE(submit(16'000'000).ok());
}

TEST_F(ConnectionTest, AMessageBeyondTheLimitIsRefused) {
  EXPECT_EQ(submit(17 << 20).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(submit(100).ok()) << "the connection is still good";
}

TEST_F(ConnectionTest, TheServerRefusesWhatAnotherClientSends) {
  grpc::ChannelArguments unlimited;
  unlimited.SetMaxSendMessageSize(-1);
  stub_ = v1::SweepService::NewStub(grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port_),
                                                              grpc::InsecureChannelCredentials(), unlimited));
  EXPECT_EQ(submit(17 << 20).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ConnectionTest, ACallEndsWhenItsTimeIsOver) {
  grpc::ClientContext context;
  set_timeout(context, std::chrono::milliseconds(20));
  v1::CancelResponse response;
  EXPECT_EQ(stub_->Cancel(&context, v1::CancelRequest(), &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(ConnectionTest, APortThatIsTakenIsNotShared) {
  int port = -1;
  const auto builder = make_server_builder({.listen = "127.0.0.1:" + std::to_string(port_)}, &port);
  ASSERT_TRUE(builder.ok());
  EchoService service;
  (*builder)->RegisterService(&service);
  EXPECT_FALSE((*builder)->BuildAndStart());
}

TEST(MakeChannel, RefusesOtherMachinesInPlaintextUnlessTold) {
  const auto refused = make_channel("10.0.0.1:7070");
  ASSERT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_NE(std::string(refused.status().message()).find("--insecure"), std::string::npos);
  EXPECT_TRUE(make_channel("10.0.0.1:7070", {.plaintext = Plaintext::kAnywhere}).ok());
}

TEST(MakeChannel, RefusesWhatLeadsNowhere) {
  EXPECT_TRUE(absl::IsInvalidArgument(make_channel("nonsense").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(make_channel("127.0.0.1:0").status()));
}

TEST(MakeServerBuilder, RefusesToListenToTheWorldUnlessTold) {
  int port = 0;
  const auto refused = make_server_builder({.listen = "0.0.0.0:0"}, &port);
  ASSERT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_NE(std::string(refused.status().message()).find("--insecure"), std::string::npos);
  EXPECT_TRUE(make_server_builder({.listen = "0.0.0.0:0", .plaintext = Plaintext::kAnywhere}, &port).ok());
}

}  // namespace
}  // namespace melsweep::net
