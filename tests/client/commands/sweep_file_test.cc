#include "client/commands/sweep_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::commands {
namespace {

SweepFileOptions parse(std::vector<std::string> words) {
  CLI::App verb;
  SweepFileOptions options;
  add_sweep_file_options(verb, options);
  std::reverse(words.begin(), words.end());  // the order that CLI11 takes
  verb.parse(words);
  return options;
}

TEST(SweepFileOptions, TakeOneWordForEachSet) {
  const SweepFileOptions options = parse({"--set", "a=1", "sweep.yaml", "--set", "b=x, y"});
  EXPECT_EQ(options.path, "sweep.yaml");
  EXPECT_THAT(options.settings, testing::ElementsAre("a=1", "b=x, y"));
}

TEST(SweepFileOptions, RefuseASecondWordForASet) {
  EXPECT_THROW(parse({"sweep.yaml", "--set", "a=1", "b=2"}), CLI::ExtrasError);
}

}  // namespace
}  // namespace melsweep::commands
