#include "worker/trainer/features/cache_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/worker/trainer/features/cache_fixture.h"

namespace melsweep::features {
namespace {

using testing::HasSubstr;

class CacheLockTest : public CacheTest {};

TEST_F(CacheLockTest, HasOneHolderAtATime) {
  auto first = CacheLock::try_acquire(data_dir());
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_TRUE(first->has_value());
  EXPECT_FALSE(CacheLock::try_acquire(data_dir())->has_value());
  first->reset();
  EXPECT_TRUE(CacheLock::try_acquire(data_dir())->has_value());
}

TEST_F(CacheLockTest, StaysHeldWhenMoved) {
  auto first = CacheLock::try_acquire(data_dir());
  const CacheLock moved = *std::move(*first);
  first->reset();
  EXPECT_FALSE(CacheLock::try_acquire(data_dir())->has_value());
}

TEST_F(CacheLockTest, AFolderThatCannotBeMadeIsAClearError) {
  audio::write_bytes(data_dir(), "a file where the folder should be");
  EXPECT_THAT(CacheLock::try_acquire(data_dir()).status().message(), HasSubstr(data_dir().string()));
}

TEST_F(CacheLockTest, ALockThatCannotBeOpenedIsTheMachinesTroubleNotTheDatas) {
  std::filesystem::create_directories(data_dir() / "lock");
  const absl::Status status = CacheLock::try_acquire(data_dir()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(status.message(), HasSubstr((data_dir() / "lock").string()));
}

}  // namespace
}  // namespace melsweep::features
