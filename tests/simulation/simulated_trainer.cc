#include "tests/simulation/simulated_trainer.h"

#include <algorithm>
#include <optional>
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
constexpr milliseconds kTalksEvery{60'000};
constexpr double kMakesCheckpoint = 0.4;  // after a measurement
constexpr double kKeepsMisclassified = 0.8;

// The attempt whose folder this is.
AttemptRef attempt_of(const protocol::TrainTrial& command) {
  const std::string& folder = command.artifacts_dir;
  return {command.plan.id, std::stoi(folder.substr(folder.rfind('-') + 1))};
}

}  // namespace

SimulatedTrainer::SimulatedTrainer(const Parts& parts, Peer worker, Random random, const Traits& traits,
                                   std::function<void(agent::Event)> post)
    : parts_(parts), worker_(worker), random_(random), traits_(traits), post_(std::move(post)) {}

absl::Status SimulatedTrainer::start() {
  if (random_.chance(faults_.does_not_start)) return absl::NotFoundError("no such program");
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerStarts, worker_.number,
                    static_cast<std::int64_t>(++process_));
  is_alive_ = true;
  is_dying_ = false;
  if (random_.chance(faults_.never_says_hello)) return absl::OkStatus();
  later(kHelloAfter, [this] {
    say(protocol::Hello{protocol::kVersion, "simulated", "cpu", traits_.max_group});
  });
  return absl::OkStatus();
}

absl::Status SimulatedTrainer::tell(const protocol::Command& command) {
  if (!is_alive_ || is_dying_) return absl::UnavailableError("the process is gone");
  if (const auto* trial = std::get_if<protocol::TrainTrial>(&command)) {
    train(*trial, TrialId{});
  } else if (const auto* group = std::get_if<protocol::TrainGroup>(&command)) {
    train_group(group->trials);
  } else if (std::holds_alternative<protocol::PrepareData>(command)) {
    look_at_data();
  } else if (const auto* stop_work = std::get_if<protocol::StopWork>(&command)) {
    if (!random_.chance(faults_.ignores_stop)) stop(stop_work->trial);
  }
  return absl::OkStatus();
}

void SimulatedTrainer::look_at_data() {
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerWorks, worker_.number);
  looking_ = ++last_number_;
  later(kLooksAtDataFor, [this, number = looking_] {
    if (looking_ != number) return;
    looking_ = 0;
    say(protocol::DataPrepared{Workload::dataset()});
  });
}

void SimulatedTrainer::train_group(std::vector<protocol::TrainTrial> trials) {
  parts_.trace.note(parts_.queue.now(), Happening::kGroupBegins, worker_.number,
                    static_cast<std::int64_t>(trials.size()));
  for (const protocol::TrainTrial& trial : trials) parts_.ledger.on_grouped(attempt_of(trial));
  std::vector<TrialId> names;
  for (const protocol::TrainTrial& trial : trials) names.push_back(trial.plan.id);
  if (random_.chance(faults_.mixes_up)) std::swap(names.front(), names.back());
  std::size_t begun = 0;
  if (random_.chance(faults_.forgets_one)) {
    parts_.trace.note(parts_.queue.now(), Happening::kMemberForgotten, worker_.number, names.front().value);
    ++begun;
    if (random_.chance(faults_.keeps_talking)) keep_talking();
  }
  for (; begun < trials.size(); ++begun) train(trials[begun], names[begun]);
}

void SimulatedTrainer::keep_talking() {
  later(kTalksEvery, [this] {
    say(protocol::ProgressMade{{"training", 1, 2}});
    keep_talking();
  });
}

void SimulatedTrainer::train(const protocol::TrainTrial& command, TrialId name) {
  const TrialPlan& plan = command.plan;
  const std::uint64_t number = ++last_number_;
  trainings_.push_back(
      {number, plan, Workload::evaluations_of(plan.settings.training), command.artifacts_dir, name});
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerWorks, worker_.number, plan.id.value);
  parts_.running.start(worker_, plan.id);
  measure(number, resume(trainings_.back(), command.resume_from));
}

SimulatedTrainer::Training* SimulatedTrainer::find(std::uint64_t number) {
  const auto found = std::find_if(trainings_.begin(), trainings_.end(),
                                  [&](const Training& training) { return training.number == number; });
  return found == trainings_.end() ? nullptr : &*found;
}

// Trial 0: all that it does. What ends by itself before it comes to stop is not said to have stopped.
void SimulatedTrainer::stop(TrialId trial) {
  if (const std::uint64_t number = looking_; number != 0) {
    later(random_.between(milliseconds(1), kStopsWithin), [this, number] {
      if (looking_ != number) return;
      looking_ = 0;
      say(protocol::Stopped{});
    });
  }
  for (const Training& training : trainings_) {
    if (trial != TrialId{} && trial != training.plan.id) continue;
    later(random_.between(milliseconds(1), kStopsWithin),
          [this, number = training.number] { stop_training(number); });
  }
}

void SimulatedTrainer::stop_training(std::uint64_t number) {
  Training* training = find(number);
  if (training == nullptr) return;
  if (training->step > 0) make_checkpoint(*training);
  training = find(number);
  if (training == nullptr) return;
  const TrialId name = training->name;
  forget(number);
  say(protocol::Stopped{name});
}

