// Which sweep's work goes to whom.
#include "coordinator/core/matching.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/coordinator/core/coordinator_under_test.h"

namespace melsweep::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t kGiB = std::int64_t{1} << 30;

SweepSpec named(const std::string& name, int cells) {
  SweepSpec spec = sweep_of(cells);
  spec.name = name;
  return spec;
}

class Matching : public testing::Test {
 protected:
  void add_worker(const WorkerId& worker, const WorkerResources& resources) {
    coordinator_.ask<Registered>(WorkerRegistered{{}, worker, "host", "cpu", resources});
  }

  // Submitted, and prepared by a worker of that name, which has what is asked for.
  SweepId prepared(const SweepSpec& spec, const std::string& worker = "preparer") {
    add_worker({worker}, {.gpus = 8, .gpu_memory = {80 * kGiB}, .cpus = 64, .labels = spec.resources.labels});
    const SweepId sweep = coordinator_.submit(spec, spec.name);
    coordinator_.report({worker}, coordinator_.lease_preparation({worker}), two_clips());
    return sweep;
  }

  // The sweep whose trial the worker gets; 0: none.
  std::int64_t sweep_given(const std::string& worker) {
    const std::optional<Assignment> given = coordinator_.lease({worker});
    return given ? std::get<TrialAssignment>(*given).plan.sweep.value : 0;
  }

  // Of those who ask, one after the other and for one trial each, who gets work of which sweep.
  std::vector<std::int64_t> given_to(int workers) {
    std::vector<std::int64_t> given;
    for (int i = 0; i < workers; ++i) {
      const std::string worker = "worker-" + std::to_string(i);
      add_worker({worker}, {.cpus = 1});
      given.push_back(sweep_given(worker));
    }
    return given;
  }

  Coordinator coordinator_;
};

TEST_F(Matching, SweepsOfOnePriorityShareTheWorkersEvenly) {
  prepared(named("one", 9));
  prepared(named("two", 9));
  prepared(named("three", 9));
  EXPECT_THAT(given_to(7), ElementsAre(1, 2, 3, 1, 2, 3, 1));
}

TEST_F(Matching, ASweepThatComesLaterCatchesUp) {
  prepared(named("one", 9));
  EXPECT_THAT(given_to(2), ElementsAre(1, 1));
  prepared(named("two", 9));
  std::vector<std::int64_t> given;
  for (const std::string worker : {"a", "b", "c", "d"}) {
    coordinator_.add_worker({worker});
    given.push_back(sweep_given(worker));
  }
  EXPECT_THAT(given, ElementsAre(2, 2, 1, 2));
}

TEST_F(Matching, TheHigherPriorityGoesFirst) {
  prepared(named("low", 9));
  SweepSpec high = named("high", 2);
  high.priority = 1;
  prepared(high);
  EXPECT_THAT(given_to(4), ElementsAre(2, 2, 1, 1));
}

TEST_F(Matching, SweepsOfAStudyHaveOnePartOfTheWorkers) {
  prepared(named("alone", 9));
  SweepSubmitted study{{}, {"study"}, named("first", 9), "yaml"};
  study.study = "study";
  study.followers = {named("second", 9)};
  coordinator_.ask<Submitted>(study);
  for (int i = 0; i < 2; ++i) {
    coordinator_.report({"preparer"}, coordinator_.lease_preparation({"preparer"}), two_clips());
  }
  EXPECT_THAT(given_to(4), ElementsAre(1, 2, 1, 2));
}

TEST_F(Matching, WorkGoesOnlyToWorkersThatHaveWhatItAsksFor) {
  SweepSpec spec = named("large", 4);
  spec.resources = {.gpus = 1, .gpu_memory = {8 * kGiB}, .cpus = 4, .labels = {"fast"}};
  prepared(spec);
  prepared(named("small", 4));
  add_worker({"cpu"}, {.cpus = 64, .labels = {"fast"}});
  add_worker({"slow"}, {.gpus = 1, .gpu_memory = {24 * kGiB}, .cpus = 8});
  add_worker({"fast"}, {.gpus = 1, .gpu_memory = {24 * kGiB}, .cpus = 8, .labels = {"fast", "near"}});
  EXPECT_EQ(sweep_given("cpu"), 2);
  EXPECT_EQ(sweep_given("slow"), 2);
  EXPECT_EQ(sweep_given("fast"), 1);
}

TEST_F(Matching, TheLookAtTheDataAsksForTheSame) {
  SweepSpec spec = named("labelled", 1);
  spec.resources.labels = {"data"};
  coordinator_.add_worker({"elsewhere"});
  coordinator_.submit(spec);
  EXPECT_EQ(coordinator_.lease({"elsewhere"}), std::nullopt);
  add_worker({"there"}, {.labels = {"data"}});
  coordinator_.lease_preparation({"there"});
}

