#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "shared/spec/cells.h"
#include "shared/spec/takings.h"
#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Study study_of(const std::string& yaml, const std::vector<Override>& overrides = {}) {
  StudyResult result = parse_study(yaml, "f", overrides);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&result)) {
    for (const Problem& problem : *problems) ADD_FAILURE() << problem.to_string();
    return {"", std::vector<SweepSpec>(10)};
  }
  EXPECT_EQ(std::get<Study>(parse_study(to_yaml(std::get<Study>(result)), "written")),
            std::get<Study>(result));
  for (const SweepSpec& sweep : std::get<Study>(result).sweeps) {
    EXPECT_EQ(std::get<SweepSpec>(parse_stored_sweep(to_yaml(sweep), "stored")), sweep);
  }
  return std::get<Study>(std::move(result));
}

std::string problems_of_study(const std::string& yaml, const std::vector<Override>& overrides = {}) {
  return problems_of(parse_study(yaml, "f", overrides));
}

std::vector<std::string> names_of(const Study& study) {
  std::vector<std::string> names;
  for (const SweepSpec& sweep : study.sweeps) names.push_back(sweep.name);
  return names;
}

TEST(FinalTraining, IsOneMoreSweepOfTheWinner) {
  const Study study =
      study_of(with("training: {steps: 100}\nseeds: 3\nobjective: {metric: validation/loss}\n"
                    "parameters: {learning_rate: [0.1, 0.2], decibels: [power, amplitude]}\n"
                    "final: {steps: 5000}\n"));
  EXPECT_EQ(study.name, "smallest");
  ASSERT_THAT(names_of(study), ElementsAre("smallest", "smallest-final"));
  const SweepSpec& final = study.sweeps[1];
  EXPECT_EQ(grid_size(final), 1);
  EXPECT_EQ(final.seeds, 1);
  EXPECT_EQ(final.objective, (Objective{"test/accuracy", Goal::kMaximize}));
  EXPECT_EQ(final.evaluate, Split::kTest);
  EXPECT_EQ(final.train_on, TrainOn::kTraining);
  EXPECT_EQ(final.base.training.steps, 5000);
  EXPECT_EQ(final.base.training.evaluate_every, 500) << "the default, of the new steps";
  EXPECT_THAT(final.takes, ElementsAre(Taking{"smallest", {"features.decibels", "training.learning_rate"}}));
}

TEST(FinalTraining, HasTheWinnersStepsWithoutItsOwn) {
  const Study study =
      study_of(with("parameters: {steps: [50, 900]}\nfinal: {train_on: training+validation}\n"));
  EXPECT_THAT(study.sweeps[1].takes, ElementsAre(Taking{"smallest", {"training.steps"}}));
  EXPECT_EQ(study.sweeps[1].train_on, TrainOn::kTrainingAndValidation);
}

TEST(FinalTraining, OfFoldsInTurnTrainsOnAllOfThem) {
  const std::string folds = with_split("{by: fold, cross_validation: true, test: [10]}");
  EXPECT_EQ(study_of(folds + "final: {}\n").sweeps[1].train_on, TrainOn::kTrainingAndValidation);
  EXPECT_EQ(problems_of_study(folds + "final: {train_on: training}\n"),
            "f:8:9: with cross_validation every fold is for training in the end (use 'training+validation', "
            "or leave "
            "it out)\n");
}

TEST(FinalTraining, NeedsATestPart) {
  EXPECT_EQ(
      problems_of_study(with_split("{by: fold, validation: [9]}") + "final: {}\n"),
      "f:8:1: there is no test part to evaluate the final training on (name one in dataset.split.test)\n");
}

TEST(FinalTraining, WithImpossibleStepsIsRefusedAtItsPlace) {
  EXPECT_EQ(problems_of_study(with("training: {warmup_steps: 50}\nfinal: {steps: 20}\n")),
            "f:9:1: warmup_steps 50 is more than the 20 steps (warmup_steps can be at most 20)\n");
}

