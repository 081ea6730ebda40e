#include "worker/trainer/inception/torch_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <new>
#include <stdexcept>
#include <string>

namespace melsweep::inception {
namespace {

TEST(TorchStatus, MemoryThatTheHostHasNotIsResourceExhausted) {
  const absl::Status status = catch_torch([] { torch::empty({std::int64_t{1} << 50}); });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_EQ(catch_torch([] { throw std::bad_alloc(); }).code(), absl::StatusCode::kResourceExhausted);
}

TEST(TorchStatus, MemoryThatADeviceHasNotIsResourceExhausted) {
  const absl::Status status = catch_torch(
      [] { TORCH_CHECK_WITH(OutOfMemoryError, false, "CUDA out of memory. Tried to allocate 2.00 GiB"); });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
}

TEST(TorchStatus, WhateverElseIsThrownIsInternalWithItsWords) {
  const absl::Status status = catch_torch([] { torch::zeros({2}) + torch::zeros({3}); });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("must match"));
  EXPECT_EQ(catch_torch([] { throw std::runtime_error("oh"); }), absl::InternalError("oh"));
}

TEST(TorchStatus, NothingThrownIsOk) {
  EXPECT_TRUE(catch_torch([] {}).ok());
}

}  // namespace
}  // namespace melsweep::inception
