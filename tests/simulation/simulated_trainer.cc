#include "tests/simulation/simulated_trainer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace melsweep::simulation {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kHelloAfter{300};
constexpr milliseconds kLooksAtDataFor{800};
constexpr milliseconds kShortestEvaluation{200};
constexpr milliseconds kLongestEvaluation{2'500};
constexpr milliseconds kHang{60'000};
constexpr milliseconds kStopsWithin{500};
constexpr int kKilled = 9;
constexpr double kMakesCheckpoint = 0.4;  // after a measurement

}  // namespace

SimulatedTrainer::SimulatedTrainer(const Parts& parts, Peer worker, Random random, milliseconds longest_death,
                                   std::function<void(agent::Event)> post)
    : parts_(parts),
      worker_(worker),
      random_(random),
      longest_death_(longest_death),
      post_(std::move(post)) {}

absl::Status SimulatedTrainer::start() {
  if (random_.chance(faults_.does_not_start)) return absl::NotFoundError("no such program");
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerStarts, worker_.number,
                    static_cast<std::int64_t>(++process_));
  is_alive_ = true;
  is_dying_ = false;
  if (random_.chance(faults_.never_says_hello)) return absl::OkStatus();
  later(kHelloAfter, [this] { say(protocol::Hello{protocol::kVersion, "simulated", "cpu"}); });
  return absl::OkStatus();
}

absl::Status SimulatedTrainer::tell(const protocol::Command& command) {
  if (!is_alive_ || is_dying_) return absl::UnavailableError("the process is gone");
  if (const auto* trial = std::get_if<protocol::TrainTrial>(&command)) {
    train(*trial);
  } else if (std::holds_alternative<protocol::PrepareData>(command)) {
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerWorks, worker_.number);
    const std::uint64_t work = ++work_;
    later(kLooksAtDataFor, [this, work] {
      if (work != work_) return;
      finish_work();
      say(protocol::DataPrepared{Workload::dataset()});
    });
  } else if (!random_.chance(faults_.ignores_stop)) {
    later(random_.between(milliseconds(1), kStopsWithin), [this] {
      if (plan_ && step_ > 0) make_checkpoint(step_);
      finish_work();
      say(protocol::Stopped{});
    });
  }
  return absl::OkStatus();
}

void SimulatedTrainer::train(const protocol::TrainTrial& command) {
  const TrialPlan& plan = command.plan;
  plan_ = plan;
  evaluations_ = Workload::evaluations_of(plan.settings.training);
  artifacts_dir_ = command.artifacts_dir;
  step_ = 0;
  ++work_;
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerWorks, worker_.number, plan.id.value);
  parts_.running.start(worker_, plan.id);
  measure(resume(command.resume_from));
}

// The first evaluation to make: that of the step itself, if it is one, is made again.
std::size_t SimulatedTrainer::resume(const std::string& path) {
  const std::optional<Trained> trained = parts_.files.read(path);
  if (!trained || trained->trial != plan_->id) return 0;
  step_ = trained->step;
  later(milliseconds(1), [this, work = work_, step = step_] {
    if (work != work_) return;
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerResumes, worker_.number, plan_->id.value, step);
    say(protocol::Resumed{step});
  });
  return static_cast<std::size_t>(std::lower_bound(evaluations_.begin(), evaluations_.end(), step_) -
                                  evaluations_.begin());
}

Checkpoint SimulatedTrainer::written(std::int64_t step) {
  const Trained content{plan_->id, step};
  const std::string path = absl::StrCat(artifacts_dir_, "/step-", step);
  parts_.files.write(path, content);
  return {step, path, content.sha256()};
}

void SimulatedTrainer::make_checkpoint(std::int64_t step) {
  say(protocol::Checkpointed{written(step)});
}

