#include "worker/trainer/commands/event_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <sstream>
#include <string>
#include <vector>

#include "worker/trainer/protocol/codec.h"

namespace melsweep::commands {
namespace {

using std::chrono::milliseconds;

class FakeClock final : public Clock {
 public:
  Now now() const override { return {.monotonic = MonotonicTime(time), .wall = {}}; }
  milliseconds time{1000};
};

class EventWriterTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(pipe_.data()), 0); }
  void TearDown() override {
    ::close(pipe_[0]);
    ::close(pipe_[1]);
  }

  // The events written so far; at least one must have been.
  std::vector<protocol::Event> read() {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(pipe_[0], buffer.data(), buffer.size());
    std::istringstream text(std::string(buffer.data(), count > 0 ? static_cast<std::size_t>(count) : 0));
    std::vector<protocol::Event> events;
    for (std::string line; std::getline(text, line);) events.push_back(*protocol::decode_event(line));
    return events;
  }

  std::array<int, 2> pipe_{};
  FakeClock clock_;
};

TEST_F(EventWriterTest, WritesOneLineAnEvent) {
  EventWriter writer(pipe_[1], clock_, nullptr);
  writer.write(protocol::Stopped{});
  writer.write(protocol::Hello{.trainer = "t", .device = "cpu"});
  EXPECT_THAT(read(),
              testing::ElementsAre(protocol::Event(protocol::Stopped{}),
                                   protocol::Event(protocol::Hello{.trainer = "t", .device = "cpu"})));
}

TEST_F(EventWriterTest, TellsProgressFourTimesASecond) {
  EventWriter writer(pipe_[1], clock_, nullptr);
  for (int i = 0; i < 100; ++i) {  // one second
    writer.progress({.stage = "training", .done = i, .total = 100});
    clock_.time += milliseconds(10);
  }
  EXPECT_EQ(read().size(), 4U);
}

TEST_F(EventWriterTest, TellsProgressOfEachTrialOfAGroupOnceASecond) {
  EventWriter writer(pipe_[1], clock_, nullptr);
  for (int i = 0; i < 200; ++i) {  // two seconds
    for (const TrialId trial : {TrialId{1}, TrialId{2}}) {
      writer.progress({.stage = "training", .done = i, .total = 200}, trial);
    }
    clock_.time += milliseconds(10);
  }
  const auto told = [](int done, std::int64_t trial) {
    return protocol::Event(
        protocol::ProgressMade{{.stage = "training", .done = done, .total = 200}, TrialId{trial}});
  };
  EXPECT_THAT(read(), testing::ElementsAre(told(0, 1), told(0, 2), told(100, 1), told(100, 2)));
}

TEST_F(EventWriterTest, AlwaysTellsTheEndAndTheNextStage) {
  EventWriter writer(pipe_[1], clock_, nullptr);
  const std::vector<Progress> steps = {{.stage = "spectrograms", .done = 0, .total = 2},
                                       {.stage = "spectrograms", .done = 1, .total = 2},
                                       {.stage = "spectrograms", .done = 2, .total = 2},
                                       {.stage = "spectrograms", .done = 2, .total = 2},
                                       {.stage = "bottlenecks", .done = 0, .total = 2}};
  for (const Progress& progress : steps) writer.progress(progress);
  EXPECT_THAT(read(), testing::ElementsAre(protocol::Event(protocol::ProgressMade{steps[0]}),
                                           protocol::Event(protocol::ProgressMade{steps[2]}),
                                           protocol::Event(protocol::ProgressMade{steps[4]})));
}

TEST_F(EventWriterTest, OnlyProgressIsHeldBack) {
  EventWriter writer(pipe_[1], clock_, nullptr);
  for (int i = 0; i < 3; ++i) writer.write(protocol::MetricsMeasured{{{.step = i, .name = "m", .value = 1}}});
  EXPECT_EQ(read().size(), 3U);
}

TEST_F(EventWriterTest, SaysOnceThatNobodyReads) {
  std::signal(SIGPIPE, SIG_IGN);
  ::close(pipe_[0]);
  int told = 0;
  EventWriter writer(pipe_[1], clock_, [&told] { ++told; });
  EXPECT_FALSE(writer.broken());
  writer.write(protocol::Stopped{});
  writer.write(protocol::Stopped{});
  EXPECT_TRUE(writer.broken());
  EXPECT_EQ(told, 1);
}

}  // namespace
}  // namespace melsweep::commands
