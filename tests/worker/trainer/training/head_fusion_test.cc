// Heads that are stepped together learn what each of them learns alone, to the last bit.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "worker/trainer/random/random.h"
#include "worker/trainer/training/head_group.h"
#include "worker/trainer/training/minibatches.h"
#include "worker/trainer/training/row_table.h"

namespace melsweep::training {
namespace {

constexpr std::size_t kExamples = 70;
constexpr std::size_t kFeatures = 100;

struct Data {
  explicit Data(std::size_t class_count) : classes(class_count) {
    Random random(9, RandomStream::kMinibatches);
    numbers.resize(kExamples * kFeatures);
    for (float& number : numbers) number = static_cast<float>(random.uniform());
    for (std::size_t i = 0; i < kExamples; ++i) {
      rows.push_back(numbers.data() + i * kFeatures);
      labels.push_back(static_cast<int>(random.below(classes)));
      rounded.set(i, {rows.back(), kFeatures});
    }
  }

  std::size_t classes;
  std::vector<float> numbers;
  std::vector<const float*> rows;
  std::vector<int> labels;
  Bf16Table rounded{kExamples, kFeatures};
};

// What heads are computed with.
struct Arithmetic {
  Precision precision;
  const HeadKernels* kernels;
  const Bf16Kernels* bf16;
  std::string name;
};

std::vector<Arithmetic> all_arithmetic() {
  std::vector<Arithmetic> all;
  for (const auto* const* k = runnable_head_kernels(); *k != nullptr; ++k) {
    all.push_back({Precision::kFloat32, *k, *runnable_bf16_kernels(), std::string("float32_") + (*k)->name});
  }
  for (const auto* const* k = runnable_bf16_kernels(); *k != nullptr; ++k) {
    all.push_back({Precision::kBfloat16, &head_kernels(), *k, std::string("bfloat16_") + (*k)->name});
  }
  return all;
}

// Every optimizer, every setting that a step depends on.
std::vector<TrainingSettings> some_settings(Precision precision) {
  std::vector<TrainingSettings> all;
  for (const Optimizer optimizer : {Optimizer::kSgd, Optimizer::kMomentum, Optimizer::kNesterov,
                                    Optimizer::kRmsprop, Optimizer::kAdam, Optimizer::kAdamW}) {
    TrainingSettings settings{.steps = 100,
                              .learning_rate = 0.02,
                              .optimizer = optimizer,
                              .augmentation = {},
                              .precision = precision};
    all.push_back(settings);
    settings.learning_rate = 0.1;
    settings.weight_decay = 0.01;
    settings.momentum = 0.5;
    settings.schedule = LearningRateSchedule::kCosine;
    settings.warmup_steps = 7;
    settings.augmentation = {Augmentation::kMixup};
    settings.mixup_alpha = optimizer == Optimizer::kSgd ? 0.2 : 2.0;
    all.push_back(settings);
  }
  return all;
}

class Company {
 public:
  Company(const Data& data, const Arithmetic& arithmetic)
      : data_(data), precision_(arithmetic.precision), group_(*arithmetic.kernels, *arithmetic.bf16) {}

  void add(const TrainingSettings& settings, std::uint64_t seed) {
    HeadLoss loss{.seed = seed};
    // Every third one's classes count differently.
    for (std::size_t c = 0; seed % 3 == 0 && c < data_.classes; ++c) {
      loss.class_weights.push_back(0.5F + static_cast<float>(c));
    }
    heads_.push_back(std::make_unique<Head>(initial_head(data_.classes, kFeatures, seed), settings, loss));
  }

  // Steps the heads of these places; the minibatch depends on the step alone.
  std::vector<double> step(const std::vector<std::size_t>& places, std::int64_t step_number) {
    std::vector<Head*> heads;
    for (const std::size_t place : places) heads.push_back(heads_[place].get());
    return step(heads, step_number);
  }

  std::vector<double> step(const std::vector<Head*>& heads, std::int64_t step) {
    std::vector<const float*> rows;
    std::vector<const Bf16*> rounded;
    std::vector<int> labels;
    Minibatches minibatches(std::vector<int>(kExamples), Sampling::kShuffled, 21, 3);
    minibatches.skip(step - 1);
    for (const std::uint32_t example : minibatches.next()) {
      rows.push_back(data_.rows[example]);
      rounded.push_back(data_.rounded.row(example));
      labels.push_back(data_.labels[example]);
    }
    std::vector<double> losses(heads.size());
    if (precision_ == Precision::kFloat32) {
      group_.step(heads, step, rows, labels, losses);
    } else {
      group_.step(heads, step, rounded, labels, losses);
    }
    return losses;
  }

