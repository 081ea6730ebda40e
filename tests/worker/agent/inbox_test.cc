#include "worker/agent/inbox.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace melsweep::agent {
namespace {

const MonotonicTime kLongAgo{std::chrono::milliseconds(0)};

TEST(Inbox, GivesEventsInTheirOrder) {
  Inbox inbox;
  inbox.push(TimePassed{});
  inbox.push(StopRequested{});
  EXPECT_TRUE(std::holds_alternative<TimePassed>(*inbox.pop(std::nullopt)));
  EXPECT_TRUE(std::holds_alternative<StopRequested>(*inbox.pop(std::nullopt)));
}

TEST(Inbox, GivesNothingAfterTheDeadline) {
  Inbox inbox;
  EXPECT_FALSE(inbox.pop(kLongAgo));
}

TEST(Inbox, GivesWhatIsThereEvenAfterTheDeadline) {
  Inbox inbox;
  inbox.push(StopRequested{});
  EXPECT_TRUE(inbox.pop(kLongAgo));
}

TEST(Inbox, APatientSourceWaitsForRoom) {
  Inbox inbox;
  constexpr std::size_t kEvents = 3 * Inbox::kPatientCapacity;
  std::thread source([&] {
    for (std::size_t i = 0; i < kEvents; ++i) inbox.push_patiently(TimePassed{});
  });
  for (std::size_t i = 0; i < kEvents; ++i) ASSERT_TRUE(inbox.pop(std::nullopt));
  source.join();
  EXPECT_FALSE(inbox.pop(kLongAgo));
}

TEST(Inbox, ClosedItLetsEverybodyGo) {
  Inbox inbox;
  for (std::size_t i = 0; i < Inbox::kPatientCapacity; ++i) inbox.push_patiently(TimePassed{});
  std::thread source([&] { inbox.push_patiently(StopRequested{}); });
  inbox.close();
  source.join();
}

}  // namespace
}  // namespace melsweep::agent
