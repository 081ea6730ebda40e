#include "worker/trainer/inception/weights_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "shared/files/atomic_file.h"

namespace melsweep::inception {
namespace {

using ::testing::HasSubstr;

class WeightsPathTest : public ::testing::Test {
 protected:
  std::filesystem::path store_ = std::filesystem::path(::testing::TempDir()) / "weights-path-store";

  void SetUp() override {
    ::setenv("MELSWEEP_WEIGHTS_DIR", store_.c_str(), 1);
    ASSERT_TRUE(files::write_atomically(store_ / "stored-weights.safetensors", "x").ok());
  }
  void TearDown() override {
    ::unsetenv("MELSWEEP_WEIGHTS_DIR");
    std::filesystem::remove_all(store_);
  }
};

TEST_F(WeightsPathTest, TakesAFileAsItIsNamed) {
  const std::filesystem::path file = store_ / "stored-weights.safetensors";
  EXPECT_EQ(resolve_weights(file.string()).value(), file);
}

TEST_F(WeightsPathTest, FallsBackToTheWeightsFolder) {
  EXPECT_EQ(resolve_weights("stored-weights.safetensors").value(), store_ / "stored-weights.safetensors");
}

TEST_F(WeightsPathTest, SaysWhereItLookedAndWhatToDo) {
  const absl::Status status = resolve_weights("absent-weights.safetensors").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  const std::string said(status.message());
  EXPECT_THAT(said, HasSubstr((std::filesystem::current_path() / "absent-weights.safetensors").string()));
  EXPECT_THAT(said, HasSubstr((store_ / "absent-weights.safetensors").string()));
  EXPECT_THAT(said, HasSubstr("melsweep weights convert"));
}

TEST_F(WeightsPathTest, RefusesFoldersAndNothing) {
  EXPECT_FALSE(resolve_weights(store_.string()).ok());
  EXPECT_EQ(resolve_weights("").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace melsweep::inception