// The first evaluation to make: that of the step itself, if it is one, is made again.
std::size_t SimulatedTrainer::resume(Training& training, const std::string& path) {
  const std::optional<Trained> trained = parts_.files.read(path);
  if (!trained || trained->trial != training.plan.id) return 0;
  training.step = trained->step;
  later(milliseconds(1), [this, number = training.number, step = training.step] {
    const Training* resumed = find(number);
    if (resumed == nullptr) return;
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerResumes, worker_.number, resumed->plan.id.value,
                      step);
    say(protocol::Resumed{step, resumed->name});
  });
  return static_cast<std::size_t>(
      std::lower_bound(training.evaluations.begin(), training.evaluations.end(), training.step) -
      training.evaluations.begin());
}

Checkpoint SimulatedTrainer::written(const Training& training) {
  const Trained content{training.plan.id, training.step};
  const std::string path = absl::StrCat(training.artifacts_dir, "/step-", training.step);
  parts_.files.write(path, content);
  return {training.step, path, content.sha256()};
}

void SimulatedTrainer::make_checkpoint(const Training& training) {
  say(protocol::Checkpointed{written(training), training.name});
}

void SimulatedTrainer::measure(std::uint64_t number, std::size_t evaluation) {
  later(random_.between(kShortestEvaluation, kLongestEvaluation), [this, number, evaluation] {
    Training* training = find(number);
    if (training == nullptr || goes_wrong(*training, evaluation)) return;
    training->step = training->evaluations[evaluation];
    const TrialPlan& plan = training->plan;
    parts_.trace.note(parts_.queue.now(), Happening::kTrainerMeasures, worker_.number, plan.id.value,
                      training->step);
    say(protocol::MetricsMeasured{
        parts_.workload.points_at(plan.settings, plan.seed, training->step, plan.evaluate), training->name});
    go_on(number, evaluation);
  });
}

void SimulatedTrainer::go_on(std::uint64_t number, std::size_t evaluation) {
  Training* training = find(number);
  if (training == nullptr) return;
  if (evaluation + 1 == training->evaluations.size()) {
    finish(*training);
    return;
  }
  // At times within the steps that follow, as a real one does by the clock.
  if (random_.chance(kMakesCheckpoint)) {
    training->step += random_.chance(0.5) ? 1 : 0;
    make_checkpoint(*training);
  }
  if (find(number) != nullptr) measure(number, evaluation + 1);
}

void SimulatedTrainer::finish(const Training& training) {
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerFinishes, worker_.number, training.plan.id.value);
  CompletedReport report = Workload::completed(training.plan);
  report.checkpoint = written(training);
  protocol::Finished finished{std::move(report.checkpoint), std::move(report.evaluation), training.name};
  finished.stages = std::move(report.stages);
  if (training.plan.evaluate == Split::kTest && random_.chance(kKeepsMisclassified)) {
    const std::string path = finished.checkpoint.path + ".tar";
    parts_.files.write(path, {training.plan.id, training.step});
    finished.misclassified = {path, finished.checkpoint.sha256};
  }
  forget(training.number);
  say(std::move(finished));
}

void SimulatedTrainer::fail(const Training& training, FailureKind kind, const char* why) {
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerFails, worker_.number, training.plan.id.value,
                    static_cast<std::int64_t>(kind));
  const TrialId name = training.name;
  forget(training.number);
  say(protocol::Failed{{kind, why}, name});
}

// What happens instead of the measurement, if anything.
bool SimulatedTrainer::goes_wrong(const Training& training, std::size_t evaluation) {
  const Nature nature = parts_.workload.nature_of(training.plan.settings, training.plan.seed);
  const bool is_last = evaluation + 1 == training.evaluations.size();
  if (nature == Nature::kHopeless) {
    fail(training, FailureKind::kBadConfiguration, "impossible");
  } else if ((nature == Nature::kPoison && is_last) || random_.chance(faults_.dies)) {
    end(0, kKilled);
  } else if (random_.chance(faults_.runs_out_of_memory)) {
    fail(training, FailureKind::kOutOfMemory, "no memory");
  } else if (random_.chance(faults_.is_gibberish)) {
    post_(agent::TrainerBroke{absl::InvalidArgumentError("no JSON")});
  } else if (random_.chance(faults_.hangs)) {
    later(kHang, [this, number = training.number, evaluation] {
      if (find(number) != nullptr) measure(number, evaluation);
    });
  } else {
    return false;
  }
  return true;
}

void SimulatedTrainer::forget(std::uint64_t number) {
  const Training* training = find(number);
  parts_.running.stop(worker_, training->plan.id);
  std::erase_if(trainings_, [&](const Training& one) { return one.number == number; });
}

void SimulatedTrainer::forget_all() {
  looking_ = 0;
  trainings_.clear();
  parts_.running.stop_all(worker_);
}

void SimulatedTrainer::kill() {
  if (!is_alive_ || is_dying_) return;
  is_dying_ = true;
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerIsKilled, worker_.number);
  const std::uint64_t process = process_;
  parts_.queue.after(random_.between(milliseconds(1), traits_.longest_death), [this, process] {
    if (is_alive_ && process == process_) end(0, kKilled);
  });
}

void SimulatedTrainer::end(int exit_code, int signal) {
  parts_.trace.note(parts_.queue.now(), Happening::kTrainerEnds, worker_.number,
                    static_cast<std::int64_t>(process_));
  is_alive_ = false;
  is_dying_ = false;
  forget_all();
  post_(agent::TrainerEnded{{exit_code, signal, ""}});
}

void SimulatedTrainer::die_with_worker() {
  is_alive_ = false;
  is_dying_ = false;
  ++process_;
  forget_all();
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
