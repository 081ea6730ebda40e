#include "client/local/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "client/local/interrupt.h"
#include "shared/files/atomic_file.h"

namespace melsweep::local {
namespace {

TEST(ChildProcessTest, ReportsTheExitCode) {
  auto child = ChildProcess::start("/bin/sh", {"-c", "exit 3"});
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_EQ(child->wait().code, 3);
  EXPECT_EQ(child->wait().to_string(), "exit code 3");
}

TEST(ChildProcessTest, ReportsTheSignal) {
  auto child = ChildProcess::start("/bin/sleep", {"60"});
  ASSERT_TRUE(child.ok());
  EXPECT_EQ(child->poll(), std::nullopt);
  child->send(SIGTERM);
  EXPECT_EQ(child->wait().signal, SIGTERM);
}

TEST(ChildProcessTest, AMissingProgramIsAnErrorThatNamesIt) {
  const auto child = ChildProcess::start("/no/such/program", {});
  EXPECT_FALSE(child.ok());
  EXPECT_THAT(std::string(child.status().message()), testing::HasSubstr("/no/such/program"));
}

TEST(ChildProcessTest, AProgramThatIsNotInstalledIsSaidToBelongThere) {
  EXPECT_THAT(
      cannot_start("/usr/bin/melsweep-worker", ENOENT),
      testing::HasSubstr("cannot start /usr/bin/melsweep-worker: No such file or directory; it belongs"));
  EXPECT_EQ(cannot_start("/usr/bin/melsweep-worker", EACCES),
            "cannot start /usr/bin/melsweep-worker: Permission denied");
}

TEST(ChildProcessTest, OutputGoesToTheLog) {
  const std::string log = testing::TempDir() + "child_process_test.log";
  ::unlink(log.c_str());
  auto child = ChildProcess::start("/bin/sh", {"-c", "echo out; echo err >&2"}, log);
  ASSERT_TRUE(child.ok());
  child->wait();
  EXPECT_EQ(files::read_file(log, 100).value(), "out\nerr\n");
}

TEST(ChildProcessTest, IsKilledWithItsOwner) {
  pid_t pid = 0;
  {
    auto child = ChildProcess::start("/bin/sleep", {"60"});
    ASSERT_TRUE(child.ok());
    pid = child->pid();
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcessTest, SignalsBlockedByAnInterruptWatchReachTheChild) {
  InterruptWatch interrupt;
  auto child = ChildProcess::start("/bin/sleep", {"60"});
  ASSERT_TRUE(child.ok());
  child->send(SIGINT);
  EXPECT_EQ(child->wait().signal, SIGINT);
}

TEST(InterruptWatchTest, CountsSignals) {
  InterruptWatch interrupt;
  EXPECT_EQ(interrupt.wait_for(std::chrono::milliseconds(0)), 0);
  ::kill(::getpid(), SIGINT);
  EXPECT_EQ(interrupt.wait_for(std::chrono::milliseconds(1000)), 1);
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(interrupt.wait_for(std::chrono::milliseconds(1000)), 2);
}

}  // namespace
}  // namespace melsweep::local
