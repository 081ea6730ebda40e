#include "shared/files/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;

class AtomicFileTest : public testing::Test {
 protected:
  AtomicFileTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        fs::path(testing::TempDir()) / ("melsweep-files-" + std::to_string(::getpid()) + "-" + test->name());
  }
  ~AtomicFileTest() override { fs::remove_all(folder_); }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator{}));
  }

  fs::path folder_;
};

TEST_F(AtomicFileTest, IsAtItsPlaceAfterCommitAlone) {
  const fs::path target = folder_ / "deep" / "file";
  auto file = AtomicFile::create(target);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->append("one ").ok());
  EXPECT_FALSE(fs::exists(target));
  ASSERT_TRUE(file->append("two").ok());
  ASSERT_TRUE(file->commit().ok());
  EXPECT_EQ(read_file(target, 100).value(), "one two");
}

TEST_F(AtomicFileTest, LeavesNothingBehindWithoutCommit) {
  {
    auto file = AtomicFile::create(folder_ / "file");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->append("half").ok());
    AtomicFile moved = *std::move(file);
    EXPECT_EQ(files(), 1U);
  }
  EXPECT_EQ(files(), 0U);
}

// Leaves half a file, as a process does that is killed while it writes; `end` is how it ends.
template <class End>
void write_half_in_a_child(const fs::path& target, End end) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto file = AtomicFile::create(target);
    const bool written = file.ok() && file->append("half").ok();
    end();
    ::_exit(written ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
}

TEST_F(AtomicFileTest, RemovesWhatAKilledProcessLeftOfTheSameTarget) {
  const fs::path target = folder_ / "file";
  write_half_in_a_child(target, [] { ::raise(SIGKILL); });
  write_half_in_a_child(folder_ / "other", [] { ::raise(SIGKILL); });
  ASSERT_EQ(files(), 2U);
  ASSERT_TRUE(write_atomically(target, "whole").ok());
  EXPECT_EQ(read_file(target, 100).value(), "whole");
  EXPECT_EQ(files(), 2U) << "the file, and what was left of the other";
}

TEST_F(AtomicFileTest, LeavesOthersToTheirWriting) {
  const fs::path target = folder_ / "file";
  auto mine = AtomicFile::create(target);
  ASSERT_TRUE(mine.ok());
  ASSERT_TRUE(write_atomically(target, "another's").ok());
  ASSERT_TRUE(mine->append("mine").ok());
  ASSERT_TRUE(mine->commit().ok());
  EXPECT_EQ(read_file(target, 100).value(), "mine");
}

TEST_F(AtomicFileTest, ReplacesWhatWasThere) {
  const fs::path target = folder_ / "file";
  ASSERT_TRUE(write_atomically(target, "old and longer").ok());
  ASSERT_TRUE(write_atomically(target, "new").ok());
  EXPECT_EQ(read_file(target, 100).value(), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, NamesTheFolderThatCannotBeMade) {
  ASSERT_TRUE(write_atomically(folder_ / "file", "x").ok());
  const absl::Status status = write_atomically(folder_ / "file" / "below", "y");
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find((folder_ / "file").string()), std::string::npos) << status;
}

TEST_F(AtomicFileTest, KeepsTheTargetWhereItIsAFolder) {
  fs::create_directories(folder_ / "target" / "inside");
  EXPECT_FALSE(write_atomically(folder_ / "target", "x").ok());
  EXPECT_TRUE(fs::is_directory(folder_ / "target" / "inside"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(AtomicFileTest, ReadingStopsAtTheLimit) {
  const fs::path target = folder_ / "file";
  ASSERT_TRUE(write_atomically(target, "12345").ok());
  EXPECT_EQ(read_file(target, 5).value(), "12345");
  EXPECT_EQ(read_file(target, 4).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(AtomicFileTest, ReadingSaysWhatIsWrong) {
  fs::create_directories(folder_);
  EXPECT_EQ(read_file(folder_ / "absent", 10).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(read_file(folder_, 10).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace melsweep::files