TEST_F(Matching, WhoeverWaitsIsServedOnceItSuits) {
  SweepSpec spec = named("labelled", 1);
  spec.resources.labels = {"data"};
  coordinator_.add_worker(kAnna);
  coordinator_.submit(spec);
  const Token token = coordinator_.next_token();
  EXPECT_THAT(coordinator_.apply(LeaseRequested{token, kAnna, {"waiting"}, std::chrono::seconds(30)}),
              IsEmpty());
  const Token again = coordinator_.next_token();
  const auto replies =
      coordinator_.apply(WorkerRegistered{again, kAnna, "host", "cpu", {.labels = {"data"}}});
  ASSERT_EQ(replies.size(), 2U);
  EXPECT_EQ(replies.back().token, token);
  EXPECT_EQ(std::get<Leased>(replies.back().answer).assignments.size(), 1U);
}

TEST_F(Matching, NoMoreTrialsRunThanASweepAllows) {
  SweepSpec spec = named("narrow", 9);
  spec.max_parallel = 2;
  prepared(spec);
  EXPECT_THAT(given_to(3), ElementsAre(1, 1, 0));
  prepared(named("wide", 1));
  EXPECT_EQ(sweep_given("worker-2"), 2);
}

TEST_F(Matching, AGroupIsNoLargerThanASweepAllows) {
  SweepSpec spec = named("narrow", 9);
  spec.max_parallel = 3;
  prepared(spec);
  coordinator_.add_worker(kAnna);
  const auto given = coordinator_.ask<Leased>(LeaseRequested{{}, kAnna, {"group"}, {}, 8}).assignments;
  EXPECT_EQ(given.size(), 3U);
}

TEST_F(Matching, TheNextTrialGoesOutWhereOneEnds) {
  SweepSpec spec = named("narrow", 2);
  spec.max_parallel = 1;
  prepared(spec);
  coordinator_.add_worker(kAnna);
  coordinator_.add_worker(kBert);
  const AttemptRef running = coordinator_.lease_trial(kAnna);
  const Token waiting = coordinator_.next_token();
  EXPECT_THAT(coordinator_.apply(LeaseRequested{waiting, kBert, {"waiting"}, std::chrono::seconds(30)}),
              IsEmpty());
  coordinator_.report(kAnna, running, accuracy(100, 0.5));
  const auto replies =
      coordinator_.apply(ReportReceived{coordinator_.next_token(), kAnna, {{running, completed(100)}}});
  EXPECT_TRUE(std::any_of(replies.begin(), replies.end(),
                          [&](const Reply& reply) { return reply.token == waiting; }));
}

TEST_F(Matching, SaysAtOnceWhatIsAskedForAndWhatThereIs) {
  SweepSpec spec = named("large", 1);
  spec.resources = {.gpus = 1, .gpu_memory = {8 * kGiB}};
  EXPECT_THAT(coordinator_.ask<Submitted>(SweepSubmitted{{}, {"early"}, spec, "yaml"}).warnings, IsEmpty())
      << "nobody is there yet";
  add_worker(kAnna, {.cpus = 2});
  add_worker(kBert, {.cpus = 2});
  spec.name = "larger";
  EXPECT_THAT(
      coordinator_.ask<Submitted>(SweepSubmitted{{}, {"late"}, spec, "yaml"}).warnings,
      ElementsAre("sweep 2 (larger): it asks for 1 GPU of at least 8GiB, which no worker has; there are 2 "
                  "with each no GPU, 2 CPUs"));
  EXPECT_THAT(coordinator_.ask<WorkersListed>(WorkersAsked{}).unmet,
              ElementsAre(testing::Pair(SweepId{1}, HasSubstr("8GiB")),
                          testing::Pair(SweepId{2}, HasSubstr("8GiB"))));
  add_worker({"gpu"}, {.gpus = 1, .gpu_memory = {24 * kGiB}});
  EXPECT_THAT(coordinator_.ask<WorkersListed>(WorkersAsked{}).unmet, IsEmpty());
}

TEST_F(Matching, ATrialThatFailedWaitsOnlyForAWorkerThatSuits) {
  SweepSpec spec = named("labelled", 1);
  spec.resources.labels = {"data"};
  coordinator_.add_worker(kBert, "other host");
  add_worker(kAnna, {.labels = {"data"}});
  coordinator_.submit(spec);
  coordinator_.report(kAnna, coordinator_.lease_preparation(kAnna), two_clips());
  coordinator_.report(kAnna, coordinator_.lease_trial(kAnna), Failure{FailureKind::kInternal, "it broke"});
  coordinator_.pass(coordinator_.state().options.retry_delay);
  EXPECT_EQ(coordinator_.lease(kBert), std::nullopt);
  coordinator_.lease_trial(kAnna);
}

}  // namespace
}  // namespace melsweep::core
