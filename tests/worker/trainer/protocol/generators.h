// Random messages for property tests: every field takes any value that the protocol can carry.
#pragma once

#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "worker/trainer/protocol/messages.h"

namespace melsweep::protocol {

inline rc::Gen<std::string> any_text() {
  return rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)),
      rc::gen::element<std::string>("", "fold1/7061-6-0-0.wav", "Ä/ø 日本.wav", "a\"b\\c\n\t"));
}

inline rc::Gen<std::int64_t> any_count() {
  return rc::gen::oneOf(rc::gen::nonNegative<std::int64_t>(),
                        rc::gen::just(std::numeric_limits<std::int64_t>::max()));
}

// Of a stage.
inline rc::Gen<std::int64_t> any_items() {
  return rc::gen::inRange<std::int64_t>(0, kMaxStageItems);
}

inline rc::Gen<double> any_finite() {
  return rc::gen::oneOf(
      rc::gen::arbitrary<double>(),
      rc::gen::element(0.0, -0.0, 1e-300, 1e300, std::numeric_limits<double>::denorm_min()));
}

inline rc::Gen<Clip> any_clip(int classes) {
  return rc::gen::build<Clip>(
      rc::gen::set(&Clip::id, any_text()), rc::gen::set(&Clip::class_index, rc::gen::inRange(0, classes)),
      rc::gen::set(&Clip::group, any_text()), rc::gen::set(&Clip::fold, rc::gen::nonNegative<int>()),
      rc::gen::set(&Clip::content_hash, any_text()),
      rc::gen::set(&Clip::sample_rate, rc::gen::nonNegative<int>()),
      rc::gen::set(&Clip::channels, rc::gen::nonNegative<int>()),
      rc::gen::set(&Clip::duration_s, any_finite()),
      rc::gen::set(&Clip::split, rc::gen::element(Split::kTrain, Split::kValidation, Split::kTest)));
}

inline DatasetReport make_report() {
  DatasetReport report;
  report.content_hash = *any_text();
  report.classes = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(any_text()));
  const int classes = static_cast<int>(report.classes.size());
  report.clips = *rc::gen::container<std::vector<Clip>>(any_clip(classes));
  report.skipped = *rc::gen::container<std::vector<BadClip>>(rc::gen::build<BadClip>(
      rc::gen::set(&BadClip::id, any_text()), rc::gen::set(&BadClip::reason, any_text())));
  report.warnings = *rc::gen::container<std::vector<std::string>>(any_text());
  report.validation_folds = *rc::gen::arbitrary<std::vector<int>>();
  report.weights_hashes = *rc::gen::container<std::map<std::string, std::string>>(any_text(), any_text());
  return report;
}

inline Evaluation make_evaluation() {
  Evaluation evaluation;
  evaluation.split = *rc::gen::element(Split::kTrain, Split::kValidation, Split::kTest);
  evaluation.step = *any_count();
  evaluation.classes = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(any_text()));
  const int classes = static_cast<int>(evaluation.classes.size());
  evaluation.predictions = *rc::gen::container<std::vector<Prediction>>(rc::gen::build<Prediction>(
      rc::gen::set(&Prediction::clip, any_text()),
      rc::gen::set(&Prediction::true_class, rc::gen::inRange(0, classes)),
      rc::gen::set(&Prediction::predicted_class, rc::gen::inRange(0, classes)),
      rc::gen::set(&Prediction::probabilities, rc::gen::container<std::vector<float>>(
                                                   evaluation.classes.size(), rc::gen::arbitrary<float>()))));
  return evaluation;
}

inline TrainTrial make_train_trial() {
  TrainTrial command;
  TrialPlan& plan = command.plan;
  plan.id.value = *any_count();
  plan.sweep.value = *any_count();
  plan.dataset.format = *rc::gen::element(DatasetFormat::kUrbanSound8k, DatasetFormat::kEsc50);
  plan.dataset.path = "data/" + *any_text();
  plan.dataset.split.validation_folds = {9};
  plan.dataset.split.test_folds = {10};
  plan.dataset_hash = *any_text();
  plan.validation_fold = *rc::gen::nonNegative<int>();
  plan.settings.model.weights = "weights/" + *any_text();
  plan.settings.training.learning_rate = *rc::gen::element(0.005, 0.01, 0.05, 1.0 / 3.0);
  plan.settings.training.batch_size = *rc::gen::inRange<std::int64_t>(1, 1000);
  plan.weights_hash = *any_text();
  plan.seed = *rc::gen::arbitrary<std::uint64_t>();
  plan.evaluate = *rc::gen::element(Split::kValidation, Split::kTest);
  plan.train_on = *rc::gen::element(TrainOn::kTraining, TrainOn::kTrainingAndValidation);
  command.artifacts_dir = *any_text();
  command.resume_from = *any_text();
  command.checkpoint_every_s = std::abs(*any_finite());
  return command;
}

}  // namespace melsweep::protocol
