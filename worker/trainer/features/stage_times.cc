#include "worker/trainer/features/stage_times.h"

#include <algorithm>
#include <utility>

#include "shared/time/stopwatch.h"

namespace melsweep::features {

StageTimes::StageTimes() : StageTimes([watch = Stopwatch()] { return watch.elapsed(); }) {}

StageTimes::StageTimes(Elapsed elapsed) : elapsed_(std::move(elapsed)) {}

StageTimes::Span::Span(StageTimes* times, std::string_view stage) : times_(times) {
  if (times_ != nullptr) place_ = times_->begin(stage);
}

StageTimes::Span::~Span() {
  if (times_ != nullptr) times_->end(place_);
}

std::size_t StageTimes::place_of(std::string_view stage) {
  const auto known = std::ranges::find(stages_, stage, &Stage::name);
  const auto place = static_cast<std::size_t>(known - stages_.begin());
  if (known == stages_.end()) stages_.push_back({.name = std::string(stage)});
  return place;
}

std::size_t StageTimes::begin(std::string_view stage) {
  const std::scoped_lock lock(mutex_);
  const std::size_t place = place_of(stage);
  Stage& begun = stages_[place];
  if (begun.at_work++ == 0) begun.began = elapsed_();
  return place;
}

void StageTimes::end(std::size_t place) {
  const std::scoped_lock lock(mutex_);
  Stage& ended = stages_[place];
  if (--ended.at_work == 0) ended.taken += elapsed_() - ended.began;
}

void StageTimes::count_made(std::string_view stage, std::int64_t items) {
  const std::scoped_lock lock(mutex_);
  stages_[place_of(stage)].made += items;
}

void StageTimes::count_found(std::string_view stage, std::int64_t items) {
  const std::scoped_lock lock(mutex_);
  stages_[place_of(stage)].found += items;
}

std::vector<StageTime> StageTimes::so_far() const {
  const std::scoped_lock lock(mutex_);
  std::vector<StageTime> times;
  times.reserve(stages_.size());
  for (const Stage& stage : stages_) {
    std::chrono::nanoseconds taken = stage.taken;
    if (stage.at_work > 0) taken += elapsed_() - stage.began;
    times.push_back({.stage = stage.name,
                     .seconds = std::chrono::duration<double>(taken).count(),
                     .made = stage.made,
                     .found = stage.found});
  }
  return times;
}

}  // namespace melsweep::features
