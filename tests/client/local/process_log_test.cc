#include "client/local/process_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace melsweep::local {
namespace {

class ProcessLogTest : public testing::Test {
 protected:
  ~ProcessLogTest() override { ::unlink(path.c_str()); }

  void append(const std::string& text) { std::ofstream(path, std::ios::app) << text; }

  const std::string path = testing::TempDir() + "process_log_test-" + std::to_string(::getpid()) + ".log";
};

TEST_F(ProcessLogTest, LinesOfEarlierRunsAreNotShown) {
  append("an earlier run failed\n");
  const ProcessLog log(path);
  EXPECT_EQ(log.tail(), "");
  append("this one, too\n");
  EXPECT_EQ(log.tail(), "this one, too\n");
}

TEST_F(ProcessLogTest, OfALongLogTheLastWholeLinesAreShown) {
  const ProcessLog log(path);
  for (int i = 0; i < 1000; ++i) append("line " + std::to_string(i) + "\n");
  const std::string tail = log.tail();
  EXPECT_LE(tail.size(), 2000U);
  EXPECT_TRUE(tail.starts_with("line ")) << tail;
  EXPECT_TRUE(tail.ends_with("line 999\n")) << tail;
}

TEST_F(ProcessLogTest, ALogThatWasNeverWrittenIsEmpty) {
  EXPECT_EQ(ProcessLog(path).tail(), "");
}

}  // namespace
}  // namespace melsweep::local
