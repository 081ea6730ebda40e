// Two sweeps, or studies, side by side: what their best settings said of the same clips.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client/report/pooled_evaluation.h"
#include "client/report/statistics.h"
#include "shared/results/sweep_story.h"

namespace melsweep::report {

// One of the two. What it points to must outlive it.
struct Side {
  std::string letter;  // "A"
  const results::Story* story = nullptr;
  // Whose best setting stands for the story; none: no trial with an objective has finished.
  const results::SweepStory* sweep = nullptr;
  std::optional<PooledEvaluation> evaluation;  // of the best setting's trials
};

// What a side's trials said of a clip, over seeds and folds.
struct Said {
  double right = 0.0;             // the part of them that were right
  std::string taken_for;          // by most of them
  double true_probability = 0.0;  // of the true class, the mean
};

// A clip that one side gets right more often than the other.
struct ContrastedClip {
  const results::StoryClip* clip = nullptr;  // among A's
  std::string true_class;
  Said a;
  Said b;
};

struct Comparison {
  Side a;
  Side b;
  bool has_same_classes = false;
  // Of the best settings over the clips in common, which are the same sound files; as far as both sides tell
  // the same classes apart.
  PairedDifference difference;  // B less A
  double a_right = 0.0;         // accuracies
  double b_right = 0.0;
  std::int64_t both_wrong = 0;         // clips that neither ever gets right
  std::vector<ContrastedClip> only_a;  // that A gets right more often; the largest difference in
  std::vector<ContrastedClip> only_b;  // the true class's probability first
};

// Each side is its decisive sweep (findings.h). Where only one of those was evaluated on test clips, and its
// story has a sweep that was evaluated on validation clips as the other one, that is taken.
Comparison compare(const results::Story& a, const results::Story& b);

// The sweep that a side is known by: where none has a result, its story's last one.
const results::SweepSummary& compared_sweep(const Side& side);

// "A (sweep 3 'mel')"
std::string side_text(const Side& side);

}  // namespace melsweep::report
