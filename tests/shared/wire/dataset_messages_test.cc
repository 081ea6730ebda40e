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

TEST(DatasetMessages, AreRefusedBeyondWhatADataSetCanBe) {
  const auto refusal = [](auto change) {
    v1::DatasetReport message = encode(sample_report());
    change(message);
    return std::string(decode(message).status().message());
  };
  EXPECT_EQ(refusal([](auto& m) { m.mutable_classes()->Add()->assign(4096, 'x'); }), "");
  EXPECT_EQ(refusal([](auto& m) { m.mutable_clips(0)->set_id(std::string(4096, 'x')); }), "");
  EXPECT_EQ(refusal([](auto& m) { m.mutable_clips(0)->set_id(std::string(4097, 'x')); }),
            "clip.id: must be at most 4096 bytes");
  EXPECT_EQ(refusal([](auto& m) { m.mutable_clips(0)->set_group(std::string(4097, 'x')); }),
            "clip.group: must be at most 4096 bytes");
  EXPECT_EQ(refusal([](auto& m) { m.mutable_clips(0)->set_content_hash(std::string(257, 'x')); }),
            "clip.content_hash: must be at most 256 bytes");
  EXPECT_EQ(refusal([](auto& m) { m.add_skipped()->set_id(std::string(4097, 'x')); }),
            "skipped.id: must be at most 4096 bytes");
  const auto add_classes = [](auto& m) {
    for (int i = m.classes_size(); i < 10'001; ++i) m.add_classes("c");
  };
  EXPECT_EQ(refusal(add_classes), "dataset.classes: are 10001; at most 10000 are allowed");
}

}  // namespace
}  // namespace melsweep::wire
