// The text of every enumerator of shared/model, the same in the sweep YAML, the database, the protocols and
// the output.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "shared/model/dataset.h"
#include "shared/model/settings.h"
#include "shared/model/sweep.h"
#include "shared/model/trial.h"

namespace melsweep::spec {

template <class E>
struct Named {
  E value;
  std::string_view name;
};

// Names<E>::kAll lists every enumerator of E with its text, in the order of declaration.
template <class E>
struct Names;

template <>
struct Names<DatasetFormat> {
  static constexpr Named<DatasetFormat> kAll[] = {{DatasetFormat::kUrbanSound8k, "urbansound8k"},
                                                  {DatasetFormat::kEsc50, "esc50"},
                                                  {DatasetFormat::kFolders, "folders"},
                                                  {DatasetFormat::kCsv, "csv"}};
};

template <>
struct Names<SplitBy> {
  static constexpr Named<SplitBy> kAll[] = {
      {SplitBy::kFold, "fold"}, {SplitBy::kGroup, "group"}, {SplitBy::kRandom, "random"}};
};

template <>
struct Names<BadClipPolicy> {
  static constexpr Named<BadClipPolicy> kAll[] = {{BadClipPolicy::kFail, "fail"},
                                                  {BadClipPolicy::kSkip, "skip"}};
};

template <>
struct Names<Split> {
  static constexpr Named<Split> kAll[] = {
      {Split::kTrain, "train"}, {Split::kValidation, "validation"}, {Split::kTest, "test"}};
};

template <>
struct Names<Representation> {
  static constexpr Named<Representation> kAll[] = {{Representation::kMel, "mel"},
                                                   {Representation::kHertz, "hertz"}};
};

template <>
struct Names<Decibels> {
  static constexpr Named<Decibels> kAll[] = {{Decibels::kAmplitude, "amplitude"},
                                             {Decibels::kPower, "power"}};
};

template <>
struct Names<ImageColors> {
  static constexpr Named<ImageColors> kAll[] = {
      {ImageColors::kGray, "gray"}, {ImageColors::kMagma, "magma"}, {ImageColors::kViridis, "viridis"}};
};

template <>
struct Names<Channel> {
  static constexpr Named<Channel> kAll[] = {
      {Channel::kAverage, "average"}, {Channel::kLeft, "left"}, {Channel::kRight, "right"}};
};

template <>
struct Names<Architecture> {
  static constexpr Named<Architecture> kAll[] = {{Architecture::kInceptionV3, "inception_v3"}};
};

template <>
struct Names<TrainableKind> {
  static constexpr Named<TrainableKind> kAll[] = {
      {TrainableKind::kHead, "head"}, {TrainableKind::kBlocks, "blocks"}, {TrainableKind::kAll, "all"}};
};

template <>
struct Names<Precision> {
  static constexpr Named<Precision> kAll[] = {{Precision::kFloat32, "float32"},
                                              {Precision::kBfloat16, "bfloat16"}};
};

template <>
struct Names<Optimizer> {
  static constexpr Named<Optimizer> kAll[] = {
      {Optimizer::kSgd, "sgd"},           {Optimizer::kMomentum, "momentum"},
      {Optimizer::kNesterov, "nesterov"}, {Optimizer::kRmsprop, "rmsprop"},
      {Optimizer::kAdam, "adam"},         {Optimizer::kAdamW, "adamw"}};
};

template <>
struct Names<LearningRateSchedule> {
  static constexpr Named<LearningRateSchedule> kAll[] = {{LearningRateSchedule::kConstant, "constant"},
                                                         {LearningRateSchedule::kLinear, "linear"},
                                                         {LearningRateSchedule::kCosine, "cosine"}};
};

template <>
struct Names<Augmentation> {
  static constexpr Named<Augmentation> kAll[] = {
      {Augmentation::kChannels, "channels"}, {Augmentation::kNoise, "noise"},
      {Augmentation::kGain, "gain"},         {Augmentation::kShift, "shift"},
      {Augmentation::kMasks, "masks"},       {Augmentation::kMixup, "mixup"}};
};

template <>
struct Names<NoiseColor> {
  static constexpr Named<NoiseColor> kAll[] = {{NoiseColor::kWhite, "white"}, {NoiseColor::kPink, "pink"}};
};

template <>
struct Names<ClassWeights> {
  static constexpr Named<ClassWeights> kAll[] = {{ClassWeights::kNone, "none"},
                                                 {ClassWeights::kBalanced, "balanced"}};
};

template <>
struct Names<Sampling> {
  static constexpr Named<Sampling> kAll[] = {{Sampling::kShuffled, "shuffled"},
                                             {Sampling::kBalanced, "balanced"}};
};

template <>
struct Names<TrainOn> {
  static constexpr Named<TrainOn> kAll[] = {{TrainOn::kTraining, "training"},
                                            {TrainOn::kTrainingAndValidation, "training+validation"}};
};

template <>
struct Names<SearchMethod> {
  static constexpr Named<SearchMethod> kAll[] = {{SearchMethod::kGrid, "grid"}};
};

template <>
struct Names<Goal> {
  static constexpr Named<Goal> kAll[] = {{Goal::kMaximize, "maximize"}, {Goal::kMinimize, "minimize"}};
};

template <>
struct Names<SweepState> {
  static constexpr Named<SweepState> kAll[] = {
      {SweepState::kWaiting, "waiting"}, {SweepState::kPreparing, "preparing"},
      {SweepState::kRunning, "running"}, {SweepState::kFinished, "finished"},
      {SweepState::kFailed, "failed"},   {SweepState::kCancelled, "cancelled"}};
};

template <>
struct Names<SweepAction> {
  static constexpr Named<SweepAction> kAll[] = {
      {SweepAction::kPause, "pause"}, {SweepAction::kResume, "resume"}, {SweepAction::kCancel, "cancel"}};
};

template <>
struct Names<TrialState> {
  static constexpr Named<TrialState> kAll[] = {{TrialState::kPending, "pending"},
                                               {TrialState::kRunning, "running"},
                                               {TrialState::kFinished, "finished"},
                                               {TrialState::kFailed, "failed"},
                                               {TrialState::kCancelled, "cancelled"}};
};

template <>
struct Names<AttemptState> {
  static constexpr Named<AttemptState> kAll[] = {
      {AttemptState::kRunning, "running"},   {AttemptState::kFinished, "finished"},
      {AttemptState::kFailed, "failed"},     {AttemptState::kLost, "lost"},
      {AttemptState::kReleased, "released"}, {AttemptState::kCancelled, "cancelled"}};
};

template <>
struct Names<ReleaseReason> {
  static constexpr Named<ReleaseReason> kAll[] = {
      {ReleaseReason::kDrained, "drained"},         {ReleaseReason::kTimeLimit, "time_limit"},
      {ReleaseReason::kPaused, "paused"},           {ReleaseReason::kNoContact, "no_contact"},
      {ReleaseReason::kUndelivered, "undelivered"}, {ReleaseReason::kGroupDied, "group_died"}};
};

template <>
struct Names<FailureKind> {
  static constexpr Named<FailureKind> kAll[] = {{FailureKind::kBadData, "bad_data"},
                                                {FailureKind::kBadConfiguration, "bad_configuration"},
                                                {FailureKind::kOutOfMemory, "out_of_memory"},
                                                {FailureKind::kTrainerDied, "trainer_died"},
                                                {FailureKind::kInternal, "internal"}};
};

// "maximize"; empty for a number that is no enumerator of E.
template <class E>
constexpr std::string_view name_of(E value) {
  for (const Named<E>& named : Names<E>::kAll) {
    if (named.value == value) return named.name;
  }
  return {};
}

// The enumerator with exactly this text.
template <class E>
constexpr std::optional<E> parse_name(std::string_view text) {
  for (const Named<E>& named : Names<E>::kAll) {
    if (named.name == text) return named.value;
  }
  return std::nullopt;
}

}  // namespace melsweep::spec
