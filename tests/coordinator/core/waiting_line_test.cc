#include "coordinator/core/waiting_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace melsweep::core {
namespace {

MonotonicTime at(int milliseconds) {
  return MonotonicTime(std::chrono::milliseconds(milliseconds));
}

ParkedLease parked(const std::string& worker, int deadline, std::uint64_t token) {
  return {{worker}, {"request"}, at(deadline), {{token}}};
}

std::vector<std::string> workers_of(const WaitingLine& line) {
  std::vector<std::string> workers;
  for (const auto& [place, waiting] : line) workers.push_back(waiting.worker.value);
  return workers;
}

TEST(WaitingLine, KeepsTheOrderOfArrivalWhoeverLeaves) {
  WaitingLine line;
  line.add(parked("anna", 30, 1));
  line.add(parked("bert", 10, 2));
  line.add(parked("cleo", 20, 3));
  EXPECT_EQ(workers_of(line), (std::vector<std::string>{"anna", "bert", "cleo"}));
  EXPECT_EQ(line.take({"bert"}).tokens, (std::vector<Token>{{2}}));
  line.add(parked("bert", 40, 4));
  EXPECT_EQ(workers_of(line), (std::vector<std::string>{"anna", "cleo", "bert"}));
  EXPECT_EQ(line.find({"dora"}), nullptr);
}

TEST(WaitingLine, GivesUpThoseWhoseDeadlineHasComeByDeadline) {
  WaitingLine line;
  line.add(parked("anna", 30, 1));
  line.add(parked("bert", 20, 2));
  line.add(parked("cleo", 10, 3));
  EXPECT_EQ(line.next_deadline(), at(10));
  EXPECT_TRUE(line.take_due(at(9)).empty());
  const std::vector<ParkedLease> due = line.take_due(at(20));
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].worker.value, "cleo");
  EXPECT_EQ(due[1].worker.value, "bert");
  EXPECT_EQ(line.next_deadline(), at(30));
  EXPECT_FALSE(line.abandon({2}));
}

TEST(WaitingLine, HoldsARequestUntilItsLastCallIsGone) {
  WaitingLine line;
  line.add(parked("anna", 30, 1));
  line.join({"anna"}, {2}, at(20));
  EXPECT_EQ(line.next_deadline(), at(20));
  line.join({"anna"}, {3}, at(50));
  EXPECT_EQ(line.next_deadline(), at(20));
  EXPECT_TRUE(line.abandon({1}));
  EXPECT_TRUE(line.abandon({3}));
  EXPECT_EQ(line.find({"anna"})->tokens, (std::vector<Token>{{2}}));
  EXPECT_TRUE(line.abandon({2}));
  EXPECT_TRUE(line.empty());
  EXPECT_EQ(line.next_deadline(), std::nullopt);
}

}  // namespace
}  // namespace melsweep::core
