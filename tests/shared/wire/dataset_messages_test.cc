#include "shared/wire/dataset_messages.h"

#include <gtest/gtest.h>

#include "tests/shared/wire/sample_messages.h"

namespace melsweep::wire {
namespace {

TEST(DatasetMessages, AReportComesBackEqual) {
  const auto decoded = decode(encode(sample_report()));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, sample_report());
}

TEST(DatasetMessages, AClipOfAClassThatIsNotThereIsRefused) {
  DatasetReport report = sample_report();
  report.clips[0].class_index = 2;
  const auto decoded = decode(encode(report));
  ASSERT_TRUE(absl::IsInvalidArgument(decoded.status()));
  EXPECT_EQ(std::string(decoded.status().message()), "clip.class_index: 2 is not one of the 2 classes");
  report.clips[0].class_index = -1;
  EXPECT_TRUE(absl::IsInvalidArgument(decode(encode(report)).status()));
}

TEST(DatasetMessages, AClipNeedsAnIdAndASplit) {
  v1::DatasetReport message = encode(sample_report());
  message.mutable_clips(0)->set_split(v1::SPLIT_UNSPECIFIED);
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
  message = encode(sample_report());
  message.mutable_clips(1)->clear_id();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
}

TEST(DatasetMessages, FoldsCountFromOne) {
  v1::DatasetReport message = encode(sample_report());
  message.mutable_clips(0)->set_fold(-1);
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
  message = encode(sample_report());
  message.set_validation_folds(0, 0);
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
}

TEST(DatasetMessages, AReportNeedsItsHash) {
  v1::DatasetReport message = encode(sample_report());
  message.clear_content_hash();
  EXPECT_TRUE(absl::IsInvalidArgument(decode(message).status()));
}

}  // namespace
}  // namespace melsweep::wire
