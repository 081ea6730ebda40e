#include "worker/agent/work_fields.h"

#include <gtest/gtest.h>

namespace melsweep::agent {
namespace {

TEST(WorkFields, NameTheWork) {
  EXPECT_EQ(work_fields(AttemptRef{TrialId{7}, 2}),
            (log::Fields{{"trial", std::int64_t{7}}, {"attempt", std::int64_t{2}}}));
  EXPECT_EQ(work_fields(PrepareRef{SweepId{3}, 1}),
            (log::Fields{{"sweep", std::int64_t{3}}, {"attempt", std::int64_t{1}}}));
}

}  // namespace
}  // namespace melsweep::agent
