#include "shared/files/part_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "shared/files/atomic_file.h"

namespace melsweep::files {
namespace {

namespace fs = std::filesystem;

class PartFileTest : public testing::Test {
 protected:
  PartFileTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    root_ =
        fs::path(testing::TempDir()) / ("melsweep-part-" + std::to_string(::getpid()) + "-" + test->name());
    fs::create_directories(root_ / "parts");
    fs::create_directories(root_ / "place");
  }
  ~PartFileTest() override { fs::remove_all(root_); }

  Folder folder(const std::string& name) const { return Folder::open(root_ / name).value(); }

  PartFile part(std::string_view content) const {
    auto part = PartFile::create(folder("parts"), "part", Access::kEveryone);
    EXPECT_TRUE(part.ok()) << part.status();
    EXPECT_TRUE(part->append(std::as_bytes(std::span(content.data(), content.size()))).ok());
    return *std::move(part);
  }

  fs::path root_;
};

TEST_F(PartFileTest, IsWholeAtItsPlaceOrNotThere) {
  PartFile file = part("content");
  EXPECT_TRUE(fs::exists(root_ / "parts" / "part"));
  EXPECT_TRUE(fs::is_empty(root_ / "place"));
  ASSERT_TRUE(file.move_to(folder("place"), "file").ok());
  EXPECT_EQ(read_file(root_ / "place" / "file", 100).value(), "content");
  EXPECT_TRUE(fs::is_empty(root_ / "parts"));
}

TEST_F(PartFileTest, LeavesNothingBehindOnItsWay) {
  { const PartFile file = part("content"); }
  EXPECT_TRUE(fs::is_empty(root_ / "parts"));
}

TEST_F(PartFileTest, StaysAtItsPlace) {
  {
    PartFile file = part("content");
    ASSERT_TRUE(file.move_to(folder("place"), "file").ok());
    const PartFile next = part("next");
  }
  EXPECT_EQ(read_file(root_ / "place" / "file", 100).value(), "content");
}

TEST_F(PartFileTest, MayBeMovedAgainWhereTheFolderWasGone) {
  PartFile file = part("content");
  const Folder gone = folder("place");
  fs::remove(root_ / "place");
  EXPECT_TRUE(absl::IsNotFound(file.move_to(gone, "file")));
  fs::create_directories(root_ / "place");
  ASSERT_TRUE(file.move_to(folder("place"), "file").ok());
  EXPECT_EQ(read_file(root_ / "place" / "file", 100).value(), "content");
}

}  // namespace
}  // namespace melsweep::files
