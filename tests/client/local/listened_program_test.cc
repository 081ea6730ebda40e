#include "client/local/listened_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace melsweep::local {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ListenedProgramTest : public testing::Test {
 protected:
  absl::StatusOr<ExitStatus> shell(const std::string& script, const std::string& input = "") {
    return listen_to({.program = "/bin/sh",
                      .arguments = {"-c", script},
                      .input = input,
                      .heard = [this](const std::string& line) { lines.push_back(line); }});
  }

  std::vector<std::string> lines;
};

TEST_F(ListenedProgramTest, LinesAreHeardInOrderTheLastWithoutNewlineToo) {
  const auto end = shell("echo one; echo; printf three");
  ASSERT_TRUE(end.ok()) << end.status();
  EXPECT_EQ(*end, (ExitStatus{.code = 0, .signal = 0}));
  EXPECT_THAT(lines, ElementsAre("one", "", "three"));
}

TEST_F(ListenedProgramTest, InputOfAnyLengthIsGivenBeforeAnythingIsRead) {
  const std::string input(3 << 20, 'x');  // more than a pipe holds
  const auto end = shell("echo begun; wc -c", input);
  ASSERT_TRUE(end.ok()) << end.status();
  ASSERT_EQ(lines.size(), 2);
  EXPECT_EQ(std::stoul(lines[1]), input.size());
}

TEST_F(ListenedProgramTest, HowItEndedIsTold) {
  EXPECT_EQ(*shell("exit 3"), (ExitStatus{.code = 3, .signal = 0}));
  EXPECT_EQ(*shell("kill -9 $$"), (ExitStatus{.code = 0, .signal = SIGKILL}));
}

TEST_F(ListenedProgramTest, AProgramThatIsNotThereIsNamed) {
  const auto end = listen_to({.program = "/no/such/program", .arguments = {}, .input = {}, .heard = {}});
  EXPECT_THAT(std::string(end.status().message()), HasSubstr("/no/such/program"));
}

}  // namespace
}  // namespace melsweep::local
