#include "worker/trainer/features/segment_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/worker/trainer/features/cache_fixture.h"

namespace melsweep::features {
namespace {

class SegmentWriterTest : public CacheTest {
 protected:
  void add(int count) {
    for (int i = 0; i < count; ++i) {
      ASSERT_TRUE(
          writer_.add({.key = absl::StrCat(next_++), .rows = 1, .columns = 2, .values = {1.0F, 2.0F}}).ok());
    }
  }

  // Segments that another process sees.
  std::size_t segments() const {
    return std::filesystem::exists(data_dir()) ? files_ending(data_dir(), ".npy").size() : 0;
  }

  FakeClock clock_;
  SegmentStore store_{data_dir(), SegmentLayout::kStacked, "{}\n"};
  SegmentWriter writer_{store_, clock_};
  int next_ = 0;
};

TEST_F(SegmentWriterTest, WritesAFullSegment) {
  add(511);
  EXPECT_EQ(segments(), 0U);
  add(1);
  EXPECT_EQ(segments(), 1U);
}

TEST_F(SegmentWriterTest, WritesWhatIsThereWhenSecondsHavePassed) {
  add(40);
  EXPECT_EQ(segments(), 0U);
  clock_.time += std::chrono::seconds(5);
  add(1);
  EXPECT_EQ(segments(), 1U);
  add(40);  // the seconds count from the last segment
  EXPECT_EQ(segments(), 1U);
}

TEST_F(SegmentWriterTest, WritesNoTinySegmentsHoweverSlowTheItemsCome) {
  for (int i = 0; i < 100; ++i) {
    clock_.time += std::chrono::seconds(60);
    add(1);
  }
  EXPECT_EQ(segments(), 3U);
}

}  // namespace
}  // namespace melsweep::features
