#include "shared/files/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "shared/files/atomic_file.h"

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;
using testing::UnorderedElementsAre;

// A folder of the test's own, "inside", beside another, "outside".
class FolderTest : public testing::Test {
 protected:
  FolderTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::path(testing::TempDir()) / ("melsweep-folder-" + std::to_string(::getpid()) + "-" + test->name());
    fs::create_directories(inside());
    fs::create_directories(outside());
    EXPECT_TRUE(write_atomically(outside() / "secret", "not yours").ok());
  }
  ~FolderTest() override { fs::remove_all(root_); }

  fs::path inside() const { return root_ / "inside"; }
  fs::path outside() const { return root_ / "outside"; }
  Folder folder() const { return Folder::open(inside()).value(); }
  std::string content(const fs::path& path) const { return read_file(path, 1000).value(); }

  fs::path root_;
};

TEST_F(FolderTest, IsOpenedWhereItIsOne) {
  EXPECT_EQ(Folder::open(inside()).value().path(), inside());
  EXPECT_TRUE(absl::IsNotFound(Folder::open(root_ / "absent").status()));
  const absl::Status status = Folder::open(outside() / "secret").status();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("secret"), std::string::npos) << "the path is named";
}

TEST_F(FolderTest, MakesFoldersWhereThereAreNone) {
  EXPECT_TRUE(absl::IsNotFound(folder().folder("deeper").status()));
  ASSERT_TRUE(folder().make_folder("deeper").ok());
  EXPECT_TRUE(fs::is_directory(inside() / "deeper"));
  EXPECT_TRUE(folder().make_folder("deeper").ok()) << "twice is well";
  EXPECT_TRUE(folder().folder("deeper").ok());
}

TEST_F(FolderTest, IsTheSameWhateverItIsCalled) {
  const Folder opened = folder();
  fs::rename(inside(), root_ / "renamed");
  ASSERT_TRUE(opened.make_folder("new").ok());
  EXPECT_TRUE(fs::is_directory(root_ / "renamed" / "new"));
}

TEST_F(FolderTest, NeverGoesThroughALink) {
  fs::create_directory_symlink(outside(), inside() / "out");
  fs::create_symlink(outside() / "secret", inside() / "file");
  EXPECT_FALSE(folder().folder("out").ok());
  EXPECT_FALSE(folder().make_folder("out").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(folder().read_file("file").status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(folder().create_file("file", Access::kEveryone).status()));
  EXPECT_EQ(content(outside() / "secret"), "not yours");
}

TEST_F(FolderTest, RemovesALinkRatherThanWhatItLeadsTo) {
  fs::create_symlink(outside() / "secret", inside() / "file");
  fs::create_directory_symlink(outside(), inside() / "out");
  EXPECT_TRUE(folder().remove_file("file").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(folder().remove_empty_folder("out")));
  EXPECT_FALSE(fs::exists(fs::symlink_status(inside() / "file")));
  EXPECT_EQ(content(outside() / "secret"), "not yours");
}

TEST_F(FolderTest, RemovesFilesAndEmptyFoldersAlone) {
  ASSERT_TRUE(write_atomically(inside() / "full" / "file", "x").ok());
  EXPECT_TRUE(absl::IsNotFound(folder().remove_file("absent")));
  EXPECT_FALSE(folder().remove_file("full").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(folder().remove_empty_folder("full")));
  ASSERT_TRUE(folder().folder("full").value().remove_file("file").ok());
  EXPECT_TRUE(folder().remove_empty_folder("full").ok());
  EXPECT_TRUE(fs::is_empty(inside()));
}

TEST_F(FolderTest, ListsEverythingAgainAndAgain) {
  ASSERT_TRUE(write_atomically(inside() / "file", "x").ok());
  fs::create_directories(inside() / "deeper");
  fs::create_symlink("nowhere", inside() / "link");
  const Folder opened = folder();
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(opened.names().value(), UnorderedElementsAre("file", "deeper", "link"));
  }
}

TEST_F(FolderTest, MovesFilesIntoOthers) {
  ASSERT_TRUE(write_atomically(inside() / "file", "x").ok());
  const auto deeper = folder().make_folder("deeper");
  ASSERT_TRUE(deeper.ok());
  ASSERT_TRUE(folder().move_file("file", *deeper, "moved").ok());
  EXPECT_EQ(content(inside() / "deeper" / "moved"), "x");
  EXPECT_FALSE(fs::exists(inside() / "file"));
  EXPECT_TRUE(absl::IsNotFound(folder().move_file("file", *deeper, "moved")));
}

TEST_F(FolderTest, ReadsRegularFilesAlone) {
  ASSERT_TRUE(write_atomically(inside() / "file", "x").ok());
  ASSERT_EQ(::mkfifo((inside() / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(folder().read_file("file").value().bytes(), 1);
  EXPECT_TRUE(absl::IsNotFound(folder().read_file("absent").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(folder().read_file("pipe").status()));
}

TEST_F(FolderTest, MakesSecretsThatOthersCannotRead) {
  ASSERT_TRUE(folder().create_file("key", Access::kOwner).ok());
  EXPECT_EQ(fs::status(inside() / "key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace
}  // namespace melsweep::files
