#include "worker/trainer/models/sound_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace melsweep::models {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SoundListTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(folder); }
  void TearDown() override { fs::remove_all(folder); }

  fs::path file(const std::string& name) {
    const fs::path path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "x";
    return path;
  }

  fs::path folder = fs::path(testing::TempDir()) / "sound_list_test";
};

TEST_F(SoundListTest, FoldersAreWalkedInOrderOfPath) {
  const fs::path b = file("b.WAV");
  const fs::path deep = file("a/deep/c.flac");
  file("a/notes.txt");
  file(".hidden.wav");
  file(".git/d.wav");
  const std::vector<fs::path> named = {folder};
  const SoundList list = list_sounds(named);
  EXPECT_THAT(list.files, ElementsAre(deep, b));
  EXPECT_THAT(list.failures, IsEmpty());
}

TEST_F(SoundListTest, FilesAreTakenAsTheyAreNamedThereOrNot) {
  const fs::path odd = file("recording.dat");
  const std::vector<fs::path> named = {odd, folder / "missing"};
  EXPECT_THAT(list_sounds(named).files, ElementsAre(odd, folder / "missing"));
}

TEST_F(SoundListTest, AFolderWithoutSoundIsNamed) {
  file("notes.txt");
  const std::vector<fs::path> named = {folder};
  const SoundList list = list_sounds(named);
  EXPECT_THAT(list.files, IsEmpty());
  ASSERT_EQ(list.failures.size(), 1);
  EXPECT_THAT(std::string(list.failures[0].message()), HasSubstr(folder.string()));
}

}  // namespace
}  // namespace melsweep::models
