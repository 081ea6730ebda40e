#include "shared/artifacts/stored.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/shared/artifacts/artifact_root.h"

namespace melsweep::artifacts {
namespace {

namespace fs = std::filesystem;

class StoredTest : public testing::Test {
 protected:
  ArtifactRoot root_;
  files::Folder folder_ = files::Folder::open(root_.path()).value();
};

TEST_F(StoredTest, KnowsWhoseFolderItIs) {
  EXPECT_TRUE(absl::IsNotFound(read_store_id(folder_).status()));
  root_.put(kStoreIdFile, "abc123\n");
  EXPECT_EQ(read_store_id(folder_).value(), StoreId{"abc123"});
  root_.put(kStoreIdFile, "\n");
  EXPECT_TRUE(absl::IsDataLoss(read_store_id(folder_).status()));
  root_.put(kStoreIdFile, std::string(10'000, 'x'));
  EXPECT_TRUE(absl::IsDataLoss(read_store_id(folder_).status()));
}

TEST_F(StoredTest, ReadsWhatIsThere) {
  EXPECT_TRUE(absl::IsNotFound(read_artifact(folder_, kName).status()));
  root_.put(kName, "hello");
  EXPECT_EQ(read_artifact(folder_, kName).value().bytes(), 5);
}

TEST_F(StoredTest, HasTheVeryContentOrNot) {
  EXPECT_FALSE(has_artifact(folder_, kName, content_of("hello")).value());
  root_.put(kName, "hello");
  EXPECT_TRUE(has_artifact(folder_, kName, content_of("hello")).value());
  EXPECT_FALSE(has_artifact(folder_, kName, content_of("hallo")).value());
  EXPECT_FALSE(has_artifact(folder_, kName, content_of("hello!")).value());
  ArtifactName other = kName;
  ++other.step;
  EXPECT_FALSE(has_artifact(folder_, other, content_of("hello")).value());
}

TEST_F(StoredTest, DoesNotReadThroughALink) {
  ASSERT_TRUE(files::write_atomically(root_.outside() / "secret", "hello").ok());
  fs::create_directories((root_.path() / kPlace).parent_path());
  fs::create_symlink(root_.outside() / "secret", root_.path() / kPlace);
  EXPECT_FALSE(read_artifact(folder_, kName).ok());
  EXPECT_FALSE(has_artifact(folder_, kName, content_of("hello")).ok());
}

}  // namespace
}  // namespace melsweep::artifacts
