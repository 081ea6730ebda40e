#include "shared/spec/sweep_yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"
#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ParseSweep, ReadsTheSmallestSweepWithTheDefaults) {
  const SweepSpec sweep = parsed(kSmallest);
  EXPECT_EQ(sweep.name, "smallest");
  EXPECT_EQ(sweep.dataset.format, DatasetFormat::kUrbanSound8k);
  EXPECT_EQ(sweep.dataset.path, "data");
  EXPECT_THAT(sweep.dataset.split.validation_folds, ElementsAre(9));
  EXPECT_THAT(sweep.dataset.split.test_folds, ElementsAre(10));
  EXPECT_EQ(sweep.base.features, FeatureSettings{});
  EXPECT_EQ(sweep.base.training, TrainingSettings{});
  EXPECT_EQ(sweep.base.model.weights, "random");
  EXPECT_TRUE(sweep.parameters.empty());
  EXPECT_EQ(sweep.objective, Objective{});
  EXPECT_EQ(sweep.retry.max_attempts, 3);
}

TEST(ParseSweep, ReadsEveryField) {
  const SweepSpec sweep = parsed(R"(
version: 1
name: "all of it"
dataset:
  format: csv
  path: /data/m.csv
  split: {by: random, validation: 0.2, test: 0.1, seed: 7, allow_leakage: true}
  on_bad_clip: skip
features: {representation: hertz, decibels: power, image: magma, sample_rate: 16000, n_fft: 1024, hop_length: 256,
           win_length: 800, n_mels: 64, fmin: 20, fmax: 8000, top_db: 60}
model: {architecture: inception_v3, weights: w.safetensors, trainable: head, precision: bfloat16}
training: {steps: 100, evaluate_every: 10, batch_size: 8, learning_rate: 1, optimizer: nesterov, augmentation: [channels],
           momentum: 0.95, weight_decay: 0.001, schedule: cosine, warmup_steps: 20}
search: {method: grid}
seeds: 3
objective: {metric: validation/loss, goal: minimize}
early_stopping: {method: none}
retry: {max_attempts: 5}
)");
  EXPECT_EQ(sweep.name, "all of it");
  const SplitSpec split{.by = SplitBy::kRandom,
                        .validation_folds = {},
                        .test_folds = {},
                        .validation_fraction = 0.2,
                        .test_fraction = 0.1,
                        .seed = 7,
                        .cross_validation = false,
                        .allow_leakage = true};
  EXPECT_EQ(sweep.dataset, (DatasetSpec{DatasetFormat::kCsv, "/data/m.csv", split, BadClipPolicy::kSkip}));
  EXPECT_EQ(sweep.base.features,
            (FeatureSettings{Representation::kHertz, Decibels::kPower, ImageColors::kMagma, 16000, 1024, 256,
                             800, 64, 20.0, 8000.0, 60.0}));
  EXPECT_EQ(
      sweep.base.model,
      (ModelSettings{
          Architecture::kInceptionV3, "w.safetensors", {TrainableKind::kHead, 0}, Precision::kBfloat16}));
  EXPECT_EQ(sweep.base.training, (TrainingSettings{100,
                                                   10,
                                                   8,
                                                   1.0,
                                                   Optimizer::kNesterov,
                                                   {Augmentation::kChannels},
                                                   0.95,
                                                   0.001,
                                                   LearningRateSchedule::kCosine,
                                                   20}));
  EXPECT_EQ(sweep.seeds, 3);
  EXPECT_EQ(sweep.objective, (Objective{"validation/loss", Goal::kMinimize}));
  EXPECT_EQ(sweep.retry.max_attempts, 5);
}

TEST(ParseSweep, ReadsCrossValidation) {
  const SweepSpec sweep = parsed(with_split("{by: fold, cross_validation: true}"));
  EXPECT_TRUE(sweep.dataset.split.cross_validation);
  EXPECT_TRUE(sweep.dataset.split.validation_folds.empty());
}

TEST(ParseSweep, LowersTheDefaultEvaluateEveryToTheSteps) {
  EXPECT_EQ(parsed(with("training: {steps: 40}\n")).base.training.evaluate_every, 40);
}

TEST(ParseSweep, LowersAWrittenEvaluateEveryToTheSteps) {
  EXPECT_EQ(parsed(with("training: {steps: 100, evaluate_every: 200}\n")).base.training.evaluate_every, 100);
}

TEST(ParseSweep, ReadsWholeNumbersInEverySpelling) {
  EXPECT_EQ(parsed(with("training: {steps: 1e4, batch_size: 5.0}\n")).base.training.steps, 10000);
  EXPECT_EQ(problems_in(with("training: {steps: 1e30}\n")),
            "f:8:19: training.steps must be at most 1000000000, not 1e+30\n");
}

TEST(ParseSweep, TakesAListOfNoneAsNone) {
  EXPECT_TRUE(parsed(with("training: {augmentation: [none]}\n")).base.training.augmentation.empty());
}

