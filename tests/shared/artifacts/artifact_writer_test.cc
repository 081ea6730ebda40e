#include "shared/artifacts/artifact_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

namespace fs = std::filesystem;

class ArtifactWriterTest : public testing::Test {
 protected:
  ArtifactWriter writer(const ArtifactContent& content) const {
    auto writer = ArtifactWriter::create(folder_, kName, content);
    EXPECT_TRUE(writer.ok()) << writer.status();
    return *std::move(writer);
  }

  ArtifactRoot root_;
  files::Folder folder_ = files::Folder::open(root_.path()).value();
};

TEST_F(ArtifactWriterTest, PutsTheFileAtItsPlaceWhenItIsWhole) {
  ArtifactWriter file = writer(content_of("hello world"));
  ASSERT_TRUE(file.append(bytes_of("hello ")).ok());
  ASSERT_TRUE(file.append(bytes_of("world")).ok());
  ASSERT_EQ(root_.files().size(), 1U);
  EXPECT_EQ(fs::path(root_.files()[0]).parent_path(), kIncomingFolder);
  ASSERT_TRUE(file.commit().ok());
  EXPECT_EQ(root_.files(), (std::vector<std::string>{kPlace}));
  EXPECT_EQ(root_.at(kName), "hello world");
}

TEST_F(ArtifactWriterTest, LeavesNothingOfWhatIsNotWhole) {
  { ASSERT_TRUE(writer(content_of("hello")).append(bytes_of("hel")).ok()); }
  EXPECT_TRUE(root_.files().empty());
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1"));
}

TEST_F(ArtifactWriterTest, LeavesNothingOfWhatIsNotAsItWasSaidToBe) {
  {
    ArtifactWriter file = writer(content_of("hello"));
    ASSERT_TRUE(file.append(bytes_of("hallo")).ok());
    EXPECT_TRUE(absl::IsDataLoss(file.commit()));
  }
  EXPECT_TRUE(root_.files().empty());
  EXPECT_FALSE(fs::exists(root_.path() / "sweep-1"));
}

TEST_F(ArtifactWriterTest, KeepsWhatIsThereUntilTheNewOneIsWhole) {
  root_.put(kName, "old");
  { ASSERT_TRUE(writer(content_of("new one")).append(bytes_of("new")).ok()); }
  EXPECT_EQ(root_.at(kName), "old");
  ArtifactWriter file = writer(content_of("new one"));
  ASSERT_TRUE(file.append(bytes_of("new one")).ok());
  ASSERT_TRUE(file.commit().ok());
  EXPECT_EQ(root_.at(kName), "new one");
}

TEST_F(ArtifactWriterTest, MayWriteTheSameFileTwiceAtOnce) {
  ArtifactWriter one = writer(content_of("hello"));
  ArtifactWriter other = writer(content_of("hello"));
  ASSERT_TRUE(one.append(bytes_of("hel")).ok());
  ASSERT_TRUE(other.append(bytes_of("hello")).ok());
  ASSERT_TRUE(one.append(bytes_of("lo")).ok());
  EXPECT_TRUE(other.commit().ok());
  EXPECT_TRUE(one.commit().ok());
  EXPECT_EQ(root_.at(kName), "hello");
}

TEST_F(ArtifactWriterTest, SaysThatItsHalfWasTakenAway) {
  ArtifactWriter file = writer(content_of("hello"));
  ASSERT_TRUE(file.append(bytes_of("hello")).ok());
  fs::remove(root_.path() / root_.files()[0]);
  EXPECT_TRUE(absl::IsUnavailable(file.commit())) << "it may be written again";
}

TEST_F(ArtifactWriterTest, DoesNotLeaveTheFolderThroughALink) {
  for (const char* link : {"sweep-1", "sweep-1/trial-2", "sweep-1/trial-2/attempt-3"}) {
    const fs::path path = root_.path() / link;
    fs::create_directories(path.parent_path());
    fs::create_directories(root_.outside() / "elsewhere");
    fs::create_directory_symlink(root_.outside() / "elsewhere", path);
    {
      ArtifactWriter file = writer(content_of("hello"));
      ASSERT_TRUE(file.append(bytes_of("hello")).ok());
      EXPECT_FALSE(file.commit().ok()) << link;
    }
    EXPECT_TRUE(fs::is_empty(root_.outside() / "elsewhere")) << link;
    fs::remove(path);
  }
}

TEST_F(ArtifactWriterTest, DoesNotWriteThroughALinkInPlaceOfTheFile) {
  ASSERT_TRUE(files::write_atomically(root_.outside() / "victim", "untouched").ok());
  fs::create_directories((root_.path() / kPlace).parent_path());
  fs::create_symlink(root_.outside() / "victim", root_.path() / kPlace);
  ArtifactWriter file = writer(content_of("hello"));
  ASSERT_TRUE(file.append(bytes_of("hello")).ok());
  ASSERT_TRUE(file.commit().ok());
  EXPECT_EQ(files::read_file(root_.outside() / "victim", 100).value(), "untouched");
  EXPECT_FALSE(fs::is_symlink(root_.path() / kPlace));
  EXPECT_EQ(root_.at(kName), "hello");
}

TEST_F(ArtifactWriterTest, DoesNotWriteWhereIncomingIsALink) {
  fs::create_directories(root_.outside() / "elsewhere");
  fs::create_directory_symlink(root_.outside() / "elsewhere", root_.path() / kIncomingFolder);
  EXPECT_FALSE(ArtifactWriter::create(folder_, kName, content_of("hello")).ok());
  EXPECT_TRUE(fs::is_empty(root_.outside() / "elsewhere"));
}

}  // namespace
}  // namespace melsweep::artifacts
