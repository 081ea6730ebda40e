// What the wall time of a piece of work goes into, while it is done.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "shared/model/stage_time.h"

namespace melsweep::features {

// As docs/trainer-protocol.md names them.
namespace stages {
inline constexpr std::string_view kReadingData = "reading data";
inline constexpr std::string_view kReadingWeights = "reading weights";
inline constexpr std::string_view kWaiting = "waiting for features";
inline constexpr std::string_view kSpectrograms = "spectrograms";
inline constexpr std::string_view kBottlenecks = "bottlenecks";
inline constexpr std::string_view kReadingCheckpoints = "reading checkpoints";
inline constexpr std::string_view kTraining = "training";
inline constexpr std::string_view kEvaluating = "evaluating";
inline constexpr std::string_view kWritingModel = "writing the model";
inline constexpr std::string_view kMisclassified = "misclassified clips";
}  // namespace stages

// A stage's seconds are those in which somebody is at work on it, counted once however many are. Different
// stages may be worked on at the same time. Any thread may call anything.
class StageTimes {
 public:
  // How long ago some moment is. Never less than before.
  using Elapsed = std::function<std::chrono::nanoseconds()>;

  StageTimes();  // of a stopwatch
  explicit StageTimes(Elapsed elapsed);
  StageTimes(const StageTimes&) = delete;
  StageTimes& operator=(const StageTimes&) = delete;

  // While it lives, its thread is at work on the stage. `times` outlives it; where it is null, nobody counts.
  class Span {
   public:
    Span(StageTimes* times, std::string_view stage);
    Span(const Span&) = delete;
    Span& operator=(const Span&) = delete;
    ~Span();

   private:
    StageTimes* times_;
    std::size_t place_ = 0;
  };

  void count_made(std::string_view stage, std::int64_t items);
  void count_found(std::string_view stage, std::int64_t items);

  // Every stage that was begun or counted, in that order, up to now.
  std::vector<StageTime> so_far() const;

 private:
  struct Stage {
    std::string name;
    std::int64_t made = 0;
    std::int64_t found = 0;
    int at_work = 0;                    // spans
    std::chrono::nanoseconds began{0};  // where there are any
    std::chrono::nanoseconds taken{0};  // before that
  };

  // Under the mutex: the place of the stage, which is new where it is not known.
  std::size_t place_of(std::string_view stage);
  std::size_t begin(std::string_view stage);
  void end(std::size_t place);

  const Elapsed elapsed_;
  mutable std::mutex mutex_;
  std::vector<Stage> stages_;  // few
};

}  // namespace melsweep::features
