#include "shared/monitoring/process_families.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>

#include "shared/time/clock.h"

namespace melsweep::monitoring {
namespace {

// The only series of each family.
std::map<std::string, double> values(const Families& families) {
  std::map<std::string, double> values;
  for (const auto& family : families) {
    EXPECT_EQ(family.metric.size(), 1u) << family.name;
    const auto& metric = family.metric.front();
    values[family.name] =
        family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value;
  }
  return values;
}

TEST(ProcessFamilies, TellOfThisProcess) {
  auto told = values(process_families("melsweep-test", "1.2"));
  EXPECT_EQ(told.at("melsweep_build_info"), 1.0);
  EXPECT_GE(told.at("process_open_fds"), 3.0);
  EXPECT_GT(told.at("process_resident_memory_bytes"), static_cast<double>(::sysconf(_SC_PAGESIZE)));
  EXPECT_GT(told.at("process_cpu_seconds_total"), 0.0);
  const double now_s = static_cast<double>(SystemClock().now().wall.time_since_epoch().count()) / 1000;
  EXPECT_LE(told.at("process_start_time_seconds"),
            now_s + 1);  // /proc tells the machine's start in whole seconds
  EXPECT_GT(told.at("process_start_time_seconds"), now_s - 86'400);
}

TEST(FileSystemFamilies, TellOfFoldersThatAreThere) {
  const Families families = file_system_families({{"data", "/"}, {"nothing", "/not/there"}});
  ASSERT_EQ(families.size(), 2u);
  ASSERT_EQ(families[0].metric.size(), 1u);
  EXPECT_EQ(families[0].name, "melsweep_filesystem_available_bytes");
  EXPECT_EQ(families[0].metric[0].label[0].value, "data");
  EXPECT_EQ(families[1].name, "melsweep_filesystem_size_bytes");
  EXPECT_EQ(families[1].metric[0].gauge.value, static_cast<double>(std::filesystem::space("/").capacity));
}

}  // namespace
}  // namespace melsweep::monitoring
