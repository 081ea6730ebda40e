// Stories of one sweep with one finished trial, for tests that compare two.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "shared/results/sweep_story.h"

namespace melsweep::report {

struct MadeStory {
  std::set<int> wrong{};   // of twenty clips of their own recordings, which alternate between two classes
  std::set<int> unsure{};  // of the wrong ones: where the true class was almost as probable
  std::vector<std::string> classes = {"dog", "rain"};
  std::string prefix = "clip";  // of the clips' names
};

inline results::StoryPrediction made_prediction(const MadeStory& made, int number) {
  const bool is_wrong = made.wrong.contains(number);
  const double of_true = !is_wrong ? 0.9 : made.unsure.contains(number) ? 0.45 : 0.1;
  const int truth = number % 2;
  return {.clip = made.prefix + std::to_string(number),
          .true_index = truth,
          .predicted_index = is_wrong ? 1 - truth : truth,
          .probabilities = truth == 0 ? std::vector<double>{of_true, 1.0 - of_true}
                                      : std::vector<double>{1.0 - of_true, of_true}};
}

inline results::Story story_of(std::int64_t id, const MadeStory& made) {
  results::Story story;
  results::SweepStory& sweep = story.sweeps.emplace_back();
  sweep.summary.id = SweepId{id};
  sweep.summary.name = "made";
  sweep.summary.state = SweepState::kFinished;
  sweep.summary.objective_metric = "validation/accuracy";
  sweep.summary.trials_total = sweep.summary.trials_finished = 1;
  sweep.data.known = true;
  for (const std::string& name : made.classes) sweep.data.classes.push_back({.class_name = name});
  results::StoryCell cell;
  cell.trials = {1};
  cell.settings = R"({"features":{"representation":"mel"},"training":{"steps":100}})";
  cell.summary.mean = 1.0 - static_cast<double>(made.wrong.size()) / 20.0;
  results::StoryEvaluation evaluation;
  evaluation.trial = 1;
  evaluation.split = "validation";
  for (const std::string& name : made.classes) evaluation.classes.push_back({.class_name = name});
  evaluation.confusion.assign(made.classes.size(), std::vector<std::int64_t>(made.classes.size(), 0));
  for (int number = 0; number < 20; ++number) {
    results::StoryPrediction prediction = made_prediction(made, number);
    sweep.data.clips.push_back({.clip = prediction.clip,
                                .class_index = prediction.true_index,
                                .recording = prediction.clip,
                                .duration_s = 1.0,
                                .content_hash = "hash of " + prediction.clip});
    const double right = prediction.true_index == prediction.predicted_index ? 1.0 : 0.0;
    cell.verdicts.push_back({.clip = prediction.clip, .recording = prediction.clip, .right = right});
    evaluation.predictions.push_back(std::move(prediction));
  }
  // In the order in which a database gives them.
  std::ranges::sort(cell.verdicts, {}, &results::ClipVerdict::clip);
  sweep.cells.push_back(std::move(cell));
  sweep.evaluations.push_back(std::move(evaluation));
  return story;
}

}  // namespace melsweep::report
