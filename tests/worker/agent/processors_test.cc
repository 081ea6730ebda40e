#include "worker/agent/processors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace melsweep::agent {
namespace {

using testing::ElementsAre;

TEST(ParseProcessorList, ReadsNumbersAndRanges) {
  EXPECT_THAT(*parse_processor_list("3"), ElementsAre(3));
  EXPECT_THAT(*parse_processor_list("8,0-2"), ElementsAre(0, 1, 2, 8));
  EXPECT_THAT(*parse_processor_list("1-1,0-1"), ElementsAre(0, 1));
}

TEST(ParseProcessorList, RefusesWhatIsNone) {
  for (const char* text : {"", "a", "1,", "2-1", "-1", "1-", "1--2", "1-2-3", "99999", "0 1"}) {
    EXPECT_FALSE(parse_processor_list(text).ok()) << text;
  }
}

TEST(UseProcessors, BindsThisThreadAndThoseThatItStarts) {
  std::thread([] {
    ASSERT_TRUE(use_processors({0}).ok());
    EXPECT_EQ(usable_processors(), 1);
    std::thread([] { EXPECT_EQ(usable_processors(), 1); }).join();
  }).join();
}

TEST(UseProcessors, SaysWhereThereAreNone) {
  std::thread([] {
    EXPECT_EQ(use_processors({1000}).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_GE(usable_processors(), 1);
  }).join();
}

}  // namespace
}  // namespace melsweep::agent
