#include "shared/net/address.h"

#include <gtest/gtest.h>

#include <string>

namespace melsweep::net {
namespace {

TEST(ParseAddress, TakesNamesAndNumbers) {
  EXPECT_EQ(*parse_address("127.0.0.1:7070"), (Address{"127.0.0.1", 7070}));
  EXPECT_EQ(*parse_address("node-3.cluster:1"), (Address{"node-3.cluster", 1}));
  EXPECT_EQ(*parse_address("[::1]:65535"), (Address{"::1", 65535}));
  EXPECT_EQ(*parse_address("localhost:0"), (Address{"localhost", 0}));
}

TEST(ParseAddress, WritesWhatItReads) {
  for (const std::string text : {"127.0.0.1:7070", "[::1]:7070", "node-3:7070"}) {
    EXPECT_EQ(parse_address(text)->to_string(), text);
  }
}

TEST(ParseAddress, RefusesWhatIsNone) {
  for (const std::string text :
       {"", ":", "localhost", "localhost:", ":7070", "localhost:x", "localhost:-1", "localhost:+1",
        "localhost: 1", "localhost:65536", "localhost:99999999999", "::1:7070", "[::1]", "[localhost]:7070",
        "[::1:7070", "http://localhost:7070", "a b:7070", "localhost:7070/"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(parse_address(text).status())) << text;
  }
}

TEST(ParseAddress, SaysWhatWouldBeRight) {
  EXPECT_EQ(std::string(parse_address("localhost").status().message()),
            "the address 'localhost' has no port: give HOST:PORT, as in 127.0.0.1:7070 or [::1]:7070");
  EXPECT_EQ(std::string(parse_address("::1:7070").status().message()),
            "the address '::1:7070' needs brackets around its IPv6 address: give HOST:PORT, as in "
            "127.0.0.1:7070 or "
            "[::1]:7070");
}

TEST(IsLoopback, KnowsThisMachine) {
  for (const std::string text : {"127.0.0.1:7070", "127.8.8.8:7070", "[::1]:7070", "localhost:7070",
                                 "LocalHost:7070", "[::ffff:127.0.0.1]:7070"}) {
    EXPECT_TRUE(is_loopback(*parse_address(text))) << text;
  }
}

TEST(IsLoopback, KnowsOthers) {
  for (const std::string text : {"0.0.0.0:7070", "[::]:7070", "10.0.0.1:7070", "128.0.0.1:7070",
                                 "node-3:7070", "127.0.0.1.example.org:7070", "[::ffff:10.0.0.1]:7070"}) {
    EXPECT_FALSE(is_loopback(*parse_address(text))) << text;
  }
}

}  // namespace
}  // namespace melsweep::net
