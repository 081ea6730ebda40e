#include "worker/trainer/inception/checksum.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace melsweep::inception {
namespace {

class ChecksumTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove(path_); }

  absl::Status check(const std::vector<NamedTensor>& tensors, const Metadata& metadata) {
    EXPECT_TRUE(write_safetensors(path_, tensors, metadata).ok());
    return check_content(*SafetensorsFile::open(path_));
  }

  const std::filesystem::path path_ = std::filesystem::path(testing::TempDir()) / "checksum-test.safetensors";
  const std::vector<float> values_ = {1, 2, 3, 4};
  const std::vector<NamedTensor> tensors_ = {{"b", {4}, values_}, {"a", {2, 2}, values_}};
};

TEST_F(ChecksumTest, FitsWhatItWasMadeOf) {
  EXPECT_TRUE(check(tensors_, with_checksum(tensors_, {{"step", "7"}})).ok());
  EXPECT_TRUE(check({}, with_checksum({}, {})).ok());
}

TEST_F(ChecksumTest, FitsTheSameTensorsInAnotherOrder) {
  EXPECT_TRUE(check({tensors_[1], tensors_[0]}, with_checksum(tensors_, {})).ok());
}

TEST_F(ChecksumTest, AFileWithoutOneIsNotVouchedFor) {
  EXPECT_EQ(check(tensors_, {{"step", "7"}}).code(), absl::StatusCode::kDataLoss);
}

TEST_F(ChecksumTest, NoticesOtherMetadata) {
  Metadata metadata = with_checksum(tensors_, {{"step", "7"}});
  metadata["step"] = "8";
  EXPECT_EQ(check(tensors_, metadata).code(), absl::StatusCode::kDataLoss);
  metadata.erase("step");
  metadata["ste"] = "p7";
  EXPECT_EQ(check(tensors_, metadata).code(), absl::StatusCode::kDataLoss);
}

TEST_F(ChecksumTest, NoticesOtherValuesNamesAndShapes) {
  const Metadata metadata = with_checksum(tensors_, {});
  const std::vector<float> others = {1, 2, 3, -4};
  EXPECT_EQ(check({tensors_[0], {"a", {2, 2}, others}}, metadata).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(check({tensors_[0], {"c", {2, 2}, values_}}, metadata).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(check({tensors_[0], {"a", {4, 1}, values_}}, metadata).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(check({tensors_[0]}, metadata).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace melsweep::inception
