#include "worker/trainer/training/training_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "worker/trainer/training/measurement.h"
#include "worker/trainer/training/minibatches.h"
#include "worker/trainer/training/softmax.h"

namespace melsweep::training {
namespace {

namespace stages = features::stages;
using features::StageTimes;

// Turns end at multiples of so many steps: there runs meet that began elsewhere.
constexpr std::int64_t kTurn = 32;

absl::Status stopped() {
  return absl::CancelledError("stopped");
}

absl::Status diverged(std::int64_t step, double learning_rate) {
  return absl::OutOfRangeError(
      fmt::format("training diverged: the loss is not a finite number after step {} with learning_rate {}; "
                  "use a smaller one",
                  step, learning_rate));
}

bool all_finite(const std::vector<MetricPoint>& points) {
  return std::all_of(points.begin(), points.end(),
                     [](const MetricPoint& point) { return std::isfinite(point.value); });
}

void tell(const TrainingRun& run, std::string stage, std::size_t done, std::size_t total) {
  if (!run.observer.progress) return;
  run.observer.progress({.stage = std::move(stage),
                         .done = static_cast<std::int64_t>(done),
                         .total = static_cast<std::int64_t>(total)});
}

// One run, and how far it has come.
struct Member {
  enum class State { kWaiting, kAtWork, kEnded };

  Member(const TrainingRun& training_run, std::span<const int> labels)
      : run(training_run),
        minibatches(labels, run.settings.sampling, static_cast<std::size_t>(run.settings.batch_size),
                    run.seed),
        step(run.steps_done) {
    minibatches.skip(step);
  }

  const TrainingRun& run;
  Minibatches minibatches;  // the next is of step + 1
  std::int64_t step;        // done
  bool fresh = true;        // nothing was done yet: not even the measurement that is due
  State state = State::kWaiting;

  bool is_at_end() const { return step >= run.settings.steps; }
  bool is_measured() const { return step % run.settings.evaluate_every == 0 || is_at_end(); }
  double progress() const { return static_cast<double>(step) / static_cast<double>(run.settings.steps); }
  bool sees_what(const Member& other) const {
    return run.seed == other.run.seed && run.settings.batch_size == other.run.settings.batch_size &&
           run.settings.sampling == other.run.settings.sampling && step == other.step;
  }
};

// Runs that have seen the same minibatches so far, and step together.
using Cohort = std::vector<Member*>;

// One turn of a cohort, on one thread. Who ends leaves it.
class Turn {
 public:
  Turn(LearnerGroup& learners, const Examples& examples, Cohort& cohort, StageTimes* times)
      : learners_(learners), examples_(examples), cohort_(cohort), times_(times) {}

  void take() {
    begin();
    if (cohort_.empty()) return;
    Minibatches minibatches = cohort_[0]->minibatches;
    training_.emplace(times_, stages::kTraining);
    do {
      end_where([](const Member& member) { return member.run.stop.stop_requested(); }, stopped());
      if (!cohort_.empty()) learn(minibatches);
    } while (!cohort_.empty() && cohort_[0]->step % kTurn != 0);
    pause();
    for (Member* member : cohort_) member->minibatches = minibatches;
  }

  // All that are left.
  void end_all(const absl::Status& status) {
    end_where([](const Member&) { return true; }, status);
  }

 private:
  // While it lives, the thread does something else than training.
  class Interlude {
   public:
    explicit Interlude(Turn& turn) : turn_(turn), was_training_(turn.training_.has_value()) { turn_.pause(); }
    Interlude(const Interlude&) = delete;
    Interlude& operator=(const Interlude&) = delete;
    ~Interlude() {
      if (was_training_) turn_.training_.emplace(turn_.times_, stages::kTraining);
    }

   private:
    Turn& turn_;
    const bool was_training_;
  };

  // What was trained is counted.
  void pause() {
    training_.reset();
    if (times_ != nullptr && steps_ > 0) times_->count_made(stages::kTraining, steps_);
    steps_ = 0;
  }

  template <class Which>
  void end_where(Which which, const absl::Status& status) {
    std::erase_if(cohort_, [&](Member* member) {
      if (!which(*member)) return false;
      const Interlude end(*this);
      member->run.ended(status);
      return true;
    });
  }

