#include "worker/agent/line_splitter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace melsweep::agent {
namespace {

class LineSplitterTest : public testing::Test {
 protected:
  bool add(std::string_view bytes) {
    return splitter.add(bytes, [this](std::string_view line) { lines.emplace_back(line); });
  }

  LineSplitter splitter{8};
  std::vector<std::string> lines;
};

TEST_F(LineSplitterTest, PutsPiecesTogether) {
  EXPECT_TRUE(add("ab"));
  EXPECT_TRUE(lines.empty());
  EXPECT_TRUE(add("c\n\nde"));
  EXPECT_EQ(lines, (std::vector<std::string>{"abc", ""}));
  EXPECT_EQ(splitter.unfinished_bytes(), 2u);
}

TEST_F(LineSplitterTest, TakesALineAsLongAsTheLimit) {
  EXPECT_TRUE(add("12345678\n"));
  EXPECT_EQ(lines, (std::vector<std::string>{"12345678"}));
}

TEST_F(LineSplitterTest, RefusesALongerLineFinishedOrNot) {
  EXPECT_FALSE(add("123456789\n"));
  EXPECT_TRUE(add("1234"));
  EXPECT_FALSE(add("56789"));
  EXPECT_TRUE(lines.empty());
  EXPECT_EQ(splitter.unfinished_bytes(), 0u);
}

TEST_F(LineSplitterTest, HandsOverTheUnfinishedLineAtTheEnd) {
  add("a\nb");
  const auto collect = [this](std::string_view line) { lines.emplace_back(line); };
  splitter.finish(collect);
  splitter.finish(collect);
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace melsweep::agent
