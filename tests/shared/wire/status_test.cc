#include "shared/wire/status.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::wire {
namespace {

TEST(Status, EveryCodeComesBackWithItsMessage) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "why it failed");
    EXPECT_EQ(from_grpc(to_grpc(status)), status);
  }
}

TEST(Status, CodesAreTheOnesOfTheSameName) {
  EXPECT_EQ(to_grpc(absl::FailedPreconditionError("x")).error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(to_grpc(absl::InvalidArgumentError("x")).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(to_grpc(absl::NotFoundError("x")).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(absl::IsUnavailable(from_grpc({grpc::StatusCode::UNAVAILABLE, "x"})));
  EXPECT_TRUE(absl::IsCancelled(from_grpc(grpc::Status::CANCELLED)));
}

TEST(Status, SuccessIsSuccess) {
  EXPECT_TRUE(to_grpc(absl::OkStatus()).ok());
  EXPECT_TRUE(from_grpc(grpc::Status::OK).ok());
}

TEST(Status, ALongMessageIsCut) {
  const grpc::Status status = to_grpc(absl::InternalError(std::string(100'000, 'x')));
  EXPECT_EQ(status.error_message().size(), kMaxStatusHeaderBytes);
  EXPECT_EQ(status.error_message().substr(kMaxStatusHeaderBytes - 4), "x...");
  const std::string fits(kMaxStatusHeaderBytes, 'x');
  EXPECT_EQ(to_grpc(absl::InternalError(fits)).error_message(), fits);
}

TEST(Status, ALongMessageIsCutBetweenCharactersWhereItsHeaderIsFull) {
  std::string umlauts;
  for (int i = 0; i < 2'000; ++i) umlauts += "\u00e4";
  const std::string cut = to_grpc(absl::InternalError(umlauts)).error_message();
  // Each of two bytes, each byte written as three characters.
  EXPECT_LE((cut.size() - 3) * 3 + 3, kMaxStatusHeaderBytes);
  EXPECT_GT((cut.size() - 3) * 3 + 3, kMaxStatusHeaderBytes - 12);
  EXPECT_EQ(cut.size() % 2, 1U) << "an umlaut was cut in two";
  EXPECT_EQ(cut.substr(cut.size() - 3), "...");
}

}  // namespace
}  // namespace melsweep::wire
