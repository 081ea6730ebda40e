// Real children, written in sh: whatever speaks the protocol is a trainer.
#include "worker/agent/trainer_process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "shared/time/clock.h"
#include "tests/worker/agent/no_descriptors_left.h"
#include "worker/agent/exec_trainer.h"

namespace melsweep::agent {
namespace {

constexpr char kHello[] = R"(echo '{"type":"hello","protocol":1,"trainer":"sh","device":"cpu"}')";
constexpr std::chrono::seconds kPatience{60};  // a bound for what should take milliseconds

// Whether the process is gone, or a zombie that nobody has reaped yet, before patience ends.
bool dies(const std::string& pid) {
  const MonotonicTime deadline = SystemClock().now().monotonic + kPatience;
  while (SystemClock().now().monotonic < deadline) {
    std::ifstream stat("/proc/" + pid + "/stat");
    std::string number, name, state;
    if (!(stat >> number >> name >> state) || state == "Z" || state == "X") return true;
    std::this_thread::yield();
  }
  return false;
}

class TrainerProcessTest : public testing::Test {
 protected:
  void SetUp() override { ::signal(SIGPIPE, SIG_IGN); }

  void TearDown() override { inbox_.close(); }

  // A trainer that runs this script.
  TrainerProcess& run(const std::string& script) {
    process_ = std::make_unique<TrainerProcess>(std::vector<std::string>{"/bin/sh", "-c", script}, inbox_,
                                                [this](std::string_view line) { note(line); });
    EXPECT_TRUE(process_->start().ok());
    return *process_;
  }

  // The next event, which must be an E.
  template <class E>
  E next() {
    const auto event = inbox_.pop(SystemClock().now().monotonic + kPatience);
    if (event && std::holds_alternative<E>(*event)) return std::get<E>(*event);
    ADD_FAILURE() << "another event or none came, index " << (event ? static_cast<int>(event->index()) : -1);
    return E{};
  }

  template <class E>
  E next_said() {
    const protocol::Event event = next<TrainerSaid>().event;
    if (std::holds_alternative<E>(event)) return std::get<E>(event);
    ADD_FAILURE() << "the trainer said something else, index " << event.index();
    return E{};
  }

  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  void note(std::string_view line) {
    const std::lock_guard lock(mutex_);
    log_.emplace_back(line);
  }

  std::mutex mutex_;
  std::vector<std::string> log_;
  Inbox inbox_;
  std::unique_ptr<TrainerProcess> process_;
};

TEST_F(TrainerProcessTest, SpeaksFromHelloToTheEnd) {
  TrainerProcess& trainer = run(std::string(kHello) + R"(
    read command
    case "$command" in *stop_work*) echo '{"type":"stopped"}';; esac
    read command
    exit 0)");
  EXPECT_EQ(next_said<protocol::Hello>().trainer, "sh");
  ASSERT_TRUE(trainer.tell(protocol::StopWork{}).ok());
  next_said<protocol::Stopped>();
  ASSERT_TRUE(trainer.tell(protocol::Shutdown{}).ok());
  const ProcessEnd end = next<TrainerEnded>().end;
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.signal, 0);
}

TEST_F(TrainerProcessTest, ADeathTellsItsExitCodeAndItsLastWords) {
  run("echo 'loading' >&2; printf 'no unfinished \\377 line' >&2; exit 3");
  const ProcessEnd end = next<TrainerEnded>().end;
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.last_words, "loading\nno unfinished \xef\xbf\xbd line");
  EXPECT_EQ(log(), (std::vector<std::string>{"loading", "no unfinished \xff line"}));
}

TEST_F(TrainerProcessTest, ADeathBySignalTellsTheSignal) {
  run("kill -SEGV $$");
  EXPECT_EQ(next<TrainerEnded>().end.signal, SIGSEGV);
}

TEST_F(TrainerProcessTest, WhatItSaidLastComesBeforeItsEnd) {
  run(std::string(kHello) + "; echo '{\"type\":\"stopped\"}'; exit 1");
  next_said<protocol::Hello>();
  next_said<protocol::Stopped>();
  EXPECT_EQ(next<TrainerEnded>().end.exit_code, 1);
}

TEST_F(TrainerProcessTest, GarbageIsToldOnceAndNothingAfterItCounts) {
  TrainerProcess& trainer = run("echo garbage; echo more garbage; " + std::string(kHello) + "; read forever");
  EXPECT_TRUE(absl::IsInvalidArgument(next<TrainerBroke>().status));
  trainer.kill();
  EXPECT_EQ(next<TrainerEnded>().end.signal, SIGKILL);
}

TEST_F(TrainerProcessTest, AnEndlessLineIsRefused) {
  TrainerProcess& trainer = run("head -c 70000000 /dev/zero | tr '\\0' x; read forever");
  EXPECT_TRUE(absl::IsInvalidArgument(next<TrainerBroke>().status));
  trainer.kill();
  next<TrainerEnded>();
}

