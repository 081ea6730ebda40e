// What certificates and tokens keep out, over real connections on loopback.
#include <gmock/gmock.h>
#include <grpcpp/server.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "melsweep/v1/sweep.grpc.pb.h"
#include "melsweep/v1/worker.grpc.pb.h"
#include "shared/files/atomic_file.h"
#include "shared/net/channel.h"
#include "shared/net/server.h"
#include "tests/client/certs/certificates.h"

namespace melsweep::net {
namespace {

using certs::Certificates;
using grpc::StatusCode;
using testing::HasSubstr;

class SweepEcho final : public v1::SweepService::Service {
  grpc::Status Submit(grpc::ServerContext* context, const v1::SubmitRequest*, v1::SubmitResponse*) override {
    const bool leaked = context->client_metadata().contains("authorization");
    return leaked ? grpc::Status(StatusCode::INTERNAL, "the handler sees the token") : grpc::Status::OK;
  }
};

class WorkerEcho final : public v1::WorkerService::Service {
  grpc::Status Heartbeat(grpc::ServerContext*, const v1::HeartbeatRequest*, v1::HeartbeatResponse*) override {
    return grpc::Status::OK;
  }
};

Role role_of(std::string_view method) {
  return method.starts_with("/melsweep.v1.WorkerService/") ? Role::kWorker : Role::kClient;
}

class SecureConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto builder = make_server_builder(
        {.listen = "127.0.0.1:0", .credentials = made_.coordinator(), .role_of_method = role_of}, &port_);
    ASSERT_TRUE(builder.ok()) << builder.status();
    (*builder)->RegisterService(&sweeps_);
    (*builder)->RegisterService(&workers_);
    server_ = (*builder)->BuildAndStart();
    ASSERT_TRUE(server_);
  }

  std::shared_ptr<grpc::Channel> channel(const std::filesystem::path& credentials,
                                         const std::string& host = "127.0.0.1") {
    auto made = make_channel(host + ":" + std::to_string(port_), {.credentials = credentials});
    EXPECT_TRUE(made.ok()) << made.status();
    return made.ok() ? *made : nullptr;
  }

  static grpc::Status submit(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    set_timeout(context, std::chrono::seconds(60));
    v1::SubmitResponse response;
    return v1::SweepService::NewStub(channel)->Submit(&context, v1::SubmitRequest(), &response);
  }

  static grpc::Status beat(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    set_timeout(context, std::chrono::seconds(60));
    v1::HeartbeatResponse response;
    return v1::WorkerService::NewStub(channel)->Heartbeat(&context, v1::HeartbeatRequest(), &response);
  }

  Certificates made_;
  int port_ = 0;
  SweepEcho sweeps_;
  WorkerEcho workers_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(SecureConnectionTest, EachRoleCallsItsOwnService) {
  const grpc::Status submitted = submit(channel(made_.client()));
  EXPECT_TRUE(submitted.ok()) << submitted.error_message();
  EXPECT_TRUE(beat(channel(made_.worker())).ok());
}

TEST_F(SecureConnectionTest, ATokenOfTheOtherRoleIsRefused) {
  const grpc::Status status = submit(channel(made_.worker()));
  EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(status.error_message(), HasSubstr("is a worker's"));
  EXPECT_EQ(beat(channel(made_.client())).error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(SecureConnectionTest, AWrongTokenIsRefused) {
  ASSERT_TRUE(files::write_atomically(made_.client() / "token", "guess", files::Access::kOwner).ok());
  EXPECT_EQ(submit(channel(made_.client())).error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(SecureConnectionTest, AnotherAuthoritysCertificateIsRefused) {
  const Certificates strangers;
  EXPECT_EQ(submit(channel(strangers.client())).error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(SecureConnectionTest, WithoutACertificateNothingGetsThrough) {
  const auto plain = make_channel("127.0.0.1:" + std::to_string(port_));
  ASSERT_TRUE(plain.ok());
  EXPECT_EQ(submit(*plain).error_code(), StatusCode::UNAVAILABLE);
}

TEST_F(SecureConnectionTest, RenewedCertificatesAndTokensNeedNoRestart) {
  const auto open = channel(made_.client());
  ASSERT_TRUE(submit(open).ok());
  ASSERT_TRUE(certs::renew_folders(made_.folder(), {}, SystemClock().now().wall).ok());
  EXPECT_TRUE(submit(open).ok()) << "the connection that was there, with the new token";
  EXPECT_TRUE(submit(channel(made_.client())).ok()) << "a new one";
}

class WrongHostTest : public SecureConnectionTest {
 protected:
  WrongHostTest() {
    EXPECT_TRUE(
        certs::renew_folders(made_.folder(), {.hosts = {"coordinator.example"}}, SystemClock().now().wall)
            .ok());
  }
};

TEST_F(WrongHostTest, ACoordinatorUnderAnotherNameIsNotBelieved) {
  EXPECT_EQ(submit(channel(made_.client())).error_code(), StatusCode::UNAVAILABLE);
}

TEST(Credentials, AKeyThatOthersCanReadIsRefused) {
  const Certificates made;
  std::filesystem::permissions(made.client() / "identity.pem", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const auto refused = make_channel("127.0.0.1:1", {.credentials = made.client()});
  ASSERT_TRUE(absl::IsFailedPrecondition(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("chmod 600"));
}

TEST(Credentials, AMissingFileIsNamed) {
  const auto refused = make_channel("127.0.0.1:1", {.credentials = "/nowhere"});
  EXPECT_TRUE(absl::IsNotFound(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("/nowhere/ca.pem"));
}

}  // namespace
}  // namespace melsweep::net
