// Whatever the data, the split and the augmentations: what is learned from says nothing of what is measured
// on, and there is exactly as much of it as was promised.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/model/augmentation.h"
#include "worker/trainer/dataset/split.h"
#include "worker/trainer/training/examples.h"

namespace melsweep::training {
namespace {

constexpr int kFolds = 4;

int between(int least, int most) {
  return *rc::gen::inRange(least, most + 1);
}

// Recordings of a few clips each, every one in a fold of its own, some of the clips with the same content as
// another of their recording; of two classes.
std::vector<Clip> any_clips(SplitBy by) {
  std::vector<Clip> clips;
  const int recordings = between(16, 40);
  for (int recording = 0; recording < recordings; ++recording) {
    // Clips at random are taken only where no recording has two of them.
    const int count = by == SplitBy::kRandom ? 1 : between(1, 4);
    for (int i = 0; i < count; ++i) {
      Clip& clip = clips.emplace_back();
      clip.id = absl::StrCat("r", recording, "-", i, ".wav");
      clip.class_index = recording % 2;
      clip.group = absl::StrCat("r", recording);
      clip.fold = 1 + recording / 2 % kFolds;
      clip.content_hash = absl::StrCat("content of ", recording, "-", between(0, i));
      clip.channels = between(1, 3);
    }
  }
  // By group, copies in other recordings go where those go.
  if (by == SplitBy::kGroup && between(0, 1) == 1) clips.back().content_hash = clips.front().content_hash;
  return clips;
}

SplitSpec any_split() {
  SplitSpec split;
  split.by = *rc::gen::element(SplitBy::kFold, SplitBy::kGroup, SplitBy::kRandom);
  if (split.by != SplitBy::kFold) {
    split.validation_fraction = 0.25;
    split.test_fraction = between(0, 1) * 0.25;
    split.seed = *rc::gen::arbitrary<std::uint64_t>();
    return split;
  }
  if (between(0, 1) == 1) split.test_folds = {4};
  split.cross_validation = between(0, 1) == 1;
  if (!split.cross_validation) split.validation_folds = {between(1, 3)};
  return split;
}

std::vector<Augmentation> any_augmentation() {
  std::vector<Augmentation> augmentation;
  for (const Augmentation one : {Augmentation::kChannels, Augmentation::kNoise, Augmentation::kGain,
                                 Augmentation::kShift, Augmentation::kMasks, Augmentation::kMixup}) {
    if (between(0, 1) == 1) augmentation.push_back(one);
  }
  return augmentation;
}

std::vector<TrialPlan> plans_of(const DatasetSpec& spec, const dataset::SplitOutcome& outcome) {
  TrialPlan plan;
  plan.dataset = spec;
  plan.settings.training.augmentation = any_augmentation();
  std::vector<TrialPlan> plans;
  for (const int fold : outcome.validation_folds) {
    plan.validation_fold = fold;
    plans.push_back(plan);
  }
  if (plans.empty()) plans.push_back(plan);
  if (spec.split.test_folds.empty() && spec.split.test_fraction == 0.0) return plans;
  TrialPlan final = plan;
  final.validation_fold = 0;
  final.evaluate = Split::kTest;
  final.train_on = *rc::gen::element(TrainOn::kTraining, TrainOn::kTrainingAndValidation);
  plans.push_back(final);
  return plans;
}

// The clips that the examples from `first` to `end` are of.
std::set<const Clip*> clips_of(const Examples& examples, std::size_t first, std::size_t end,
                               const std::map<std::string, const Clip*>& clip_of) {
  std::set<const Clip*> clips;
  for (std::size_t i = first; i < end; ++i) clips.insert(clip_of.at(examples.clip_ids[i]));
  return clips;
}

void check(const DatasetReport& report, const TrialPlan& plan) {
  const TrainingSettings& training = plan.settings.training;
  const dataset::Partition parts = dataset::partition(report, plan);
  const Examples examples = make_examples(report, plan.dataset, parts, training);
  std::map<std::string, const Clip*> clip_of;
  for (const Clip& clip : report.clips) clip_of.emplace(clip.id, &clip);
  const auto trained = clips_of(examples, 0, examples.train_count, clip_of);
  const auto measured = clips_of(examples, examples.train_count, examples.items.size(), clip_of);

  std::set<std::string> contents;
  std::set<std::string> recordings;
  for (const Clip* clip : measured) {
    contents.insert(clip->content_hash);
    recordings.insert(clip->group);
  }
  for (std::size_t i = 0; i < examples.train_count; ++i) {
    RC_ASSERT(!contents.contains(examples.items[i].content_hash));
    RC_ASSERT(!recordings.contains(clip_of.at(examples.clip_ids[i])->group));
  }
  for (std::size_t i = examples.train_count; i < examples.items.size(); ++i)
    RC_ASSERT(is_clip_itself(examples.items[i]));
  RC_ASSERT(measured.size() == parts.validation.size() + parts.test.size());
  RC_ASSERT(examples.items.size() - examples.train_count == measured.size());

  std::map<std::string, std::set<std::string>> keys_of;  // of each clip that trains
  std::map<int, std::int64_t> made;                      // of each class
  for (std::size_t i = 0; i < examples.train_count; ++i) {
    keys_of[examples.clip_ids[i]].insert(item_key(examples.items[i]));
    ++made[examples.labels[i]];
  }
  std::map<int, std::int64_t> promised;
  for (const Clip* clip : parts.train) {
    const std::int64_t pictures = training_pictures(clip->channels, training.augmentation);
    promised[clip->class_index] += pictures;
    RC_ASSERT(static_cast<std::int64_t>(keys_of[clip->id].size()) == pictures);
  }
  RC_ASSERT(made == promised);
  RC_ASSERT(trained.size() == parts.train.size());
  RC_ASSERT(examples.train_clips.size() == parts.train.size());
}

TEST(AugmentedSplits, NothingOfWhatIsMeasuredIsLearnedFromAndCountsAreAsPromised) {
  EXPECT_TRUE(rc::check([] {
    DatasetSpec spec{.format = DatasetFormat::kCsv, .path = "data/list.csv", .split = any_split()};
    DatasetReport report;
    report.classes = {"x", "y"};
    report.clips = any_clips(spec.split.by);
    const auto outcome = dataset::assign_splits(spec.split, report.classes, report.clips);
    RC_ASSERT(outcome.ok());
    RC_ASSERT(outcome->warnings.empty());
    for (const TrialPlan& plan : plans_of(spec, *outcome)) check(report, plan);
  }));
}

}  // namespace
}  // namespace melsweep::training