  // What is due of steps that were done before.
  void begin() {
    Cohort due;
    for (Member* member : cohort_) {
      if (member->fresh && member->step > 0 && member->is_measured()) due.push_back(member);
      member->fresh = false;
    }
    measure_all(due);
    end_where([](const Member& member) { return member.is_at_end(); }, absl::OkStatus());
  }

  void learn(Minibatches& minibatches) {
    const Indices batch = minibatches.next();
    std::vector<absl::StatusOr<double>> losses(cohort_.size(), 0.0);
    const std::int64_t step = cohort_[0]->step + 1;
    const Watch watch{.stop = stop_of(cohort_), .progress = [&](std::size_t done) {
                        for (const Member* member : cohort_) {
                          tell(member->run, fmt::format("step {} of {}", step, member->run.settings.steps),
                               done, batch.size());
                        }
                      }};
    learners_.step(places(cohort_), {.step = step, .examples = batch, .next = minibatches.upcoming()}, watch,
                   losses);
    Cohort due;
    std::size_t i = 0;
    std::erase_if(cohort_, [&](Member* member) {
      const absl::Status status = take_step(*member, losses[i++]);
      if (!status.ok()) member->run.ended(status);
      if (status.ok() && member->is_measured()) due.push_back(member);
      return !status.ok();
    });
    measure_all(due);
    for (const Member* member : cohort_) {
      tell(member->run, "training", static_cast<std::size_t>(member->step),
           static_cast<std::size_t>(member->run.settings.steps));
    }
    end_where([](const Member& member) { return member.is_at_end(); }, absl::OkStatus());
  }

  absl::Status take_step(Member& member, const absl::StatusOr<double>& loss) {
    if (!loss.ok()) return loss.status();
    if (!std::isfinite(*loss)) return diverged(member.step, member.run.settings.learning_rate);
    ++member.step;
    ++steps_;
    if (member.run.after_step) member.run.after_step(member.step);
    return absl::OkStatus();
  }

  void measure_all(const Cohort& due) {
    if (due.empty()) return;
    const Interlude measuring(*this);
    const StageTimes::Span evaluating(times_, stages::kEvaluating);
    const std::vector<std::size_t> who = places(due);
    const auto points = measure({.learners = learners_,
                                 .who = who,
                                 .examples = examples_,
                                 .stop = stop_of(due),
                                 .progress =
                                     [&](std::size_t done, std::size_t total) {
                                       for (const Member* member : due) {
                                         tell(member->run, "evaluating", done, total);
                                       }
                                     }},
                                due[0]->step);
    for (std::size_t i = 0; i < due.size(); ++i) {
      absl::Status status = points.status();
      if (status.ok()) status = report(*due[i], (*points)[i]);
      if (!status.ok()) end_where([&](const Member& member) { return &member == due[i]; }, status);
    }
  }

  static absl::Status report(const Member& member, const std::vector<MetricPoint>& points) {
    if (!all_finite(points)) return diverged(member.step, member.run.settings.learning_rate);
    if (member.run.observer.metrics) member.run.observer.metrics(points);
    return absl::OkStatus();
  }

  static std::vector<std::size_t> places(const Cohort& members) {
    std::vector<std::size_t> result;
    for (const Member* member : members) result.push_back(member->run.place);
    return result;
  }

  // Of work that is done for one run alone; what several do is brief, and does not end with one of them.
  static std::stop_token stop_of(const Cohort& members) {
    return members.size() == 1 ? members[0]->run.stop : std::stop_token();
  }

  LearnerGroup& learners_;
  const Examples& examples_;
  Cohort& cohort_;
  StageTimes* times_;
  std::optional<StageTimes::Span> training_;  // while steps are taken
  std::int64_t steps_ = 0;                    // of all members, not counted yet
};

// Whose turn it is.
class Training {
 public:
  Training(LearnerGroup& learners, const Examples& examples, std::span<const TrainingRun> runs,
           std::size_t threads, StageTimes* times)
      : learners_(learners),
        examples_(examples),
        threads_(std::clamp<std::size_t>(threads, 1, runs.size())),
        times_(times) {
    members_.reserve(runs.size());
    const auto labels = std::span(examples.labels).first(examples.train_count);
    for (const TrainingRun& run : runs) members_.emplace_back(run, labels);
  }

