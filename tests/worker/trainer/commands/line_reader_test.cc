#include "worker/trainer/commands/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace melsweep::commands {
namespace {

using ::testing::ElementsAre;

class LineReaderTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(pipe_.data()), 0); }
  void TearDown() override {
    ::close(pipe_[0]);
    close_input();
  }

  void write(const std::string& text) {
    ASSERT_EQ(::write(pipe_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  void close_input() {
    if (pipe_[1] >= 0) ::close(pipe_[1]);
    pipe_[1] = -1;
  }

  // What comes until the end of input; "<too long>" for lines that are passed over.
  std::vector<std::string> read_all(std::size_t max_bytes) {
    std::vector<std::string> lines;
    LineReader reader(pipe_[0], max_bytes);
    reader.run([&](const std::string& line) { lines.push_back(line); },
               [&] { lines.emplace_back("<too long>"); });
    return lines;
  }

  std::array<int, 2> pipe_{-1, -1};
};

TEST_F(LineReaderTest, GivesLinesInOrderAndEmptyOnesToo) {
  write("one\n\ntwo\n");
  close_input();
  EXPECT_THAT(read_all(100), ElementsAre("one", "", "two"));
}

TEST_F(LineReaderTest, ALineWithoutItsNewlineIsNone) {
  write("one\nhalf");
  close_input();
  EXPECT_THAT(read_all(100), ElementsAre("one"));
}

TEST_F(LineReaderTest, PassesOverALineThatIsTooLongAndGoesOn) {
  write("12345\n123456\n1234567890\n1\n");
  close_input();
  EXPECT_THAT(read_all(5), ElementsAre("12345", "<too long>", "<too long>", "1"));
}

TEST_F(LineReaderTest, PutsLinesTogetherThatComeInPieces) {
  const std::string long_line(200000, 'x');
  std::thread writer([&] {
    for (const std::string& part : {long_line, std::string("end\nnext\n")}) {
      std::size_t written = 0;
      while (written < part.size()) {
        written += static_cast<std::size_t>(::write(pipe_[1], part.data() + written, part.size() - written));
      }
    }
    close_input();
  });
  const auto lines = read_all(1 << 20);
  writer.join();
  EXPECT_THAT(lines, ElementsAre(long_line + "end", "next"));
}

TEST_F(LineReaderTest, AnInterruptEndsItWithInputOpen) {
  LineReader reader(pipe_[0], 100);
  std::thread reading([&] { reader.run([](const std::string&) {}, [] {}); });
  reader.interrupt();
  reading.join();
}

}  // namespace
}  // namespace melsweep::commands
