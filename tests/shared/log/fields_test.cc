#include "shared/log/fields.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "shared/log/logging.h"

namespace melsweep::log {
namespace {

class LogFields : public testing::Test {
 protected:
  ~LogFields() override { set_process_fields({}); }

  static std::string logged(LogFormat format) {
    testing::internal::CaptureStderr();
    start_logging(format, "melsweep-test");
    spdlog::info("hello");
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(LogFields, StandInJsonEntriesBeforeTheMessage) {
  set_process_fields({{"worker", "anna-1"}});
  const FieldScope about({{"trial", std::int64_t{7}}, {"attempt", std::int64_t{2}}});
  const std::string line = logged(LogFormat::kJson);
  EXPECT_NE(
      line.find(R"("program":"melsweep-test","worker":"anna-1","trial":7,"attempt":2,"message":"hello"})"),
      std::string::npos)
      << line;
}

TEST_F(LogFields, AreNotInHumanLines) {
  const FieldScope about({{"trial", std::int64_t{7}}});
  EXPECT_EQ(logged(LogFormat::kHuman).find("trial"), std::string::npos);
}

TEST_F(LogFields, GoWithTheirScopeAndNest) {
  const Field outer{"sweep", std::int64_t{1}};
  const Field inner{"trial", std::int64_t{2}};
  {
    const FieldScope about_sweep({outer});
    {
      const FieldScope about_trial({inner});
      EXPECT_EQ(current_fields(), (Fields{outer, inner}));
    }
    EXPECT_EQ(current_fields(), Fields{outer});
  }
  EXPECT_EQ(current_fields(), Fields{});
}

TEST_F(LogFields, AreOfTheThreadThatWrites) {
  set_process_fields({{"worker", "anna-1"}});
  const FieldScope about({{"trial", std::int64_t{7}}});
  Fields others;
  std::thread([&] { others = current_fields(); }).join();
  EXPECT_EQ(others, (Fields{{"worker", "anna-1"}}));
}

}  // namespace
}  // namespace melsweep::log
