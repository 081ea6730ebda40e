#include "tests/simulation/world.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/simulation/final_state.h"

namespace melsweep::simulation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kClients = 2;
constexpr int kLeastWorkers = 2;
constexpr int kMostWorkers = 5;
constexpr int kTrialsToCancel = 4;
constexpr hours kLongest{4};                   // in virtual time
constexpr std::uint64_t kMostSteps = 500'000;  // a simulation that is busy without end

// Some coordinators are less patient than others.
core::Options core_options(Random random) {
  core::Options options;
  options.jitter_seed = random.next();
  if (random.chance(0.5)) {
    options.lease_ttl = seconds(6);
    options.lease_grace = milliseconds(2'500);
    options.heartbeat_interval = milliseconds(1'200);
  }
  // Some make their sweeps' trials in several parts.
  if (random.chance(0.5)) options.trials_at_once = 3;
  return options;
}

ChaosPlan plan_for(const WorldOptions& options, Random random) {
  return options.chaos ? *options.chaos : draw_plan(random);
}

}  // namespace

World::World(const WorldOptions& options)
    : random_(options.seed),
      trials_(options.trials),
      trace_(options.on_trace),
      workload_(random_.next()),
      ledger_(violations_),
      folder_(random_.fork()),
      worker_count_(kLeastWorkers + static_cast<int>(random_.below(kMostWorkers - kLeastWorkers + 1))),
      network_(queue_, trace_, random_.fork(), worker_count_ + kClients),
      running_(violations_, worker_count_),
      coordinator_({queue_, trace_, violations_, disk_, ledger_, folder_}, core_options(random_.fork()),
                   options.make_store, random_.fork()),
      longest_trainer_death_(options.longest_trainer_death),
      max_group_(options.max_group),
      plan_(plan_for(options, random_.fork())),
      chaos_({queue_, trace_, network_, disk_, coordinator_, workers_, folder_, worker_count_ + kClients},
             plan_, random_.fork()) {
  make_workers();
  make_clients();
}

void World::make_workers() {
  for (int number = 0; number < worker_count_; ++number) {
    const SimulatedWorker::Parts parts{
        queue_,  trace_,   violations_, running_, {queue_, trace_, network_, coordinator_, disk_, ledger_},
        folder_, workload_};
    const int drawn = random_.one_of({1, 2, 5, 16});
    const SimulatedTrainer::Traits trainer{longest_trainer_death_, max_group_.value_or(drawn)};
    workers_.push_back(std::make_unique<SimulatedWorker>(parts, Peer{number}, random_.fork(), trainer));
  }
}

void World::make_clients() {
  for (int number = 0; number < kClients; ++number) {
    const SimulatedClient::Parts parts{queue_, trace_, network_, coordinator_, violations_, ledger_};
    clients_.push_back(
        std::make_unique<SimulatedClient>(parts, Peer{worker_count_ + number}, random_.fork()));
  }
}

// A sweep alone, or one that others wait for.
Study World::study(const std::string& name, int trials) {
  if (random_.chance(0.5)) return workload_.study(name, trials);
  return {name, {workload_.sweep(name, trials)}};
}

Outcome World::run() {
  chaos_.begin();
  coordinator_.start();
  for (const auto& worker : workers_) {
    queue_.after(random_.between(milliseconds(0), seconds(2)), [machine = worker.get()] {
      if (!machine->is_running()) machine->start();
    });
  }
  clients_[0]->submit(study("whole", trials_), random_.between(milliseconds(0), seconds(1)));
  clients_[0]->keep_listing();
  clients_[0]->keep_pausing(plan_.pauses);
  clients_[0]->keep_draining(plan_.drains);
  if (random_.chance(0.25)) {
    clients_[1]->submit(study("cancelled", kTrialsToCancel), random_.between(milliseconds(0), seconds(20)));
    clients_[1]->cancel(random_.between(milliseconds(0), seconds(40)));
    clients_[1]->keep_pausing(plan_.pauses);
  } else {
    clients_.pop_back();
  }
  run_to_the_end();
  if (!violations_.first()) check_the_end();
  return {violations_.first(), trace_.hash(), queue_.steps()};
}

bool World::is_done() const {
  for (const auto& client : clients_) {
    if (!client->is_done()) return false;
  }
  const core::State* state = coordinator_.state();
  return state != nullptr && all_ended(*state, ledger_);
}

void World::run_to_the_end() {
  const MonotonicTime end = kStart.monotonic + kLongest;
  while (!violations_.first()) {
    queue_.step();
    if (is_done()) return;
    if (queue_.now() > end || queue_.steps() > kMostSteps) {
      violations_.add(absl::StrCat("not every sweep has ended after ", queue_.steps(), " steps"));
    }
  }
}

// Of every trial that finished itself the folder has its result, with what was stored beside it, and nothing
// else.
void World::check_final_files() {
  const store::Snapshot snapshot = *disk_.load_durable();
  const auto finished =
      std::count_if(snapshot.trials.begin(), snapshot.trials.end(), [](const TrialRecord& trial) {
        return trial.state == TrialState::kFinished && trial.reused_from.value == 0;
      });
  if (!snapshot.checkpoints.empty()) violations_.add("a checkpoint outlived its trial");
  if (static_cast<std::int64_t>(folder_.checkpoints()) != finished) {
    violations_.add(
        absl::StrCat(finished, " trials have finished, and there are ", folder_.checkpoints(), " files"));
  }
  std::set<ArtifactName> models;
  for (const AttemptRecord& attempt : snapshot.attempts) {
    if (attempt.state != AttemptState::kFinished) continue;
    const auto trial = std::find_if(snapshot.trials.begin(), snapshot.trials.end(),
                                    [&](const auto& one) { return one.id == attempt.ref.trial; });
    models.insert({trial->sweep, attempt.ref, attempt.checkpoint->step});
  }
  if (const auto misplaced = folder_.misplaced(models)) {
    violations_.add(absl::StrCat("what trial ", misplaced->attempt.trial.value,
                                 " got wrong is kept without its model, or the model without it"));
  }
}

// What has been said is what is durable, for the next process too.
void World::check_the_end() {
  if (coordinator_.is_up()) coordinator_.crash();
  disk_.lose_power();
  coordinator_.start();
  coordinator_.check_restorable();
  if (!violations_.first()) check_final_state(disk_, workload_, ledger_, violations_);
  if (!violations_.first()) check_final_files();
}

}  // namespace melsweep::simulation
