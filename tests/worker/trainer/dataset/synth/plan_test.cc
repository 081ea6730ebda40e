#include "worker/trainer/dataset/synth/plan.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "worker/trainer/dataset/synth/sources.h"

namespace melsweep::synth {
namespace {

std::map<int, int> clips_by_class(const std::vector<Slice>& plan) {
  std::map<int, int> counts;
  for (const Slice& slice : plan) ++counts[slice.recording.class_id];
  return counts;
}

TEST(Plan, HasTheNumberOfClipsThatIsAskedFor) {
  for (const int clips : {20, 21, 57, 99, 100, 101, 200, 1003}) {
    EXPECT_EQ(make_plan(clips, 1).size(), static_cast<std::size_t>(clips));
    EXPECT_EQ(clips_by_class(make_plan(clips, 1)).size(), 10U) << clips;
  }
}

TEST(Plan, MakesHornsAndShotsRare) {
  const auto counts = clips_by_class(make_plan(200, 0));
  EXPECT_EQ(counts.at(kCarHorn), 11);
  EXPECT_EQ(counts.at(kGunShot), 11);
  for (const auto& [class_id, clips] : counts) {
    if (class_id == kCarHorn || class_id == kGunShot) continue;
    EXPECT_GE(clips, 22) << class_id;
  }
}

TEST(Plan, MakesThemRareInEverySet) {
  for (int clips = kMinClips; clips <= 120; ++clips) {
    const auto counts = clips_by_class(make_plan(clips, 0));
    for (const auto& [class_id, count] : counts) {
      if (class_id == kCarHorn || class_id == kGunShot) continue;
      EXPECT_LT(counts.at(kCarHorn), count) << clips;
      EXPECT_NEAR(counts.at(kGunShot), count / 2.0, 1.0) << clips;
    }
  }
}

TEST(Plan, HasEveryClassInEveryFold) {
  for (const int clips : {171, 200, 500}) {
    std::set<std::pair<int, int>> seen;
    for (const Slice& slice : make_plan(clips, 3))
      seen.insert({slice.recording.class_id, slice.recording.fold});
    EXPECT_EQ(seen.size(), 100U) << clips;
  }
}

// Folds 9 and 10 are what sweeps validate and test on.
TEST(Plan, LeavesEveryClassForTrainingHoweverFewTheClips) {
  for (int clips = kMinClips; clips < 100; ++clips) {
    std::set<int> trained;
    std::set<int> folds;
    for (const Slice& slice : make_plan(clips, 0)) {
      folds.insert(slice.recording.fold);
      if (slice.recording.fold < 9) trained.insert(slice.recording.class_id);
    }
    EXPECT_EQ(trained.size(), 10U) << clips;
    EXPECT_EQ(folds.size(), 10U) << clips;
  }
}

TEST(Plan, KeepsARecordingInOneFoldWithOneFormat) {
  std::map<std::int64_t, std::set<std::pair<int, int>>> where;
  std::map<std::int64_t, int> slices;
  std::set<std::string> names;
  for (const Slice& slice : make_plan(400, 2)) {
    where[slice.recording.fs_id].insert({slice.recording.fold, slice.recording.format.sample_rate});
    ++slices[slice.recording.fs_id];
    names.insert(slice.file_name());
    EXPECT_GT(slice.end_s, slice.start_s);
    EXPECT_LE(slice.end_s - slice.start_s, 4.0 + 1e-9);
  }
  EXPECT_EQ(names.size(), 400U);
  for (const auto& [fs_id, places] : where) EXPECT_EQ(places.size(), 1U) << fs_id;
  EXPECT_LT(slices.size(), 200U);  // two slices and more on average
}

TEST(Plan, MixesFormats) {
  std::set<int> rates;
  std::set<int> channels;
  std::set<SampleFormat> samples;
  for (const Slice& slice : make_plan(200, 0)) {
    rates.insert(slice.recording.format.sample_rate);
    channels.insert(slice.recording.format.channels);
    samples.insert(slice.recording.format.samples);
  }
  EXPECT_EQ(rates, (std::set<int>{8000, 11025, 16000, 22050, 32000, 44100, 48000, 96000}));
  EXPECT_EQ(channels, (std::set<int>{1, 2}));
  EXPECT_EQ(samples.size(), 4U);
}

}  // namespace
}  // namespace melsweep::synth