  void run() {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads_; ++i) others.emplace_back([this] { work(); });
    work();
  }

 private:
  void work() {
    for (Cohort cohort = take(); !cohort.empty(); cohort = take()) {
      Cohort left = cohort;
      Turn turn(learners_, examples_, left, times_);
      try {
        turn.take();
      } catch (const std::bad_alloc&) {
        turn.end_all(absl::ResourceExhaustedError("the trainer ran out of memory"));
      } catch (const std::exception& error) {
        turn.end_all(absl::InternalError(error.what()));
      }
      put_back(cohort, left);
    }
  }

  // Marked as being at work; empty when all have ended.
  Cohort take() {
    std::unique_lock lock(mutex_);
    for (;;) {
      Cohort cohort = next_cohort();
      for (Member* member : cohort) member->state = Member::State::kAtWork;
      if (!cohort.empty()) ++busy_;
      if (busy_ == 0 || !cohort.empty()) return cohort;
      changed_.wait(lock);
    }
  }

  void put_back(const Cohort& cohort, const Cohort& left) {
    const std::scoped_lock lock(mutex_);
    for (Member* member : cohort) member->state = Member::State::kEnded;
    for (Member* member : left) member->state = Member::State::kWaiting;
    --busy_;
    changed_.notify_all();
  }

  // The run that has come least far, and those that go with it; so many that there is work for every thread.
  Cohort next_cohort() {
    Cohort waiting;
    for (Member& member : members_) {
      if (member.state == Member::State::kWaiting) waiting.push_back(&member);
    }
    if (waiting.empty()) return {};
    const Member* last = *std::ranges::min_element(waiting, {}, &Member::progress);
    const std::size_t idle = threads_ - busy_;
    const std::size_t share = (waiting.size() + idle - 1) / idle;
    std::erase_if(waiting, [last](const Member* member) { return !member->sees_what(*last); });
    waiting.resize(std::min(waiting.size(), share));
    return waiting;
  }

  LearnerGroup& learners_;
  const Examples& examples_;
  const std::size_t threads_;
  StageTimes* times_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t busy_ = 0;         // threads with a cohort; under the mutex, as the states of the members are
  std::vector<Member> members_;  // but the rest of a member belongs to the thread that is at work on it
};

}  // namespace

void train(LearnerGroup& learners, const Examples& examples, std::span<const TrainingRun> runs,
           std::size_t threads, StageTimes* times) {
  assert(!runs.empty() && !examples.train_clips.empty());
  Training(learners, examples, runs, threads, times).run();
}

absl::StatusOr<Evaluation> evaluate(LearnerGroup& learners, std::size_t place, const Examples& examples,
                                    const std::vector<std::string>& classes, std::int64_t step,
                                    const TrainingObserver& observer, const std::stop_token& stop) {
  const bool tests = !examples.test.empty();
  Evaluation evaluation{.split = tests ? Split::kTest : Split::kValidation,
                        .step = step,
                        .classes = classes,
                        .predictions = {}};
  const auto look = [&](std::size_t, std::uint32_t example, std::span<const float> logits) {
    Prediction prediction{.clip = examples.clip_ids[example],
                          .true_class = examples.labels[example],
                          .predicted_class = argmax(logits),
                          .probabilities = std::vector<float>(logits.size())};
    softmax(logits, prediction.probabilities);
    evaluation.predictions.push_back(std::move(prediction));
  };
  const auto progress = [&](std::size_t done, std::size_t total) {
    if (!observer.progress) return;
    observer.progress({.stage = "evaluating",
                       .done = static_cast<std::int64_t>(done),
                       .total = static_cast<std::int64_t>(total)});
  };
  const Measuring measuring{
      .learners = learners, .who = {&place, 1}, .examples = examples, .stop = stop, .progress = progress};
  const absl::Status status = for_each_logits(measuring, tests ? examples.test : examples.validation, look);
  if (!status.ok()) return status;
  if (tests) {
    const auto points = measure_test(measuring, step);
    if (!points.ok()) return points.status();
    if (observer.metrics) observer.metrics(points->front());
  }
  return evaluation;
}

}  // namespace melsweep::training
