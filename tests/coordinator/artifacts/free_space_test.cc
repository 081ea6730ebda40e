#include "coordinator/artifacts/free_space.h"

#include <gtest/gtest.h>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kGiB = std::int64_t{1} << 30;

TEST(ReserveOf, IsFivePercentOfASmallDiskAndAGibibyteOfALargeOne) {
  EXPECT_EQ(reserve_of({.available = 0, .total = 100 * kMiB}), 5 * kMiB);
  EXPECT_EQ(reserve_of({.available = 0, .total = 20 * kGiB}), kGiB);
  EXPECT_EQ(reserve_of({.available = 0, .total = 20'000 * kGiB}), kGiB);
}

TEST(SpaceOf, IsTheSystemsOwn) {
  const ArtifactRoot root;
  const auto space = space_of(files::Folder::open(root.path()).value());
  ASSERT_TRUE(space.ok()) << space.status();
  const auto system = std::filesystem::space(root.path());
  EXPECT_EQ(space->total, static_cast<std::int64_t>(system.capacity));
  EXPECT_GT(space->available, 0);
  EXPECT_LE(space->available, space->total);
}

class FreeSpaceTest : public testing::Test {
 protected:
  ArtifactRoot root_;
  files::Folder folder_ = files::Folder::open(root_.path()).value();
  Space space_{.available = 50 * kMiB, .total = 100 * kMiB};  // 5 MiB of them are the reserve
  FreeSpace free_{folder_, [this](const files::Folder&) { return space_; }};
};

TEST_F(FreeSpaceTest, LeavesTheReserveAlone) {
  EXPECT_TRUE(absl::IsResourceExhausted(free_.promise(45 * kMiB + 1)));
  EXPECT_TRUE(free_.promise(45 * kMiB).ok());
}

TEST_F(FreeSpaceTest, PromisesNothingTwice) {
  ASSERT_TRUE(free_.promise(30 * kMiB).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(free_.promise(30 * kMiB)));
  free_.redeem(30 * kMiB);
  EXPECT_TRUE(free_.promise(30 * kMiB).ok());
}

TEST_F(FreeSpaceTest, CountsWhatIsWrittenOnce) {
  ASSERT_TRUE(free_.promise(30 * kMiB).ok());
  space_.available -= 20 * kMiB;
  free_.redeem(20 * kMiB);
  EXPECT_TRUE(free_.promise(15 * kMiB).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(free_.promise(1)));
}

TEST_F(FreeSpaceTest, SaysWhatIsMissing) {
  space_ = {.available = 7 * kMiB, .total = 100 * kMiB};
  const std::string message(free_.promise(11 * kMiB).message());
  for (const char* part : {"11 MiB", "7 MiB", "5 MiB"}) {
    EXPECT_NE(message.find(part), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace melsweep::artifacts
