// The sections of a report, each made of a sweep's or a study's story.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/report/document.h"
#include "client/report/illustrations.h"
#include "client/report/pooled_evaluation.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// What a report is told beside what the database knows.
struct Circumstances {
  std::string database;         // its path
  std::string version;          // of this program
  std::string made_at;          // ISO 8601, UTC
  double price_per_hour = 0.0;  // of one worker; 0: not told
};

// The answer first; of a study each sweep's.
Section overview_section(const results::Story& story);

// Clips per class before and after augmentation.
Section data_section(const results::Story& story);

// What one sweep found: settings, heat map or parallel coordinates, learning curves, trials.
Section sweep_section(const results::SweepStory& sweep);

// Precision, recall and F1; the confusion matrix; nothing where no trial was evaluated.
std::optional<Section> classes_section(const results::Story& story);
std::optional<Section> confusion_section(const results::Story& story);

// Clips of each class to look at; the clips that were taken for another class. Nothing where there are none.
std::optional<Section> examples_section(const results::SweepStory& sweep, const Illustrations& illustrations);
std::optional<Section> mistakes_section(const results::Story& story, const Illustrations& illustrations);

// What each sweep set and tried.
Section settings_section(const results::Story& story);

// Times, workers, groups and cost.
Section timing_section(const results::Story& story, const Circumstances& circumstances);

// Split, leakage, looks at the test part, what was left out.
Section honesty_section(const results::Story& story);

// What is needed to do it again.
Section repeat_section(const results::Story& story, const Circumstances& circumstances);

// The learning curves of a sweep's first cells, and a sentence about them; empty where there are none.
std::vector<Block> curve_blocks(const results::SweepStory& sweep);

// A heat map of two swept parameters, or parallel coordinates of more; empty where fewer than two are swept.
std::vector<Block> grid_blocks(const results::SweepStory& sweep);

// What the time of the trials went into, what came from the caches, and what ran side by side; empty where
// no trial ran.
std::vector<Block> stage_blocks(const results::Story& story);

// The times of each sweep, and of the workers.
std::vector<Block> timing_tables(const results::Story& story);

// The time in which workers had trials of the sweep, summed over the workers.
double worker_seconds(const results::SweepStory& sweep);

// Versions, hashes and seeds.
DataTable ingredients(const results::Story& story, const Circumstances& circumstances);

// A word as a shell takes it.
std::string quoted(const std::string& text);

// "sweep 3 'lr-batch-grid'"
std::string sweep_text(const results::SweepSummary& sweep);

}  // namespace melsweep::report
