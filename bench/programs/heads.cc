// A grid of heads on features in memory: what a trainer does with a group that has its features, to the last
// evaluation. usage: bench_heads STEPS THREADS PRECISION
#include <torch/torch.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "bench/programs/outcome.h"
#include "shared/spec/names.h"
#include "worker/trainer/training/head_learners.h"
#include "worker/trainer/training/training_loop.h"

namespace melsweep::bench {
namespace {

constexpr std::size_t kExamples = 8732;
constexpr std::size_t kTrained = 7859;
constexpr std::size_t kClasses = 10;
constexpr double kLearningRates[] = {0.005, 0.01, 0.05};
constexpr std::int64_t kBatchSizes[] = {50, 100, 200};

// Numbers in [0, 1) without order, and a little more for the features of an example's class; what
// bench/peers/heads_pytorch.py makes too.
std::vector<float> make_features() {
  std::vector<float> features(kExamples * features::kBottleneckSize);
  for (std::size_t i = 0; i < features.size(); ++i) {
    auto mixed = static_cast<std::uint32_t>(i) * 2654435761U;
    mixed = (mixed ^ (mixed >> 16)) * 73244475U;
    mixed ^= mixed >> 16;
    const std::size_t example = i / features::kBottleneckSize;
    const bool own = i % features::kBottleneckSize % kClasses == example % kClasses;
    features[i] = static_cast<float>(mixed >> 8) * 0x1p-24F + (own ? 0.1F : 0.0F);
  }
  return features;
}

training::Examples make_examples() {
  training::Examples examples;
  examples.classes = kClasses;
  examples.train_count = kTrained;
  for (std::size_t i = 0; i < kExamples; ++i) {
    examples.labels.push_back(static_cast<int>(i % kClasses));
    auto& part = i < kTrained ? examples.train_clips : examples.validation;
    part.push_back(static_cast<std::uint32_t>(i));
  }
  return examples;
}

features::BottleneckTable table_of(const std::vector<float>& numbers) {
  constexpr std::size_t kSize = features::kBottleneckSize;
  std::vector<features::StoredMatrix> rows;
  for (std::size_t i = 0; i < kExamples; ++i) {
    rows.push_back({.rows = 1,
                    .columns = static_cast<int>(kSize),
                    .values = std::span(numbers).subspan(i * kSize, kSize),
                    .file = nullptr});
  }
  return features::BottleneckTable(std::move(rows));
}

std::vector<TrainingSettings> make_grid(std::int64_t steps, Precision precision) {
  std::vector<TrainingSettings> grid;
  for (const std::int64_t batch_size : kBatchSizes) {
    for (const double learning_rate : kLearningRates) {
      grid.push_back({.steps = steps,
                      .evaluate_every = steps,
                      .batch_size = batch_size,
                      .learning_rate = learning_rate,
                      .augmentation = {},
                      .precision = precision});
    }
  }
  return grid;
}

void run(std::int64_t steps, std::size_t threads, Precision precision) {
  const std::vector<float> numbers = make_features();
  const training::Examples examples = make_examples();
  const std::vector<TrainingSettings> grid = make_grid(steps, precision);
  features::BottleneckTable bottlenecks = table_of(numbers);
  const Stopwatch watch;
  training::HeadLearners learners(examples, std::move(bottlenecks));
  std::vector<training::TrainingRun> runs;
  std::vector<double> losses(grid.size());
  double flops = 0.0;
  for (std::size_t place = 0; place < grid.size(); ++place) {
    learners.add(grid[place], 1);
    runs.push_back(
        {.settings = grid[place],
         .place = place,
         .seed = 1,
         .observer = {.metrics = [&losses, place](const auto& points) { losses[place] = points[0].value; }},
         .ended = [](const absl::Status& status) {
           if (!status.ok()) give_up(status);
         }});
    const auto rows = static_cast<double>(2 * grid[place].batch_size * steps) + kExamples;
    flops += rows * 2.0 * features::kBottleneckSize * kClasses;
  }
  training::train(learners, examples, runs, threads);
  const Seconds elapsed = watch.elapsed();
  double loss = 0.0;
  for (const double one : losses) loss += one / static_cast<double>(losses.size());
  tell(elapsed, {{"steps", static_cast<double>(steps)},
                 {"threads", static_cast<double>(threads)},
                 {"loss", loss},
                 {"gflops", flops / elapsed.count() * 1e-9},
                 {"seconds_of_30000_steps", elapsed.count() * 30000.0 / static_cast<double>(steps)}});
}

}  // namespace
}  // namespace melsweep::bench

int main(int argc, char** argv) {
  const bool complete = argc == 4;
  const int steps = complete ? std::atoi(argv[1]) : 0;
  const int threads = complete ? std::atoi(argv[2]) : 0;
  const auto precision = complete ? melsweep::spec::parse_name<melsweep::Precision>(argv[3])
                                  : std::optional<melsweep::Precision>();
  if (steps < 1 || threads < 0 || !precision) {
    std::fprintf(
        stderr,
        "usage: bench_heads STEPS THREADS PRECISION (0 threads: as many as the machine has; float32 or "
        "bfloat16)\n");
    return 2;
  }
  melsweep::bench::run(steps,
                       threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency(),
                       *precision);
  return 0;
}
