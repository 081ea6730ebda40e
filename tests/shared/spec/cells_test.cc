#include "shared/spec/cells.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/shared/spec/sweep_texts.h"

namespace melsweep::spec {
namespace {

TEST(Cells, ThereIsOneWithoutAxes) {
  const SweepSpec sweep = parsed(kSmallest);
  EXPECT_EQ(grid_size(sweep), 1);
  EXPECT_EQ(grid_cell(sweep, 0), (Cell{0, {}, sweep.base}));
}

TEST(Cells, VaryTheLastAxisFastest) {
  const SweepSpec sweep = parsed(with("parameters:\n  learning_rate: [0.1, 0.2]\n  batch_size: [5, 6, 7]\n"));
  ASSERT_EQ(grid_size(sweep), 6);
  const std::vector<std::pair<double, std::int64_t>> expected = {{0.1, 5}, {0.1, 6}, {0.1, 7},
                                                                 {0.2, 5}, {0.2, 6}, {0.2, 7}};
  for (std::int64_t i = 0; i < 6; ++i) {
    const Cell cell = grid_cell(sweep, i);
    const auto& [rate, batch] = expected[static_cast<std::size_t>(i)];
    EXPECT_EQ(cell.index, i);
    EXPECT_EQ(cell.settings.training.learning_rate, rate);
    EXPECT_EQ(cell.settings.training.batch_size, batch);
    EXPECT_EQ(cell.parameters, (std::vector<Parameter>{{"learning_rate", rate}, {"batch_size", batch}}));
  }
}

TEST(Cells, ResolveListsAndBlocks) {
  const SweepSpec sweep = parsed(with("parameters: {augmentation: [channels], trainable: [{blocks: 2}]}\n"));
  const TrialSettings settings = grid_cell(sweep, 0).settings;
  EXPECT_EQ(settings.training.augmentation, std::vector{Augmentation::kChannels});
  EXPECT_EQ(settings.model.trainable, (Trainable{TrainableKind::kBlocks, 2}));
}

TEST(Cells, HaveSettingsOfTheirOwnVariantsAlone) {
  const SweepSpec sweep = parsed(with(
      "training: {noise_snr: 10, gain_db: 3}\nparameters: {augmentation: [none, noise, [noise, gain]]}\n"));
  const VariantSettings by_default;
  EXPECT_EQ(grid_cell(sweep, 0).settings.training.variants, by_default);
  EXPECT_EQ(grid_cell(sweep, 1).settings.training.variants.noise_snr, 10.0);
  EXPECT_EQ(grid_cell(sweep, 1).settings.training.variants.gain_db, by_default.gain_db);
  EXPECT_EQ(grid_cell(sweep, 2).settings.training.variants.gain_db, 3.0);
}

TEST(Cells, LowerTheDefaultEvaluateEveryToTheirSteps) {
  const SweepSpec sweep = parsed(with("parameters: {steps: [100, 1000]}\n"));
  EXPECT_EQ(grid_cell(sweep, 0).settings.training.evaluate_every, 100);
  EXPECT_EQ(grid_cell(sweep, 1).settings.training.evaluate_every, 500);
}

TEST(Cells, LowerAWrittenEvaluateEveryToTheirSteps) {
  const SweepSpec sweep =
      parsed(with("training: {evaluate_every: 40000}\nparameters: {steps: [100, 100000]}\n"));
  EXPECT_EQ(grid_cell(sweep, 0).settings.training.evaluate_every, 100);
  EXPECT_EQ(grid_cell(sweep, 1).settings.training.evaluate_every, 40000);
}

TEST(Cells, LowerASweptEvaluateEveryToTheirSteps) {
  const SweepSpec sweep = parsed(with("training: {steps: 100}\nparameters: {evaluate_every: [50, 200]}\n"));
  EXPECT_EQ(grid_cell(sweep, 0).settings.training.evaluate_every, 50);
  EXPECT_EQ(grid_cell(sweep, 1).settings.training.evaluate_every, 100);
}

TEST(Cells, NameTheWeightsOfTheSweepOrOfEveryValueOfTheirAxis) {
  EXPECT_THAT(weights_named(parsed(kSmallest)), testing::ElementsAre("random"));
  std::string yaml(kSmallest);
  yaml.replace(yaml.find("model: {weights: random}"), std::string::npos,
               "parameters: {model.weights: [b.safetensors, random]}\n");
  const SweepSpec swept = parsed(yaml);
  EXPECT_THAT(weights_named(swept), testing::ElementsAre("b.safetensors", "random"));
}

TEST(Cells, SizeStopsAtTheLargestNumber) {
  SweepSpec sweep;
  const ParameterAxis axis{"batch_size", "training.batch_size",
                           std::vector<ParameterValue>(1000, std::int64_t{1})};
  sweep.parameters.assign(7, axis);
  EXPECT_EQ(grid_size(sweep), std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace melsweep::spec
