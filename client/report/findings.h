// What was found, one sentence a section, of the data alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/report/effects.h"
#include "client/report/pooled_evaluation.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// "0.855, mean of 4 folds (0.800 to 0.900)"; `cell` must have a mean.
std::string objective_text(const results::SweepStory& sweep, const results::StoryCell& cell);

// Which setting is best, by how much what matters most matters, and how many cannot be told from the best.
std::string sweep_finding(const results::SweepStory& sweep, const std::vector<PairedDifference>& differences);

// What has come of the sweeps together.
std::string overview_finding(const results::Story& story);

std::string data_finding(const results::StoryData& data);
std::string curves_finding(const results::SweepStory& sweep);
std::string classes_finding(const PooledEvaluation& evaluation);
std::string confusion_finding(const PooledEvaluation& evaluation);
std::string mistakes_finding(const PooledEvaluation& evaluation);
std::string timing_finding(const results::Story& story);
std::string honesty_finding(const results::Story& story);

// Whether a sweep has come to its end, and how far; empty for a finished one.
std::string unfinished_text(const results::SweepSummary& sweep);

// The sweep whose result counts: of those with a finished trial the one that was evaluated on the test part,
// else the last one. None where nothing has finished.
const results::SweepStory* decisive_sweep(const results::Story& story);

}  // namespace melsweep::report
