#include "worker/trainer/dataset/synth/synth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "shared/files/digest.h"
#include "tests/worker/trainer/dataset/data_folder.h"
#include "worker/trainer/dataset/prepare.h"

namespace melsweep::synth {
namespace {

namespace fs = std::filesystem;
using dataset::DataFolder;
using testing::HasSubstr;

constexpr int kFewClips = 20;

std::map<std::string, std::string> hashes_below(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    hashes[entry.path().lexically_relative(folder).string()] = files::sha256_file(entry.path()).value();
  }
  return hashes;
}

absl::Status make(const fs::path& folder, std::uint64_t seed = 0, int clips = kFewClips) {
  SynthOptions options;
  options.clips = clips;
  options.seed = seed;
  return synthesize(folder, options);
}

TEST(Synth, MakesADataSetThatCanBeUsed) {
  const DataFolder folder;
  ASSERT_TRUE(make(folder.path("set")).ok());
  DatasetSpec spec;
  spec.path = folder.path("set");
  spec.split.validation_folds = {9};
  spec.split.test_folds = {10};
  const auto report = dataset::prepare_dataset(spec, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->clips.size(), static_cast<std::size_t>(kFewClips));
  EXPECT_EQ(report->classes.size(), 10U);
  EXPECT_EQ(report->classes.front(), "air_conditioner");
  std::set<std::string> contents;
  for (const Clip& clip : report->clips) contents.insert(clip.content_hash);
  EXPECT_EQ(contents.size(), report->clips.size());
}

TEST(Synth, GivesTheSameBytesForTheSameSeedOnly) {
  const DataFolder folder;
  ASSERT_TRUE(make(folder.path("a"), 1).ok());
  ASSERT_TRUE(make(folder.path("b"), 1).ok());
  ASSERT_TRUE(make(folder.path("c"), 2).ok());
  const auto first = hashes_below(folder.path("a"));
  EXPECT_EQ(first, hashes_below(folder.path("b")));
  EXPECT_NE(first, hashes_below(folder.path("c")));
}

TEST(Synth, CompletesItsOwnSet) {
  const DataFolder folder;
  ASSERT_TRUE(make(folder.path()).ok());
  const auto whole = hashes_below(folder.root());
  ASSERT_TRUE(make(folder.path()).ok());
  EXPECT_EQ(hashes_below(folder.root()), whole);
  fs::remove_all(folder.path("audio/fold3"));
  fs::remove_all(folder.path("metadata"));
  ASSERT_TRUE(make(folder.path()).ok());
  EXPECT_EQ(hashes_below(folder.root()), whole);
}

TEST(Synth, RefusesAFolderWithSomethingElseInIt) {
  const DataFolder foreign;
  foreign.write("precious.txt", "x");
  EXPECT_EQ(make(foreign.path()).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(hashes_below(foreign.root()).size(), 1U);
  EXPECT_EQ(make(foreign.path("precious.txt")).code(), absl::StatusCode::kFailedPrecondition);
  const DataFolder other;
  ASSERT_TRUE(make(other.path(), 1).ok());
  const absl::Status status = make(other.path(), 2);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("--seed 1"));
}

TEST(Synth, RefusesNumbersOutOfRange) {
  const DataFolder folder;
  for (const int clips : {-1, 0, kFewClips - 1, 100'001}) {
    EXPECT_EQ(make(folder.path("x"), 0, clips).code(), absl::StatusCode::kInvalidArgument) << clips;
  }
  EXPECT_FALSE(fs::exists(folder.path("x")));
}

TEST(Synth, StopsWithoutATableAndGoesOnLater) {
  const DataFolder folder;
  std::stop_source stop;
  SynthOptions options;
  options.clips = kFewClips;
  options.stop = stop.get_token();
  options.progress = [&](const Progress& progress) {
    if (progress.done == 3) stop.request_stop();
  };
  EXPECT_EQ(synthesize(folder.root(), options).code(), absl::StatusCode::kCancelled);
  EXPECT_FALSE(fs::exists(folder.path("metadata/UrbanSound8K.csv")));
  EXPECT_EQ(hashes_below(folder.root()).size(), 4U);  // three clips and the marker
  EXPECT_TRUE(make(folder.path()).ok());
}

}  // namespace
}  // namespace melsweep::synth
