#include "worker/agent/artifacts_on_disk.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace melsweep::agent {
namespace {

namespace fs = std::filesystem;

class ArtifactsOnDiskTest : public testing::Test {
 protected:
  ~ArtifactsOnDiskTest() override { fs::remove_all(top_); }

  static fs::path make(const fs::path& folder) {
    fs::create_directories(folder);
    std::ofstream(folder / "checkpoint") << "weights";
    return folder;
  }

  const fs::path top_ = fs::path(testing::TempDir()) / ("artifacts-" + std::to_string(::getpid()));
  ArtifactsOnDisk artifacts_{top_ / "artifacts"};
};

TEST_F(ArtifactsOnDiskTest, RemovesTheAttemptAndNothingBesideIt) {
  const fs::path attempt = make(top_ / "artifacts" / "trial-1" / "attempt-1");
  const fs::path other = make(top_ / "artifacts" / "trial-1" / "attempt-2");
  artifacts_.discard(attempt);
  EXPECT_FALSE(fs::exists(attempt));
  EXPECT_TRUE(fs::exists(other / "checkpoint"));
}

TEST_F(ArtifactsOnDiskTest, WhatIsNotThereIsFine) {
  artifacts_.discard(top_ / "artifacts" / "trial-1" / "attempt-1");
  EXPECT_FALSE(fs::exists(top_));
}

TEST_F(ArtifactsOnDiskTest, TouchesNothingOutsideItsFolder) {
  const fs::path outside = make(top_ / "artifacts-of-others");
  make(top_ / "artifacts");
  for (const fs::path& path :
       {outside, top_, top_ / "artifacts", top_ / "artifacts" / ".." / "artifacts-of-others",
        fs::path("artifacts"), fs::path()}) {
    artifacts_.discard(path);
  }
  EXPECT_TRUE(fs::exists(outside / "checkpoint"));
  EXPECT_TRUE(fs::exists(top_ / "artifacts" / "checkpoint"));
}

TEST_F(ArtifactsOnDiskTest, ALinkIsRemovedAndNotFollowed) {
  const fs::path outside = make(top_ / "elsewhere");
  fs::create_directories(top_ / "artifacts");
  fs::create_directory_symlink(outside, top_ / "artifacts" / "link");
  artifacts_.discard(top_ / "artifacts" / "link");
  EXPECT_FALSE(fs::exists(top_ / "artifacts" / "link"));
  EXPECT_TRUE(fs::exists(outside / "checkpoint"));
}

}  // namespace
}  // namespace melsweep::agent