void SimulatedTrainer::measure(std::size_t evaluation) {
  const std::uint64_t work = work_;
  later(random_.between(kShortestEvaluation, kLongestEvaluation), [this, work, evaluation] {
    if (work != work_ || goes_wrong(evaluation)) return;
    const std::int64_t step = evaluations_[evaluation];
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerMeasures, worker_.number, plan_->id.value, step);
    say(protocol::MetricsMeasured{parts_.workload.points_at(plan_->settings, plan_->seed, step)});
    if (work != work_) return;
    step_ = step;
    if (evaluation + 1 < evaluations_.size()) {
      // At times within the steps that follow, as a real one does by the clock.
      if (random_.chance(kMakesCheckpoint)) make_checkpoint(step_ += random_.chance(0.5) ? 1 : 0);
      if (work != work_) return;
      measure(evaluation + 1);
      return;
    }
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerFinishes, worker_.number, plan_->id.value);
    CompletedReport report = Workload::completed(*plan_);
    report.checkpoint = written(step);
    finish_work();
    say(protocol::Finished{std::move(report.checkpoint), std::move(report.evaluation)});
  });
}

// What happens instead of the measurement, if anything.
bool SimulatedTrainer::goes_wrong(std::size_t evaluation) {
  const auto fails = [this](FailureKind kind, const char* why) {
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerFails, worker_.number, plan_->id.value,
                      static_cast<std::int64_t>(kind));
    finish_work();
    say(protocol::Failed{{kind, why}});
    return true;
  };
  const Nature nature = parts_.workload.nature_of(plan_->settings, plan_->seed);
  const bool is_last = evaluation + 1 == evaluations_.size();
  if (nature == Nature::kHopeless) return fails(FailureKind::kBadConfiguration, "impossible");
  if ((nature == Nature::kPoison && is_last) || random_.chance(faults_.dies)) {
    end(0, kKilled);
    return true;
  }
  if (random_.chance(faults_.runs_out_of_memory)) return fails(FailureKind::kOutOfMemory, "no memory");
  if (random_.chance(faults_.is_gibberish)) {
    post_(agent::TrainerBroke{absl::InvalidArgumentError("no JSON")});
    return true;
  }
  if (random_.chance(faults_.hangs)) {
    const std::uint64_t work = work_;
    later(kHang, [this, work, evaluation] {
      if (work == work_) measure(evaluation);
    });
    return true;
  }
  return false;
}

void SimulatedTrainer::finish_work() {
  ++work_;
  plan_.reset();
  parts_.running.stop(worker_);
}

void SimulatedTrainer::kill() {
  if (!is_alive_ || is_dying_) return;
  is_dying_ = true;
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerIsKilled, worker_.number);
  const std::uint64_t process = process_;
  parts_.queue.after(random_.between(milliseconds(1), longest_death_), [this, process] {
    if (is_alive_ && process == process_) end(0, kKilled);
  });
}

void SimulatedTrainer::end(int exit_code, int signal) {
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerEnds, worker_.number,
                    static_cast<std::int64_t>(process_));
  is_alive_ = false;
  is_dying_ = false;
  finish_work();
  post_(agent::TrainerEnded{{exit_code, signal, ""}});
}

void SimulatedTrainer::die_with_worker() {
  is_alive_ = false;
  is_dying_ = false;
  ++process_;
  finish_work();
  thawing_.clear();
  frozen_ = false;
}

void SimulatedTrainer::thaw() {
  frozen_ = false;
  for (const auto& action : std::exchange(thawing_, {})) action();
}

void SimulatedTrainer::later(milliseconds delay, std::function<void()> action) {
  parts_.queue.after(
      delay, [this, process = process_, action = std::move(action)] { run_or_keep(process, action); });
}

void SimulatedTrainer::run_or_keep(std::uint64_t process, const std::function<void()>& action) {
  if (process != process_ || !is_alive_ || is_dying_) return;
  if (frozen_) {
    thawing_.push_back([this, process, action] { run_or_keep(process, action); });
    return;
  }
  action();
}

void SimulatedTrainer::say(protocol::Event event) {
  post_(agent::TrainerSaid{std::move(event)});
}

}  // namespace melsweep::simulation
