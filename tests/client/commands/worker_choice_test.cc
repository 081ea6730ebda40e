#include "client/commands/worker_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace melsweep::commands {
namespace {

using testing::HasSubstr;
using testing::Not;

results::WorkerSummary alive(const std::string& id) {
  results::WorkerSummary worker;
  worker.id = {id};
  worker.alive = true;
  return worker;
}

results::WorkerSummary gone(const std::string& id) {
  results::WorkerSummary worker = alive(id);
  worker.alive = false;
  return worker;
}

TEST(WorkerChoiceTest, AnIdIsTheWorkersAlsoWhenItIsGone) {
  const std::vector<results::WorkerSummary> workers = {alive("node-1-aa"), gone("node-1-bb")};
  EXPECT_EQ(choose_worker(workers, "node-1-aa").value(), WorkerId{"node-1-aa"});
  EXPECT_EQ(choose_worker(workers, "node-1-bb").value(), WorkerId{"node-1-bb"});
}

TEST(WorkerChoiceTest, ANameIsThatOfTheOneWhichIsAlive) {
  const std::vector<results::WorkerSummary> workers = {gone("node-1-aa"), alive("node-1-bb"),
                                                       alive("node-2-cc")};
  EXPECT_EQ(choose_worker(workers, "node-1").value(), WorkerId{"node-1-bb"});
}

TEST(WorkerChoiceTest, ANameOfSeveralListsTheirIds) {
  const absl::Status status = choose_worker({alive("w-aa"), alive("w-bb"), alive("v-cc")}, "w").status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("w-aa, w-bb"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("v-cc")));
}

TEST(WorkerChoiceTest, NobodyListsWhoIsThere) {
  const absl::Status status = choose_worker({alive("w-aa"), gone("x-bb")}, "x").status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("no worker 'x'; there are: w-aa"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("x-bb")));
  EXPECT_THAT(std::string(choose_worker({}, "x").status().message()), HasSubstr("there are none"));
}

}  // namespace
}  // namespace melsweep::commands