TEST(ParseSweep, RefusesNoneBesideOtherAugmentationsAndAnEmptyListOfThem) {
  EXPECT_EQ(problems_in(with("training: {augmentation: [none, channels]}\n")),
            "f:8:26: training.augmentation must be none alone, or a list without it, not "
            "[\"none\",\"channels\"]\n");
  EXPECT_EQ(problems_in(with("training: {augmentation: []}\n")),
            "f:8:26: training.augmentation is an empty list (give at least one value)\n");
}

TEST(ParseSweep, RefusesABadNumberOnceWhereverItStands) {
  EXPECT_EQ(problems_in(with("training: {learning_rate: .nan}\n")),
            "f:8:27: the number .nan is not finite\n");
  EXPECT_EQ(problems_in(with("training: {learning_rate: 1e400}\n")),
            "f:8:27: the number 1e400 is out of the range of a double\n");
  EXPECT_EQ(problems_in(with("parameters: {steps: [5, 99999999999999999999]}\n")),
            "f:8:25: the number 99999999999999999999 is too large\n");
  EXPECT_EQ(problems_in(with("training: {learning_rate: &x .nan, batch_size: *x}\n")),
            "f:8:27: the number .nan is not finite\n");
}

TEST(ParseStoredSweep, TakesWhatIsNotBelievedOfANewOneAndRefusesWhatCannotBeRead) {
  SweepSpec sweep = parsed(kSmallest);
  sweep.base.features.n_mels = 100'000;
  const std::string yaml = to_yaml(sweep);
  EXPECT_NE(problems_in(yaml), "");
  EXPECT_EQ(std::get<SweepSpec>(parse_stored_sweep(yaml, "f")), sweep);
  EXPECT_NE(problems_of(parse_stored_sweep(with("seeds: many\n"), "f")), "");
  EXPECT_NE(problems_of(parse_stored_sweep("{", "f")), "");
}

TEST(ParseSweep, RefusesAGoalThatChoosesTheWorst) {
  EXPECT_EQ(problems_in(with("objective: {metric: validation/loss, goal: maximize}\n")),
            "f:8:44: objective.goal would choose the worst trial: validation/loss is better lower (use "
            "'minimize')\n");
}

TEST(ParseSweep, RefusesUnknownMetrics) {
  EXPECT_THAT(
      problems_in(with("objective: {metric: validation/acuracy}\n")),
      StartsWith(
          "f:8:21: objective.metric cannot be 'validation/acuracy' (did you mean 'validation/accuracy'?"));
}

TEST(ParseSweep, ReturnsAllProblemsInTheOrderOfTheFile) {
  EXPECT_EQ(problems_in(with("seeds: 0\nfeatures: {n_fft: 1}\ntypo: 1\nretry: {max_attempts: 0}\n")),
            "f:8:8: seeds must be at least 1, not 0\n"
            "f:9:19: features.n_fft must be at least 2, not 1\n"
            "f:10:1: unknown key 'typo' (known here: dataset, early_stopping, evaluate, features, final, "
            "max_parallel, model, name, objective, parameters, priority, resources, retry, reuse, search, "
            "seeds, study, train_on, "
            "training, version)\n"
            "f:11:23: retry.max_attempts must be at least 1, not 0\n");
}

TEST(ParseSweepFile, SaysThatAFileIsMissing) {
  const std::string path = testing::TempDir() + "no-such-sweep.yaml";
  const StudyResult result = parse_study_file(path);
  EXPECT_THAT(problems_of(result), HasSubstr("No such file"));
  EXPECT_THAT(problems_of(result), StartsWith(path + ": "));
}

TEST(ParseSweepFile, RefusesAFileOfMoreThanOneMebibyte) {
  const std::string path = testing::TempDir() + "melsweep-large-sweep.yaml";
  std::ofstream(path) << std::string((std::size_t{1} << 20) + 1, ' ');
  EXPECT_THAT(problems_of(parse_study_file(path)), HasSubstr("is larger than 1048576 bytes"));
  std::filesystem::remove(path);
}

TEST(ParseSweepFile, ReadsEveryReadySweep) {
  const std::string page = *files::read_file("docs/sweep-yaml.md", std::size_t{1} << 20);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("sweeps")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    EXPECT_EQ(problems_of(parse_study_file(entry.path().string())), "");
    EXPECT_EQ(problems_of(parse_study_file(entry.path().string(), {{"training.steps", "100"}})), "");
    std::ifstream in(entry.path());
    std::string first;
    std::string second;
    std::getline(in, first);
    std::getline(in, second);
    EXPECT_EQ(first, "# yaml-language-server: $schema=../shared/spec/sweep.schema.json") << entry.path();
    EXPECT_THAT(second, testing::MatchesRegex("# .*\\?")) << entry.path();
    const std::string row = absl::StrCat("(../", entry.path().string(), ") | ", second.substr(2), " |");
    EXPECT_THAT(page, HasSubstr(row)) << "docs/sweep-yaml.md lists each with its question";
  }
  EXPECT_GE(files, 3);
}

TEST(ProblemText, LeavesOutThePlaceWhereThereIsNone) {
  EXPECT_EQ(
      (Problem{.file = "a.yaml", .line = 0, .column = 0, .message = "bad", .hint = "fix it"}).to_string(),
      "a.yaml: bad (fix it)");
}

}  // namespace
}  // namespace melsweep::spec
