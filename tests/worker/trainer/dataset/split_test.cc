#include "worker/trainer/dataset/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"

namespace melsweep::dataset {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> kClasses = {"cat", "dog"};

// `folds` folds with one recording of each class in each, of two clips each.
std::vector<Clip> tidy_clips(int folds) {
  std::vector<Clip> clips;
  for (int fold = 1; fold <= folds; ++fold) {
    for (int c = 0; c < 2; ++c) {
      for (int take = 0; take < 2; ++take) {
        Clip& clip = clips.emplace_back();
        clip.group = absl::StrCat("r", fold, kClasses[static_cast<std::size_t>(c)]);
        clip.id = clip.group + std::to_string(take) + ".wav";
        clip.content_hash = clip.id;
        clip.class_index = c;
        clip.fold = fold;
      }
    }
  }
  return clips;
}

SplitSpec by_fold(std::vector<int> validation, std::vector<int> test) {
  SplitSpec spec;
  spec.validation_folds = std::move(validation);
  spec.test_folds = std::move(test);
  return spec;
}

SplitSpec by_lot(SplitBy by, double validation, double test, std::uint64_t seed = 0) {
  SplitSpec spec;
  spec.by = by;
  spec.validation_fraction = validation;
  spec.test_fraction = test;
  spec.seed = seed;
  return spec;
}

std::string error_of(const SplitSpec& spec, std::vector<Clip> clips) {
  const auto outcome = assign_splits(spec, kClasses, clips);
  EXPECT_FALSE(outcome.ok());
  return std::string(outcome.status().message());
}

TEST(Split, FollowsTheFolds) {
  std::vector<Clip> clips = tidy_clips(4);
  const auto outcome = assign_splits(by_fold({2}, {3}), kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->warnings, IsEmpty());
  EXPECT_THAT(outcome->validation_folds, IsEmpty());
  for (const Clip& clip : clips) {
    EXPECT_EQ(clip.split, clip.fold == 2   ? Split::kValidation
                          : clip.fold == 3 ? Split::kTest
                                           : Split::kTrain);
  }
}

TEST(Split, TakesEachFoldInTurnForCrossValidation) {
  std::vector<Clip> clips = tidy_clips(4);
  SplitSpec spec = by_fold({}, {3});
  spec.cross_validation = true;
  const auto outcome = assign_splits(spec, kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->validation_folds, ElementsAre(1, 2, 4));
  for (const Clip& clip : clips) EXPECT_EQ(clip.split, clip.fold == 3 ? Split::kTest : Split::kTrain);
}

TEST(Split, NamesTheFoldsThatExist) {
  EXPECT_THAT(error_of(by_fold({9}, {}), tidy_clips(3)), AllOf(HasSubstr("fold 9"), HasSubstr("1, 2, 3")));
  EXPECT_THAT(error_of(by_fold({1}, {7}), tidy_clips(3)), HasSubstr("fold 7"));
  EXPECT_THAT(error_of(by_fold({1}, {1}), tidy_clips(3)), HasSubstr("both validation and test"));
}

TEST(Split, RefusesFoldsOfDataWithoutFolds) {
  std::vector<Clip> clips = tidy_clips(2);
  for (Clip& clip : clips) clip.fold = 0;
  EXPECT_THAT(error_of(by_fold({1}, {}), clips), HasSubstr("no folds"));
}

TEST(Split, RefusesEmptySplits) {
  EXPECT_THAT(error_of(by_fold({}, {1}), tidy_clips(3)), HasSubstr("no clip for validation"));
  EXPECT_THAT(error_of(by_fold({1}, {2}), tidy_clips(2)), HasSubstr("no clip for train"));
  EXPECT_THAT(error_of(by_lot(SplitBy::kGroup, 0.9, 0.1), tidy_clips(2)), HasSubstr("fractions"));
  EXPECT_THAT(error_of(by_lot(SplitBy::kGroup, 0.0, 0.1), tidy_clips(2)), HasSubstr("fractions"));
}

TEST(Split, RefusesTrainingWithoutAClass) {
  std::vector<Clip> clips = tidy_clips(3);
  std::erase_if(clips, [](const Clip& clip) { return clip.class_index == 1 && clip.fold != 1; });
  EXPECT_THAT(error_of(by_fold({1}, {}), clips), HasSubstr("training has no clip of dog"));
  SplitSpec in_turn = by_fold({}, {});
  in_turn.cross_validation = true;
  EXPECT_THAT(error_of(in_turn, clips), HasSubstr("no clip of dog when fold 1 validates"));
}

TEST(Split, WarnsOfAClassThatValidationLacks) {
  std::vector<Clip> clips = tidy_clips(3);
  std::erase_if(clips, [](const Clip& clip) { return clip.class_index == 1 && clip.fold == 1; });
  const auto outcome = assign_splits(by_fold({1}, {}), kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->warnings, ElementsAre("validation has no clip of dog"));
}

TEST(Split, RefusesARandomSplitThatLeaks) {
  std::vector<Clip> clips = tidy_clips(20);
  const auto outcome = assign_splits(by_lot(SplitBy::kRandom, 0.3, 0.1), kClasses, clips);
  ASSERT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition);
  const std::string message(outcome.status().message());
  EXPECT_THAT(message,
              AllOf(HasSubstr("of 40 recordings"), HasSubstr("by: group"), HasSubstr("allow_leakage: true")));
  EXPECT_THAT(message, testing::ContainsRegex("r[0-9]+(cat|dog): (train|test|validation), "));
}