TEST_F(TrainerProcessTest, AFloodOfLinesWaitsForTheAgent) {
  run("i=0; while [ $i -lt 2000 ]; do echo '{\"type\":\"stopped\"}'; i=$((i+1)); done");
  for (int i = 0; i < 2000; ++i) next_said<protocol::Stopped>();
  EXPECT_EQ(next<TrainerEnded>().end.exit_code, 0);
}

TEST_F(TrainerProcessTest, KillReachesTheWholeGroup) {
  TrainerProcess& trainer = run("sleep 1000 & echo $! >&2; " + std::string(kHello) + "; wait");
  next_said<protocol::Hello>();
  trainer.kill();
  next<TrainerEnded>();
  ASSERT_EQ(log().size(), 1u);
  EXPECT_TRUE(dies(log()[0]));
}

TEST_F(TrainerProcessTest, AnEndIsNoticedThoughAChildKeepsTheStreamsOpen) {
  run("setsid sleep 20 & exit 5");
  EXPECT_EQ(next<TrainerEnded>().end.exit_code, 5);
}

TEST_F(TrainerProcessTest, ClosingItsOutputIsBreaking) {
  TrainerProcess& trainer = run("exec >&-; read forever");
  EXPECT_TRUE(absl::IsUnavailable(next<TrainerBroke>().status));
  trainer.kill();
  next<TrainerEnded>();
}

TEST_F(TrainerProcessTest, ClosingItsOutputIsBreakingThoughTheLogGoesOn) {
  TrainerProcess& trainer = run("exec >&-; while :; do echo still here >&2; sleep 0.2; done");
  EXPECT_TRUE(absl::IsUnavailable(next<TrainerBroke>().status));
  trainer.kill();
  next<TrainerEnded>();
}

TEST_F(TrainerProcessTest, OneThatDoesNotReadDoesNotBlockTheAgent) {
  TrainerProcess& trainer = run("sleep 1000");
  absl::Status status;
  for (int i = 0; i < 100'000 && status.ok(); ++i) status = trainer.tell(protocol::StopWork{});
  EXPECT_TRUE(absl::IsUnavailable(status));
  trainer.kill();
  next<TrainerEnded>();
}

TEST_F(TrainerProcessTest, CanBeStartedAgainAfterItsEnd) {
  TrainerProcess& trainer = run("exit 1");
  next<TrainerEnded>();
  ASSERT_TRUE(trainer.start().ok());
  EXPECT_EQ(next<TrainerEnded>().end.exit_code, 1);
}

TEST_F(TrainerProcessTest, WithoutDescriptorsItSaysSoAndStartsOnceThereAreSome) {
  TrainerProcess& trainer = run("exit 1");
  next<TrainerEnded>();
  {
    const NoDescriptorsLeft exhausted;
    EXPECT_EQ(trainer.start().message(), "cannot watch for the trainer's end: Too many open files");
  }
  ASSERT_TRUE(trainer.start().ok());
  EXPECT_EQ(next<TrainerEnded>().end.exit_code, 1);
}

TEST(TrainerProgram, ThatIsNotThereIsNamed) {
  Inbox inbox;
  TrainerProcess trainer({"/no/such/trainer"}, inbox, [](std::string_view) {});
  const absl::Status status = trainer.start();
  ASSERT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("/no/such/trainer"), std::string::npos);
}

// Everything that comes from the stream until its end, or until patience ends.
std::string read_all(const files::Descriptor& stream) {
  std::string text;
  char buffer[4096];
  pollfd waiting = {stream.get(), POLLIN, 0};
  const int patience_ms = static_cast<int>(std::chrono::milliseconds(kPatience).count());
  while (::poll(&waiting, 1, patience_ms) > 0) {
    const ssize_t count = ::read(stream.get(), buffer, sizeof buffer);
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text + "(no end)";
}

TEST(ExecTrainer, BecomesTheProgram) {
  const auto child = spawn_child({MELSWEEP_WORKER, kExecTrainerFlag, std::to_string(::getpid()), "/bin/sh",
                                  "-c", "echo \"$0 $1\"", "a", "b"});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(read_all(child->output), "a b\n");
  ::waitpid(child->pid, nullptr, 0);
}

TEST(ExecTrainer, LeavesWhenItsAgentIsGoneAlready) {
  const auto child = spawn_child({MELSWEEP_WORKER, kExecTrainerFlag, "1", "/bin/echo", "started"});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(read_all(child->output), "");
  int status = 0;
  ::waitpid(child->pid, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 127);
}

TEST(ExecTrainer, TheTrainerDiesWithItsAgent) {
  const std::string agent = std::string(MELSWEEP_WORKER) + " " + kExecTrainerFlag +
                            " $$ /bin/sh -c 'echo ready; exec sleep 1000' & wait";
  const auto child = spawn_child({"/bin/sh", "-c", agent});
  ASSERT_TRUE(child.ok()) << child.status();
  pollfd waiting = {child->output.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&waiting, 1, 60'000), 1);
  ::kill(child->pid, SIGKILL);
  // The stream ends when the last process that has it is gone.
  EXPECT_EQ(read_all(child->output), "ready\n");
  ::waitpid(child->pid, nullptr, 0);
}

}  // namespace
}  // namespace melsweep::agent
