#include "tests/simulation/chaos.h"

#include <utility>

namespace melsweep::simulation {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kRestartWithin{8'000};
constexpr milliseconds kLongestOutage{45'000};  // of a partition, a suspension or a full disk

// One in two seeds has the fault at all.
milliseconds maybe(Random& random, seconds shortest, seconds longest) {
  const milliseconds mean = random.between(shortest, longest);
  return random.chance(0.5) ? mean : milliseconds(0);
}

double maybe(Random& random, double largest) {
  const double probability = random.unit() * largest;
  return random.chance(0.5) ? probability : 0.0;
}

}  // namespace

ChaosPlan draw_plan(Random& random) {
  ChaosPlan plan;
  plan.network = {.drop = maybe(random, 0.2),
                  .duplicate = maybe(random, 0.1),
                  .slow = maybe(random, 0.1),
                  .longest_delay = random.one_of({seconds(1), seconds(5), seconds(30)})};
  plan.trainer = {.does_not_start = maybe(random, 0.1),
                  .never_says_hello = maybe(random, 0.05),
                  .dies = maybe(random, 0.05),
                  .runs_out_of_memory = maybe(random, 0.05),
                  .hangs = maybe(random, 0.02),
                  .ignores_stop = maybe(random, 0.5),
                  .is_gibberish = maybe(random, 0.03),
                  .forgets_one = maybe(random, 0.05)};
  plan.checkpoint_damage = maybe(random, 0.3);
  plan.longest_commit = milliseconds(random.one_of({2, 2, 50, 3'000}));
  plan.partition = maybe(random, seconds(5), seconds(60));
  plan.worker_crash = maybe(random, seconds(5), seconds(90));
  plan.worker_suspension = maybe(random, seconds(5), seconds(90));
  plan.worker_drain = maybe(random, seconds(5), seconds(90));
  plan.coordinator_crash = maybe(random, seconds(5), seconds(60));
  plan.commit_fault = maybe(random, seconds(1), seconds(20));
  plan.disk_full = maybe(random, seconds(10), seconds(90));
  plan.wall_jump = maybe(random, seconds(2), seconds(20));
  plan.end = random.between(seconds(10), seconds(90));
  plan.pauses = random.chance(0.4) ? static_cast<int>(1 + random.below(4)) : 0;
  plan.drains = random.chance(0.4) ? static_cast<int>(1 + random.below(4)) : 0;
  return plan;
}

Chaos::Chaos(const Parts& parts, const ChaosPlan& plan, Random random)
    : parts_(parts), plan_(plan), random_(random), wall_random_(random_.fork()) {}

void Chaos::begin() {
  restart_what_ends();
  parts_.network.set_faults(plan_.network);
  parts_.coordinator.set_longest_commit(plan_.longest_commit);
  parts_.folder.set_damage(plan_.checkpoint_damage);
  for (const auto& worker : parts_.workers) worker->set_trainer_faults(plan_.trainer);
  every(plan_.partition, [this] { partition(); });
  every(plan_.worker_crash, [this] { any_worker().crash(); });
  every(plan_.worker_suspension, [this] { suspend(); });
  every(plan_.worker_drain, [this] { any_worker().drain(); });
  every(plan_.coordinator_crash, [this] { crash_coordinator(); });
  every(plan_.commit_fault, [this] { fail_commit(); });
  every(plan_.disk_full, [this] { fill_disk(); });
  jump_wall();
  parts_.queue.after(plan_.end, [this] { heal(); });
}

void Chaos::every(milliseconds mean, std::function<void()> happen) {
  if (mean == milliseconds(0)) return;
  parts_.queue.after(random_.waiting_time(mean), [this, mean, happen = std::move(happen)] {
    if (over_) return;
    happen();
    every(mean, happen);
  });
}

void Chaos::restart_what_ends() {
  parts_.coordinator.set_on_down([this] {
    parts_.queue.after(random_.between(milliseconds(1), kRestartWithin), [this] {
      if (!parts_.coordinator.is_up()) parts_.coordinator.start();
    });
  });
  for (const auto& worker : parts_.workers) {
    worker->set_on_down([this, machine = worker.get()] {
      parts_.queue.after(random_.between(milliseconds(1), kRestartWithin), [machine] {
        if (!machine->is_running()) machine->start();
      });
    });
  }
}

SimulatedWorker& Chaos::any_worker() {
  return *parts_.workers[static_cast<std::size_t>(
      random_.below(static_cast<std::int64_t>(parts_.workers.size())))];
}

void Chaos::partition() {
  const Peer peer{static_cast<int>(random_.below(parts_.peers))};
  const std::int64_t which = random_.below(3);
  if (which != 0) parts_.network.cut(peer, Direction::kToCoordinator);
  if (which != 1) parts_.network.cut(peer, Direction::kFromCoordinator);
  parts_.queue.after(random_.waiting_time(kLongestOutage / 3), [this, peer] { parts_.network.heal(peer); });
}

void Chaos::suspend() {
  SimulatedWorker& worker = any_worker();
  worker.suspend(random_.chance(0.5) ? Suspended::kAgent : Suspended::kAgentAndTrainer);
  parts_.queue.after(random_.between(milliseconds(1), kLongestOutage), [&worker] { worker.resume(); });
}

void Chaos::crash_coordinator() {
  if (!parts_.coordinator.is_up()) return;
  parts_.coordinator.check_restorable();
  parts_.coordinator.crash();
  if (random_.chance(0.5)) {
    const auto lost = static_cast<std::int64_t>(parts_.disk.lose_power());
    parts_.trace.note(parts_.queue.now(), Happening::kPowerLost, lost);
  }
}

void Chaos::fail_commit() {
  parts_.disk.plan(random_.one_of({CommitFate::kRefused, CommitFate::kRefused, CommitFate::kDurableButRefused,
                                   CommitFate::kSyncFails, CommitFate::kDiesBeforeWriting,
                                   CommitFate::kDiesBeforeSyncing, CommitFate::kDiesBeforeAnswering}));
}

void Chaos::fill_disk() {
  parts_.disk.fill();
  parts_.trace.note(parts_.queue.now(), Happening::kDiskFull);
  parts_.queue.after(random_.between(milliseconds(1), kLongestOutage), [this] {
    parts_.disk.free();
    parts_.trace.note(parts_.queue.now(), Happening::kDiskFree);
  });
}

void Chaos::jump_wall() {
  if (plan_.wall_jump == milliseconds(0)) return;
  parts_.queue.after(wall_random_.waiting_time(plan_.wall_jump), [this] {
    if (over_) return;
    const milliseconds by = wall_random_.chance(0.5) ? hours(1) : hours(-1);
    parts_.queue.clock().jump_wall(by);
    parts_.trace.remark(parts_.queue.now(), Happening::kWallJumps, 0, by.count());
    jump_wall();
  });
}

void Chaos::heal() {
  over_ = true;
  parts_.trace.note(parts_.queue.now(), Happening::kChaosEnds);
  parts_.network.set_faults({});
  parts_.coordinator.set_longest_commit(ChaosPlan{}.longest_commit);
  parts_.disk.heal();
  parts_.folder.set_damage(0.0);
  for (int peer = 0; peer < parts_.peers; ++peer) parts_.network.heal(Peer{peer});
  for (const auto& worker : parts_.workers) {
    worker->set_trainer_faults({});
    worker->resume();
  }
}

}  // namespace melsweep::simulation