TEST(Split, WarnsOfLeakageThatIsAllowed) {
  std::vector<Clip> clips = tidy_clips(20);
  SplitSpec spec = by_lot(SplitBy::kRandom, 0.3, 0.1);
  spec.allow_leakage = true;
  const auto outcome = assign_splits(spec, kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->warnings, ElementsAre(AllOf(HasSubstr("leakage"), HasSubstr("recordings"))));
}

TEST(Split, SplitsAtRandomWhereEachClipIsARecording) {
  std::vector<Clip> clips = tidy_clips(10);
  for (Clip& clip : clips) clip.group = clip.id;
  const auto outcome = assign_splits(by_lot(SplitBy::kRandom, 0.25, 0.25), kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  std::map<Split, int> counts;
  for (const Clip& clip : clips) ++counts[clip.split];
  EXPECT_EQ(counts,
            (std::map<Split, int>{{Split::kTrain, 20}, {Split::kValidation, 10}, {Split::kTest, 10}}));
}

TEST(Split, WarnsOfARecordingInFoldsOfDifferentSplits) {
  std::vector<Clip> clips = tidy_clips(3);
  clips.front().group = clips.back().group;  // folds 1 and 3
  const auto leaking = assign_splits(by_fold({1}, {}), kClasses, clips);
  ASSERT_TRUE(leaking.ok()) << leaking.status();
  EXPECT_THAT(leaking->warnings, ElementsAre(HasSubstr("1 of 6 recordings (r3dog: train, validation)")));
  const auto harmless = assign_splits(by_fold({2}, {}), kClasses, clips);
  ASSERT_TRUE(harmless.ok()) << harmless.status();
  EXPECT_THAT(harmless->warnings, IsEmpty());
  SplitSpec in_turn = by_fold({}, {});
  in_turn.cross_validation = true;
  const auto turns = assign_splits(in_turn, kClasses, clips);
  ASSERT_TRUE(turns.ok()) << turns.status();
  EXPECT_THAT(turns->warnings, ElementsAre(HasSubstr("r3dog: fold 1, fold 3")));
}

TEST(Split, WarnsOfTheSameFileOnBothSides) {
  std::vector<Clip> clips = tidy_clips(3);
  clips.front().content_hash = clips.back().content_hash;
  const auto outcome = assign_splits(by_fold({1}, {}), kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->warnings,
              ElementsAre(AllOf(HasSubstr("r1cat0.wav in validation"), HasSubstr("r3dog1.wav in train"))));
}

TEST(Split, ByGroupKeepsRecordingsThatShareAFileTogether) {
  std::vector<Clip> clips = tidy_clips(12);
  // r1cat - r5cat - r9cat, of which the first and the last share nothing.
  const auto clip_of = [&](const std::string& id) {
    return std::find_if(clips.begin(), clips.end(), [&](const Clip& clip) { return clip.id == id; });
  };
  clip_of("r1cat0.wav")->content_hash = clip_of("r5cat0.wav")->content_hash;
  clip_of("r5cat1.wav")->content_hash = clip_of("r9cat0.wav")->content_hash;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto outcome = assign_splits(by_lot(SplitBy::kGroup, 0.3, 0.3, seed), kClasses, clips);
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_THAT(outcome->warnings, IsEmpty());
    EXPECT_EQ(clip_of("r1cat1.wav")->split, clip_of("r5cat0.wav")->split);
    EXPECT_EQ(clip_of("r9cat1.wav")->split, clip_of("r5cat0.wav")->split);
  }
}

