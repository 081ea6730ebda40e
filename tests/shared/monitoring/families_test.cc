#include "shared/monitoring/families.h"

#include <gtest/gtest.h>
#include <prometheus/text_serializer.h>

#include <string>

namespace melsweep::monitoring {
namespace {

std::string text_of(const Families& families) {
  return prometheus::TextSerializer().Serialize(families);
}

TEST(Families, AreWrittenWithTheirLabels) {
  EXPECT_EQ(text_of({gauge({"melsweep_trials", "Trials.", {"state"}}, {{{"running"}, 2}, {{"failed"}, 0}})}),
            "# HELP melsweep_trials Trials.\n# TYPE melsweep_trials gauge\n"
            "melsweep_trials{state=\"running\"} 2\nmelsweep_trials{state=\"failed\"} 0\n");
}

TEST(Families, KnowCountersFromGauges) {
  EXPECT_EQ(
      text_of({counter("melsweep_steps_total", "Steps.", 3)}),
      "# HELP melsweep_steps_total Steps.\n# TYPE melsweep_steps_total counter\nmelsweep_steps_total 3\n");
}

TEST(Families, AreAppendedInTheirOrder) {
  Families whole = {gauge("a", "", 1)};
  append({gauge("b", "", 2), gauge("c", "", 3)}, whole);
  ASSERT_EQ(whole.size(), 3u);
  EXPECT_EQ(whole[2].name, "c");
}

}  // namespace
}  // namespace melsweep::monitoring
