#include "client/scaling/engine_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/client/scaling/stand_in.h"

namespace melsweep::scaling {
namespace {

TEST(AskProgram, GivesTheLinesThatItPrints) {
  StandIns programs;
  programs.add("engine", "one\ntwo words");
  const auto lines = ask_program("engine", {"a b", "c"});
  ASSERT_TRUE(lines.ok()) << lines.status();
  EXPECT_THAT(*lines, testing::ElementsAre("one", "two words"));
  EXPECT_EQ(programs.asked(), "engine|a b|c\n");
}

TEST(AskProgram, SaysThatThereIsNone) {
  EXPECT_EQ(ask_program("no-such-engine", {}).status().code(), absl::StatusCode::kNotFound);
}

TEST(AskProgram, SaysHowItFailed) {
  StandIns programs;
  programs.add("engine", "", 3);
  const absl::Status status = ask_program("engine", {"scale"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(status.message(), "engine scale ended with exit code 3");
}

}  // namespace
}  // namespace melsweep::scaling
