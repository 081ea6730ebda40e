#include "client/report/run_times.h"

#include <gtest/gtest.h>

#include "tests/client/report/timed_story.h"

namespace melsweep::report {
namespace {

TEST(RunTimes, WhatRunsSideBySideOnAWorkerCountsOnce) {
  const results::SweepStory sweep = timed_sweep(1, {{.group = "a", .began_s = 0, .took_s = 10},
                                                    {.group = "a", .began_s = 0, .took_s = 4},
                                                    {.group = "b", .began_s = 8, .took_s = 6},
                                                    {.group = "c", .began_s = 20, .took_s = 1}});
  EXPECT_EQ(worker_time_s(own_runs(sweep)), 14.0 + 1.0);
}

TEST(RunTimes, WorkersAreAddedUp) {
  results::SweepStory sweep = timed_sweep(1, {{.group = "a"}, {.group = "b"}});
  sweep.runs[1].worker = "bert";
  EXPECT_EQ(worker_time_s(own_runs(sweep)), 20.0);
}

TEST(RunTimes, WhatWasTakenOverTookNoTime) {
  results::Story story = timed_story({{.group = "a"}, {.group = ""}});
  story.sweeps[0].runs[1].reused = true;
  ASSERT_EQ(own_runs(story).size(), 1U);
  EXPECT_EQ(own_runs(story)[0]->trial, 1);
}

}  // namespace
}  // namespace melsweep::report
