// Signals reach a whole process, so that the real program gets them here and not the tests' own.
#include "worker/agent/signal_watch.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "tests/worker/agent/no_descriptors_left.h"
#include "worker/agent/child.h"

namespace melsweep::agent {
namespace {

constexpr int kPatienceMs = 60'000;  // a bound for what should take milliseconds

TEST(SignalWatch, WithoutDescriptorsItSaysSo) {
  const NoDescriptorsLeft exhausted;
  EXPECT_EQ(SignalWatch::start([](int) {}).status().message(),
            "cannot watch for signals: Too many open files");
}

// How a worker whose coordinator is not there ends after this signal: its exit code, or minus the signal.
int end_after(int signal) {
  const auto worker = spawn_child({MELSWEEP_WORKER, "--coordinator", "127.0.0.1:1", "--trainer", "/bin/sh"});
  if (!worker.ok()) return -1;
  // It logs from when on it has taken over the signals.
  pollfd log = {worker->errors.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&log, 1, kPatienceMs), 1);
  ::kill(worker->pid, signal);
  int status = 0;
  ::waitpid(worker->pid, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

TEST(SignalWatch, EachOfTheThreeDrainsTheWorker) {
  EXPECT_EQ(end_after(SIGTERM), 0);
  EXPECT_EQ(end_after(SIGINT), 0);
  EXPECT_EQ(end_after(SIGUSR1), 0);
}

}  // namespace
}  // namespace melsweep::agent
