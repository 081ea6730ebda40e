#include "worker/agent/exec_trainer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace melsweep::agent {
namespace {

// Becomes a shell that runs the script, as the child of this process.
[[noreturn]] void become_shell(std::string parent, std::string script) {
  std::string shell = "/bin/sh";
  std::string option = "-c";
  char* arguments[] = {parent.data(), shell.data(), option.data(), script.data(), nullptr};
  std::_Exit(exec_trainer(4, arguments));
}

TEST(ExecTrainer, LetsOpenMpThreadsSleepWhileTheyWait) {
  const std::string parent = std::to_string(::getpid());
  ::unsetenv("OMP_WAIT_POLICY");
  EXPECT_EXIT(become_shell(parent, R"(test "$OMP_WAIT_POLICY" = passive)"), testing::ExitedWithCode(0), "");
}

TEST(ExecTrainer, LeavesWhatTheUserSays) {
  const std::string parent = std::to_string(::getpid());
  ::setenv("OMP_WAIT_POLICY", "active", 1);
  EXPECT_EXIT(become_shell(parent, R"(test "$OMP_WAIT_POLICY" = active)"), testing::ExitedWithCode(0), "");
  ::unsetenv("OMP_WAIT_POLICY");
}

TEST(ExecTrainer, TheSignalThatDrainsTheAgentDoesNotEndTheTrainer) {
  const std::string parent = std::to_string(::getpid());
  EXPECT_EXIT(become_shell(parent, "kill -USR1 $$"), testing::ExitedWithCode(0), "");
}

TEST(ExecTrainer, DoesNotStartForAnAgentThatIsGone) {
  EXPECT_EXIT(become_shell("1", "exit 0"), testing::ExitedWithCode(127), "");
}

}  // namespace
}  // namespace melsweep::agent