TEST(TestSweep, ChoosesNothing) {
  EXPECT_EQ(study_of(with("evaluate: test\n")).sweeps[0].objective.metric, "test/accuracy");
  EXPECT_THAT(problems_of_study(with("evaluate: test\nparameters: {steps: [5, 6]}\nseeds: 2\n")),
              testing::AllOf(HasSubstr("f:9:13: with evaluate: test nothing may be swept"),
                             HasSubstr("f:10:8: with evaluate: test there is one trial, not 2")));
  EXPECT_THAT(problems_of_study(with("objective: {metric: test/loss}\n")),
              HasSubstr("f:8:21: the objective test/loss would choose by the test part"));
  EXPECT_THAT(problems_of_study(with("train_on: training+validation\n")),
              HasSubstr("f:8:11: with train_on: training+validation there is nothing left to validate on"));
}

constexpr std::string_view kStudy =
    "training: {steps: 100, learning_rate: 0.5}\n"
    "study:\n"
    "  - name: representation\n"
    "    parameters: {representation: [mel, hertz]}\n"
    "  - name: grid\n"
    "    from: {sweep: representation}\n"
    "    parameters: {learning_rate: [0.1, 0.2], batch_size: [5, 6]}\n"
    "    training: {steps: 1000}\n"
    "    final: {steps: 5000}\n";

TEST(Studies, LayItemsOverWhatIsShared) {
  const Study study = study_of(with(kStudy));
  EXPECT_EQ(study.name, "smallest");
  ASSERT_THAT(names_of(study), ElementsAre("representation", "grid", "grid-final"));
  EXPECT_EQ(study.sweeps[0].base.training.steps, 100);
  EXPECT_EQ(study.sweeps[0].base.training.learning_rate, 0.5);
  EXPECT_EQ(study.sweeps[1].base.training.steps, 1000);
  EXPECT_EQ(study.sweeps[1].dataset, study.sweeps[0].dataset);
  EXPECT_EQ(grid_size(study.sweeps[1]), 4) << "learning_rate is swept in place of the shared value";
}

TEST(Studies, TakeAllThatASweepHasTriedOrTaken) {
  const Study study = study_of(with(kStudy));
  EXPECT_THAT(study.sweeps[0].takes, IsEmpty());
  EXPECT_THAT(study.sweeps[1].takes, ElementsAre(Taking{"representation", {"features.representation"}}));
  EXPECT_THAT(study.sweeps[2].takes,
              ElementsAre(Taking{
                  "grid", {"features.representation", "training.batch_size", "training.learning_rate"}}));
}

TEST(Studies, TakeNamedFieldsOfSeveral) {
  const Study study =
      study_of(with("study:\n"
                    "- {name: a, parameters: {decibels: [power, amplitude], n_mels: [64, 128]}}\n"
                    "- {name: b, parameters: {steps: [5, 6]}}\n"
                    "- {name: c, from: [{sweep: a, take: [decibels]}, {sweep: b, take: [training.steps, "
                    "batch_size]}]}\n"));
  EXPECT_THAT(study.sweeps[2].takes, ElementsAre(Taking{"a", {"features.decibels"}},
                                                 Taking{"b", {"training.steps", "training.batch_size"}}));
}

TEST(Studies, LayADatasetsSplitOverAsAWhole) {
  const Study study =
      study_of(with("study: [{name: a}, {name: b, dataset: {path: elsewhere, split: {by: fold, "
                    "cross_validation: true}}}]\n"));
  EXPECT_EQ(study.sweeps[1].dataset.format, study.sweeps[0].dataset.format);
  EXPECT_EQ(study.sweeps[1].dataset.path, "elsewhere");
  EXPECT_TRUE(study.sweeps[1].dataset.split.cross_validation);
  EXPECT_THAT(study.sweeps[1].dataset.split.test_folds, IsEmpty());
}

TEST(Studies, WeightsMayBeTaken) {
  const Study study = study_of(
      "version: 1\nname: s\ndataset: {format: esc50, path: p, split: {by: fold, validation: [1]}}\n"
      "study: [{name: a, parameters: {weights: [x, y]}}, {name: b, from: {sweep: a}}]\n");
  EXPECT_THAT(study.sweeps[1].takes, ElementsAre(Taking{"a", {"model.weights"}}));
}

