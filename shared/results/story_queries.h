// The parts of a sweep's story, asked of an open database. SQLite's errors are thrown as SQLite::Exception.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "SQLiteCpp/Database.h"
#include "shared/model/ids.h"
#include "shared/results/sweep_story.h"

namespace melsweep::results {

// See SweepStory, whose members these are.
StoryData read_story_data(SQLite::Database& database, SweepId sweep);
std::vector<StoryTaking> read_takings(SQLite::Database& database, SweepId sweep);
std::vector<StoryRun> read_runs(SQLite::Database& database, SweepId sweep);

// Of the finished one among these trials of one sweep, in order of number.
std::vector<StoryCurves> read_story_curves(SQLite::Database& database,
                                           const std::vector<const TrialSummary*>& trials);
std::vector<StoryEvaluation> read_story_evaluations(SQLite::Database& database,
                                                    const std::vector<const TrialSummary*>& trials);

// The mean over these trials, sorted by clip; `split`: of the clips that count.
std::vector<ClipVerdict> read_verdicts(SQLite::Database& database,
                                       const std::vector<const TrialSummary*>& trials,
                                       const std::string& split);

// How many attempts of the sweep's trials ended so.
std::int64_t count_attempts(SQLite::Database& database, SweepId sweep, const std::string& state);

// A trial's settings as a JSON object.
std::string read_settings(SQLite::Database& database, TrialId trial);

}  // namespace melsweep::results
