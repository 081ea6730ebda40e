#include "worker/trainer/protocol/payload_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace melsweep::protocol {
namespace {

using nlohmann::json;

json clip_to_json(const Clip& clip) {
  return {{"id", clip.id},
          {"class", clip.class_index},
          {"group", clip.group},
          {"fold", clip.fold},
          {"content_hash", clip.content_hash},
          {"sample_rate", clip.sample_rate},
          {"channels", clip.channels},
          {"duration_s", clip.duration_s},
          {"split", spec::name_of(clip.split)}};
}

Clip read_clip(FieldReader fields, std::size_t classes) {
  return {.id = fields.text("id"),
          .class_index = fields.index("class", classes),
          .group = fields.text("group"),
          .fold = fields.integer<int>("fold", 0),
          .content_hash = fields.text("content_hash"),
          .sample_rate = fields.integer<int>("sample_rate", 0),
          .channels = fields.integer<int>("channels", 0),
          .duration_s = fields.number("duration_s"),
          .split = fields.named<Split>("split")};
}

BadClip read_bad_clip(FieldReader fields) {
  return {.id = fields.text("id"), .reason = fields.text("reason")};
}

json prediction_to_json(const Prediction& prediction) {
  return {{"clip", prediction.clip},
          {"true_class", prediction.true_class},
          {"predicted_class", prediction.predicted_class},
          {"probabilities", prediction.probabilities}};
}

Prediction read_prediction(FieldReader fields, std::size_t classes) {
  Prediction prediction{.clip = fields.text("clip"),
                        .true_class = fields.index("true_class", classes),
                        .predicted_class = fields.index("predicted_class", classes),
                        .probabilities = fields.floats("probabilities")};
  if (prediction.probabilities.size() != classes) {
    fields.refuse("probabilities", fmt::format("must have {} items, one for each class", classes));
  }
  return prediction;
}

}  // namespace

json report_to_json(const DatasetReport& report) {
  json clips = json::array();
  for (const Clip& clip : report.clips) clips.push_back(clip_to_json(clip));
  json skipped = json::array();
  for (const BadClip& clip : report.skipped) skipped.push_back({{"id", clip.id}, {"reason", clip.reason}});
  return {{"content_hash", report.content_hash},
          {"classes", report.classes},
          {"clips", std::move(clips)},
          {"skipped", std::move(skipped)},
          {"warnings", report.warnings},
          {"validation_folds", report.validation_folds},
          {"weights_hashes", report.weights_hashes}};
}

DatasetReport read_report(FieldReader fields) {
  DatasetReport report;
  report.content_hash = fields.text("content_hash");
  report.classes = fields.texts("classes");
  report.clips = fields.list<Clip>("clips", [&](const json& item, std::string path) {
    return read_clip(FieldReader(item, std::move(path), fields.status()), report.classes.size());
  });
  report.skipped = fields.list<BadClip>("skipped", [&](const json& item, std::string path) {
    return read_bad_clip(FieldReader(item, std::move(path), fields.status()));
  });
  report.warnings = fields.texts("warnings");
  report.validation_folds = fields.integers<int>("validation_folds");
  report.weights_hashes = fields.texts_by_name("weights_hashes");
  return report;
}

json evaluation_to_json(const Evaluation& evaluation) {
  json predictions = json::array();
  for (const Prediction& prediction : evaluation.predictions) {
    predictions.push_back(prediction_to_json(prediction));
  }
  return {{"split", spec::name_of(evaluation.split)},
          {"step", evaluation.step},
          {"classes", evaluation.classes},
          {"predictions", std::move(predictions)}};
}

Evaluation read_evaluation(FieldReader fields) {
  Evaluation evaluation;
  evaluation.split = fields.named<Split>("split");
  evaluation.step = fields.integer<std::int64_t>("step", 0);
  evaluation.classes = fields.texts("classes");
  evaluation.predictions = fields.list<Prediction>("predictions", [&](const json& item, std::string path) {
    return read_prediction(FieldReader(item, std::move(path), fields.status()), evaluation.classes.size());
  });
  return evaluation;
}

}  // namespace melsweep::protocol