TEST(Studies, SayWhereTheirItemsAreWrong) {
  const std::string begin = "study:\n- {name: a, parameters: {steps: [5, 6]}}\n";
  EXPECT_EQ(problems_of_study(with(begin + "- {name: b, from: {sweep: aa}}\n")),
            "f:10:27: no sweep before this one is called 'aa' (did you mean 'a'?)\n");
  EXPECT_EQ(problems_of_study(with(begin + "- {name: b, from: {sweep: a, take: [stepz]}}\n")),
            "f:10:37: there is no field 'stepz' to take (did you mean 'steps'?)\n");
  EXPECT_EQ(
      problems_of_study(with(begin + "- {name: b, training: {steps: 7}, from: {sweep: a, take: [steps]}}\n")),
      "f:10:59: training.steps is both taken from 'a' and set by this sweep (keep one of the two)\n");
  EXPECT_EQ(problems_of_study(
                with(begin + "- {name: b, from: {sweep: a}}\n- {name: c, from: [{sweep: a}, {sweep: b}]}\n")),
            "f:11:40: training.steps is taken twice: from 'a' and from 'b' (name under take which fields are "
            "to come "
            "from each sweep)\n");
  EXPECT_EQ(problems_of_study(with(begin + "- {name: a}\n")),
            "f:10:10: two sweeps are called 'a' (give each a name of its own)\n");
  EXPECT_EQ(problems_of_study(with(begin + "- {name: b, features: {n_mels: 60000}}\n")).substr(0, 40),
            "f:10:32: n_mels 60000 is more than the F");
  EXPECT_EQ(problems_of_study("version: 1\nname: s\nmodel: {weights: w}\nstudy:\n- name: a\n"),
            "f:5:3: dataset is missing (it is a map of fields)\n");
  EXPECT_EQ(problems_of_study(with("final: {}\n" + begin)),
            "f:8:1: a final training is of one sweep, not of all of a study (name it in the sweep whose "
            "winner is to be "
            "tested)\n");
}

TEST(Studies, HaveAtMostSoManySweepsAndTrials) {
  std::string many = "study:\n";
  for (int i = 0; i <= 100; ++i) many += "- {name: s" + std::to_string(i) + "}\n";
  EXPECT_THAT(problems_of_study(with(many)), HasSubstr("a study has at most 100 sweeps"));
  std::string values;
  for (int i = 1; i <= 60; ++i) values += (values.empty() ? "" : ", ") + std::to_string(i);
  const std::string large = "seeds: 1000, parameters: {steps: [" + values + "]}}\n";
  EXPECT_THAT(problems_of_study(with("study:\n- {name: a, " + large + "- {name: b, " + large)),
              HasSubstr("f:10:3: the sweeps of the study have more than 100000 trials together"));
}

TEST(Studies, LetValuesBeReplacedInAllOrInOne) {
  const std::vector<Override> overrides = {
      {"dataset.path", "there"}, {"study.grid.seeds", "3"}, {"study.grid.final.steps", "70"}};
  const Study study = study_of(with(kStudy), overrides);
  for (const SweepSpec& sweep : study.sweeps) EXPECT_EQ(sweep.dataset.path, "there");
  EXPECT_EQ(study.sweeps[0].seeds, 1);
  EXPECT_EQ(study.sweeps[1].seeds, 3);
  EXPECT_EQ(study.sweeps[2].base.training.steps, 70);
  EXPECT_EQ(problems_of_study(with(kStudy), {{"study.grit.seeds", "3"}}),
            "--set study.grit.seeds=3: the study has no such sweep (write --set study.NAME.path=value with "
            "the name of "
            "one of its sweeps)\n");
}

TEST(TakingOver, GivesTheFieldsOfTheWinner) {
  SweepSpec sweep = study_of(with(kStudy)).sweeps[2];
  TrialSettings winner;
  winner.features.representation = Representation::kHertz;
  winner.training.learning_rate = 0.25;
  winner.training.batch_size = 7;
  winner.training.steps = 12;
  take_over(sweep.takes[0], winner, sweep);
  EXPECT_EQ(sweep.base.features.representation, Representation::kHertz);
  EXPECT_EQ(sweep.base.training.learning_rate, 0.25);
  EXPECT_EQ(sweep.base.training.batch_size, 7);
  EXPECT_EQ(sweep.base.training.steps, 5000);
  EXPECT_EQ(std::get<SweepSpec>(parse_stored_sweep(to_yaml(sweep), "stored")), sweep);
}

}  // namespace
}  // namespace melsweep::spec
