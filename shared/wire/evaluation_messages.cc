#include "shared/wire/evaluation_messages.h"

#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"

namespace melsweep::wire {
namespace {

absl::StatusOr<Prediction> decode_prediction(const v1::Prediction& message, std::size_t classes) {
  if (message.clip().empty()) return bad_field("prediction.clip", "must not be empty");
  if (auto status = check_length("prediction.clip", message.clip(), kMaxClipBytes); !status.ok())
    return status;
  if (auto status = check_index("prediction.true_class", message.true_class(), classes); !status.ok())
    return status;
  if (auto status = check_index("prediction.predicted_class", message.predicted_class(), classes);
      !status.ok()) {
    return status;
  }
  const auto probabilities = static_cast<std::size_t>(message.probabilities_size());
  if (probabilities != 0 && probabilities != classes) {
    return bad_field("prediction.probabilities",
                     absl::StrCat("are ", probabilities, " for ", classes, " classes"));
  }
  Prediction prediction{message.clip(), message.true_class(), message.predicted_class(), {}};
  prediction.probabilities.assign(message.probabilities().begin(), message.probabilities().end());
  return prediction;
}

}  // namespace

v1::Checkpoint encode(const Checkpoint& checkpoint) {
  v1::Checkpoint message;
  message.set_step(checkpoint.step);
  message.set_path(checkpoint.path);
  message.set_sha256(checkpoint.sha256);
  return message;
}

absl::StatusOr<Checkpoint> decode(const v1::Checkpoint& message) {
  if (auto status = check_not_negative("checkpoint.step", message.step()); !status.ok()) return status;
  return Checkpoint{message.step(), message.path(), message.sha256()};
}

v1::Evaluation encode(const Evaluation& evaluation) {
  v1::Evaluation message;
  message.set_split(encode(evaluation.split));
  message.set_step(evaluation.step);
  message.mutable_classes()->Assign(evaluation.classes.begin(), evaluation.classes.end());
  for (const Prediction& prediction : evaluation.predictions) {
    v1::Prediction* one = message.add_predictions();
    one->set_clip(prediction.clip);
    one->set_true_class(prediction.true_class);
    one->set_predicted_class(prediction.predicted_class);
    one->mutable_probabilities()->Assign(prediction.probabilities.begin(), prediction.probabilities.end());
  }
  return message;
}

absl::StatusOr<Evaluation> decode(const v1::Evaluation& message) {
  const auto split = decode(message.split());
  if (!split.ok()) return split.status();
  if (auto status = check_not_negative("evaluation.step", message.step()); !status.ok()) return status;
  if (auto status = check_classes("evaluation.classes", message.classes()); !status.ok()) return status;
  Evaluation evaluation;
  evaluation.split = *split;
  evaluation.step = message.step();
  evaluation.classes.assign(message.classes().begin(), message.classes().end());
  auto predictions = decode_all(message.predictions(), [&](const v1::Prediction& prediction) {
    return decode_prediction(prediction, evaluation.classes.size());
  });
  if (!predictions.ok()) return predictions.status();
  evaluation.predictions = *std::move(predictions);
  return evaluation;
}

}  // namespace melsweep::wire
