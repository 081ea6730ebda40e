#include "client/local/database_owner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace melsweep::local {
namespace {

namespace fs = std::filesystem;

class DatabaseOwnerTest : public testing::Test {
 protected:
  DatabaseOwnerTest() {
    fs::create_directories(folder);
    std::ofstream(database) << "results";
  }
  ~DatabaseOwnerTest() override { fs::remove_all(folder); }

  const fs::path folder =
      fs::path(testing::TempDir()) / ("database_owner_test-" + std::to_string(::getpid()));
  const fs::path database = folder / "results.db";
};

TEST_F(DatabaseOwnerTest, AFileThatWasNeverLockedHasNone) {
  EXPECT_FALSE(has_owner(database));
  EXPECT_FALSE(has_owner(folder / "missing.db"));
}

TEST_F(DatabaseOwnerTest, TheLockCountsAndNotItsFile) {
  const int owner = ::open((database.string() + ".lock").c_str(), O_RDWR | O_CREAT, 0644);
  ASSERT_GE(owner, 0);
  EXPECT_FALSE(has_owner(database));
  ASSERT_EQ(::flock(owner, LOCK_EX | LOCK_NB), 0);
  EXPECT_TRUE(has_owner(database));
  fs::create_symlink(database, folder / "link.db");
  EXPECT_TRUE(has_owner(folder / "link.db"));
  ::close(owner);
  EXPECT_FALSE(has_owner(database));
}

}  // namespace
}  // namespace melsweep::local