  std::vector<float> logits(std::size_t place) {
    std::vector<float> logits(kExamples * data_.classes);
    Head* const head[] = {heads_[place].get()};
    const std::span<float> out = logits;
    group_.logits(head, data_.rows, {&out, 1});
    return logits;
  }

  HeadState state(std::size_t place) const { return heads_[place]->state(); }
  std::size_t size() const { return heads_.size(); }

 private:
  const Data& data_;
  Precision precision_;
  HeadGroup group_;
  std::vector<std::unique_ptr<Head>> heads_;
};

void expect_same(const HeadState& a, const HeadState& b, std::size_t place) {
  const auto expect_equal = [place](const HeadWeights& x, const HeadWeights& y) {
    EXPECT_EQ(x.weight, y.weight) << "head " << place;
    EXPECT_EQ(x.bias, y.bias) << "head " << place;
  };
  expect_equal(a.weights, b.weights);
  ASSERT_EQ(a.first.has_value(), b.first.has_value());
  ASSERT_EQ(a.second.has_value(), b.second.has_value());
  if (a.first) expect_equal(*a.first, *b.first);
  if (a.second) expect_equal(*a.second, *b.second);
}

class HeadFusion : public testing::TestWithParam<Arithmetic> {};

TEST_P(HeadFusion, AHeadLearnsTheSameBitsInAnyCompany) {
  for (const std::size_t classes : {2U, 3U, 10U, 17U}) {
    const Data data(classes);
    Company together(data, GetParam());
    Company alone(data, GetParam());
    for (const TrainingSettings& settings : some_settings(GetParam().precision)) {
      together.add(settings, together.size());
      alone.add(settings, alone.size());
    }
    // Who takes part changes from step to step; each head takes its own steps one after the other.
    std::mt19937 random(11);
    std::vector<std::int64_t> steps(together.size(), 0);
    for (std::int64_t step = 1; step <= 30; ++step) {
      std::vector<std::size_t> places;
      for (std::size_t place = 0; place < together.size(); ++place) {
        if (steps[place] == step - 1 && (random() % 8 != 0 || step <= 5)) places.push_back(place);
      }
      if (places.empty()) break;
      const std::vector<double> losses = together.step(places, step);
      for (std::size_t i = 0; i < places.size(); ++i) {
        EXPECT_EQ(losses[i], alone.step(std::vector<std::size_t>{places[i]}, step)[0]);
        steps[places[i]] = step;
      }
    }
    for (std::size_t place = 0; place < together.size(); ++place) {
      expect_same(together.state(place), alone.state(place), place);
      EXPECT_EQ(together.logits(place), alone.logits(place));
    }
  }
}

TEST_P(HeadFusion, OneThatDivergesDoesNotDisturbTheOthers) {
  const Data data(3);
  Company together(data, GetParam());
  Company alone(data, GetParam());
  const TrainingSettings wild{.learning_rate = 1e38, .augmentation = {}, .precision = GetParam().precision};
  const TrainingSettings calm{.learning_rate = 0.1, .augmentation = {}, .precision = GetParam().precision};
  together.add(wild, 1);
  together.add(calm, 2);
  alone.add(calm, 2);
  bool diverged = false;
  for (std::int64_t step = 1; step <= 10; ++step) {
    diverged = !std::isfinite(together.step(std::vector<std::size_t>{0, 1}, step)[0]) || diverged;
    alone.step(std::vector<std::size_t>{0}, step);
  }
  EXPECT_TRUE(diverged);
  expect_same(together.state(1), alone.state(0), 1);
}

TEST_P(HeadFusion, AStateThatIsTakenUpLeadsToTheSameEnd) {
  const Data data(5);
  for (const TrainingSettings& settings : some_settings(GetParam().precision)) {
    Company company(data, GetParam());
    company.add(settings, 1);
    for (std::int64_t step = 1; step <= 9; ++step) company.step(std::vector<std::size_t>{0}, step);
    Head resumed(initial_head(5, kFeatures, 77), settings, {.seed = 1});
    resumed.set_state(company.state(0));
    EXPECT_EQ(resumed.state().weights.weight, company.state(0).weights.weight);
    for (std::int64_t step = 10; step <= 20; ++step) {
      company.step(std::vector<std::size_t>{0}, step);
      company.step(std::vector<Head*>{&resumed}, step);
    }
    expect_same(resumed.state(), company.state(0), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(All, HeadFusion, testing::ValuesIn(all_arithmetic()),
                         [](const auto& param) { return param.param.name; });

}  // namespace
}  // namespace melsweep::training
