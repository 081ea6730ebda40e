#include "shared/log/logging.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string>

namespace melsweep::log {
namespace {

// What start_logging(format) makes of one warning, on standard error.
std::string logged(LogFormat format, const std::string& message) {
  testing::internal::CaptureStderr();
  start_logging(format, "melsweep-test");
  spdlog::warn("{}", message);
  return testing::internal::GetCapturedStderr();
}

TEST(Logging, HumanLinesNameTheLevelAndTheProgram) {
  const std::string line = logged(LogFormat::kHuman, "disk full");
  EXPECT_NE(line.find(" warning melsweep-test: disk full\n"), std::string::npos) << line;
}

TEST(Logging, JsonLinesAreObjects) {
  const auto entry = nlohmann::json::parse(logged(LogFormat::kJson, "disk \"full\"\nnow"));
  EXPECT_EQ(entry["level"], "warning");
  EXPECT_EQ(entry["program"], "melsweep-test");
  EXPECT_EQ(entry["message"], "disk \"full\"\nnow");
}

TEST(JsonEntry, WritesTheTimeInUtc) {
  EXPECT_EQ(json_entry(1'700'000'000'007, "info", "p", "m"),
            R"({"time":"2023-11-14T22:13:20.007Z","level":"info","program":"p","message":"m"})");
}

TEST(JsonEntry, ReplacesWhatIsNoUtf8) {
  const auto entry = nlohmann::json::parse(json_entry(0, "info", "p", "a\xff"));
  EXPECT_EQ(entry["message"], "a\xef\xbf\xbd");
}

TEST(ParseLogFormat, KnowsItsTwoWords) {
  EXPECT_EQ(*parse_log_format("human"), LogFormat::kHuman);
  EXPECT_EQ(*parse_log_format("json"), LogFormat::kJson);
  EXPECT_TRUE(absl::IsInvalidArgument(parse_log_format("xml").status()));
}

}  // namespace
}  // namespace melsweep::log