TEST(Split, RefusesARandomSplitWithTheSameFileOnBothSides) {
  std::vector<Clip> clips = tidy_clips(10);
  for (Clip& clip : clips) {
    clip.group = clip.id;
    if (clip.class_index == 0) clip.content_hash = "the same";
  }
  SplitSpec spec = by_lot(SplitBy::kRandom, 0.3, 0.1);
  EXPECT_THAT(error_of(spec, clips), AllOf(HasSubstr("files of the same content"), HasSubstr("by: group")));
  spec.allow_leakage = true;
  const auto outcome = assign_splits(spec, kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_THAT(outcome->warnings, ElementsAre(HasSubstr("files of the same content")));
}

TEST(Split, SaysInAFewWordsWhatLeaksInManyClips) {
  std::vector<Clip> clips = tidy_clips(500);
  for (Clip& clip : clips) {
    clip.group = clip.class_index == 0 ? "everywhere" : absl::StrCat("recording ", clip.fold % 100);
    clip.content_hash = clip.class_index == 0 ? "the same" : absl::StrCat(clip.fold % 100);
  }
  SplitSpec in_turn = by_fold({}, {});
  in_turn.cross_validation = true;
  const auto outcome = assign_splits(in_turn, kClasses, clips);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  ASSERT_EQ(outcome->warnings.size(), 2U);
  for (const std::string& warning : outcome->warnings) {
    EXPECT_LT(warning.size(), 2000U);
    EXPECT_THAT(warning, HasSubstr("and 96 more"));
  }
}

TEST(Split, ByGroupNeverPutsARecordingOnBothSides) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Clip> clips;
    const int groups = *rc::gen::inRange(6, 40);
    for (int i = 0; i < groups; ++i) {
      const int takes = *rc::gen::inRange(1, 5);
      for (int take = 0; take < takes; ++take) {
        Clip& clip = clips.emplace_back();
        clip.group = std::to_string(i);
        clip.id = clip.group + "-" + std::to_string(take);
        clip.content_hash = clip.id;
        clip.class_index = i % 2;
      }
    }
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto outcome = assign_splits(by_lot(SplitBy::kGroup, 0.25, 0.15, seed), kClasses, clips);
    RC_ASSERT(outcome.ok());
    RC_ASSERT(outcome->warnings.empty());  // three recordings of each class at least: each split has both
    std::map<std::string, std::set<Split>> sides;
    for (const Clip& clip : clips) sides[clip.group].insert(clip.split);
    for (const auto& [group, splits] : sides) RC_ASSERT(splits.size() == 1U);
    std::vector<Clip> reversed(clips.rbegin(), clips.rend());
    RC_ASSERT(assign_splits(by_lot(SplitBy::kGroup, 0.25, 0.15, seed), kClasses, reversed).ok());
    RC_ASSERT(std::vector<Clip>(reversed.rbegin(), reversed.rend()) == clips);
  }));
}

}  // namespace
}  // namespace melsweep::dataset
