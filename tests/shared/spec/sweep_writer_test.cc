// to_yaml: what it writes parses back to an equal sweep.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "shared/spec/sweep_yaml.h"
#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

template <class T>
T one_of(std::vector<T> choices) {
  return *rc::gen::elementOf(std::move(choices));
}

std::int64_t between(std::int64_t least, std::int64_t most) {
  return *rc::gen::inRange(least, most + 1);
}

// Any printable text, words that YAML takes for something else among them.
std::string any_text() {
  static const std::vector<std::string> tricky = {"true", "null",  "~",   "1e5", "- a",    "a: b",
                                                  "#c",   "\"q\"", "é😀",  "'",   "{a: 1}", "a\\b",
                                                  "*x",   "yes",   " a ", "0x1", ".inf",   "a,b]"};
  if (*rc::gen::arbitrary<bool>()) return one_of(tricky);
  return absl::StrCat("n", *rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f')));
}

SplitSpec any_split() {
  SplitSpec split;
  split.by = one_of<SplitBy>({SplitBy::kFold, SplitBy::kGroup, SplitBy::kRandom});
  if (split.by == SplitBy::kFold) {
    split.test_folds = one_of<std::vector<int>>({{}, {10}, {8, 7}});
    split.cross_validation = *rc::gen::arbitrary<bool>();
    if (!split.cross_validation) split.validation_folds = one_of<std::vector<int>>({{9}, {1, 2, 3}});
    return split;
  }
  split.validation_fraction = static_cast<double>(between(1, 499)) / 1000.0;
  split.test_fraction = static_cast<double>(between(0, 499)) / 1000.0;
  split.seed = static_cast<std::uint64_t>(between(0, 9007199254740991));
  split.allow_leakage = split.by == SplitBy::kRandom && *rc::gen::arbitrary<bool>();
  return split;
}

TrialSettings any_settings() {
  TrialSettings settings;
  FeatureSettings& f = settings.features;
  f.representation = one_of<Representation>({Representation::kMel, Representation::kHertz});
  f.decibels = one_of<Decibels>({Decibels::kAmplitude, Decibels::kPower});
  f.image = one_of<ImageColors>({ImageColors::kGray, ImageColors::kMagma, ImageColors::kViridis});
  f.sample_rate = static_cast<int>(between(16000, 48000));
  f.hop_length = static_cast<int>(between(1, 2048));
  f.n_mels = static_cast<int>(between(1, 40));
  f.fmax = static_cast<double>(between(4000, 8000)) + 0.1;
  f.top_db = static_cast<double>(between(1, 9999)) / 100.0;
  settings.model.weights = any_text();
  settings.model.trainable =
      one_of<Trainable>({{TrainableKind::kHead, 0}, {TrainableKind::kAll, 0}, {TrainableKind::kBlocks, 11}});
  if (settings.model.trainable.kind == TrainableKind::kHead)
    settings.model.precision = one_of<Precision>({Precision::kFloat32, Precision::kBfloat16});
  TrainingSettings& t = settings.training;
  t.steps = between(1, 1'000'000);
  t.evaluate_every = one_of<std::int64_t>({1, std::min<std::int64_t>(500, t.steps), t.steps});
  t.batch_size = between(1, 1000);
  t.learning_rate = static_cast<double>(between(1, 1'000'000)) / 3e5;
  if (*rc::gen::arbitrary<bool>()) t.augmentation = {Augmentation::kChannels};
  if (*rc::gen::arbitrary<bool>()) {
    t.augmentation.push_back(Augmentation::kNoise);
    t.variants.noise_color = one_of<NoiseColor>({NoiseColor::kWhite, NoiseColor::kPink});
    t.variants.noise_snr = one_of<double>({20.0, -7.5});
  }
  t.optimizer = one_of<Optimizer>({Optimizer::kSgd, Optimizer::kNesterov, Optimizer::kAdamW});
  if (t.optimizer == Optimizer::kNesterov) t.momentum = one_of<double>({0.9, 0.5});
  t.weight_decay = one_of<double>({0.0, 1.0 / 3.0});
  t.schedule = one_of<LearningRateSchedule>({LearningRateSchedule::kConstant, LearningRateSchedule::kCosine});
  t.warmup_steps = between(0, std::min<std::int64_t>(100, t.steps));
  if (settings.model.trainable.kind == TrainableKind::kHead)
    t.precision = one_of<Precision>({Precision::kFloat32, Precision::kBfloat16});
  t.class_weights = one_of<ClassWeights>({ClassWeights::kNone, ClassWeights::kBalanced});
  t.sampling = one_of<Sampling>({Sampling::kShuffled, Sampling::kBalanced});
  return settings;
}

// A swept field has its default in the base.
void sweep_some_fields(SweepSpec& sweep) {
  const std::vector<ParameterAxis> axes = {
      {"learning_rate", "training.learning_rate", {0.1, 1.0, 1.0 / 3.0}},
      {"training.batch_size", "training.batch_size", {std::int64_t{5}, std::int64_t{7}}},
      {"steps", "training.steps", {std::int64_t{100}, std::int64_t{100'000}}},
      {"augmentation", "training.augmentation", {std::string("none"), std::string("channels")}},
      {"trainable", "model.trainable", {std::string("blocks: 2"), std::string("head")}},
      {"features.decibels", "features.decibels", {std::string("power")}}};
  TrainingSettings& t = sweep.base.training;
  for (const ParameterAxis& axis : axes) {
    if (!*rc::gen::arbitrary<bool>()) continue;
    sweep.parameters.push_back(axis);
    if (axis.name == "learning_rate") t.learning_rate = TrainingSettings{}.learning_rate;
    if (axis.name == "training.batch_size") t.batch_size = TrainingSettings{}.batch_size;
    if (axis.name == "steps") t.steps = TrainingSettings{}.steps;
    if (axis.name == "steps") t.evaluate_every = one_of<std::int64_t>({1, 500, 40'000});
    if (axis.name == "augmentation") t.augmentation.clear();
    if (axis.name == "augmentation") t.variants = {};
    if (axis.name == "trainable") sweep.base.model.trainable = Trainable{};
    if (axis.name == "trainable") sweep.base.model.precision = Precision::kFloat32;
    if (axis.name == "trainable") t.precision = Precision::kFloat32;
    if (axis.name == "features.decibels") sweep.base.features.decibels = Decibels::kAmplitude;
  }
}

SweepSpec any_sweep() {
  SweepSpec sweep;
  sweep.name = any_text();
  sweep.dataset = {.format = one_of<DatasetFormat>(
                       {DatasetFormat::kUrbanSound8k, DatasetFormat::kEsc50, DatasetFormat::kCsv}),
                   .path = any_text(),
                   .split = any_split(),
                   .on_bad_clip = one_of<BadClipPolicy>({BadClipPolicy::kFail, BadClipPolicy::kSkip})};
  sweep.base = any_settings();
  sweep_some_fields(sweep);
  sweep.seeds = static_cast<int>(between(1, 1000));
  sweep.objective =
      one_of<Objective>({{"validation/loss", Goal::kMinimize}, {"train/accuracy", Goal::kMaximize}});
  sweep.retry.max_attempts = static_cast<int>(between(1, 100));
  return sweep;
}

TEST(ToYaml, ParsesBackToAnEqualSweep) {
  const bool holds = rc::check([] {
    const SweepSpec sweep = any_sweep();
    const std::string yaml = to_yaml(sweep);
    const ParseResult result = parse_sweep(yaml, "written");
    RC_LOG() << yaml << problems_of(result);
    RC_ASSERT(std::holds_alternative<SweepSpec>(result));
    RC_ASSERT(std::get<SweepSpec>(result) == sweep);
    const ParseResult stored = parse_stored_sweep(yaml, "stored");
    RC_ASSERT(std::holds_alternative<SweepSpec>(stored));
    RC_ASSERT(std::get<SweepSpec>(stored) == sweep);
  });
  EXPECT_TRUE(holds);
}

TEST(ToYaml, HoldsOverrides) {
  const SweepSpec sweep = parsed(with("parameters: {steps: [100, 1000]}\n"), {{"name", "other"}});
  const std::string yaml = to_yaml(sweep);
  EXPECT_NE(yaml.find("name: other\n"), std::string::npos);
  EXPECT_EQ(parsed(yaml), sweep);
}

}  // namespace
}  // namespace melsweep::spec
