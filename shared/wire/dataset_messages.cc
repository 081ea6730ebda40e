#include "shared/wire/dataset_messages.h"

#include "shared/wire/decoding.h"
#include "shared/wire/model_messages.h"

namespace melsweep::wire {
namespace {

v1::Clip encode_clip(const Clip& clip) {
  v1::Clip message;
  message.set_id(clip.id);
  message.set_class_index(clip.class_index);
  message.set_group(clip.group);
  message.set_fold(clip.fold);
  message.set_content_hash(clip.content_hash);
  message.set_sample_rate(clip.sample_rate);
  message.set_channels(clip.channels);
  message.set_duration_s(clip.duration_s);
  message.set_split(encode(clip.split));
  return message;
}

absl::StatusOr<Clip> decode_clip(const v1::Clip& message, std::size_t classes) {
  if (message.id().empty()) return bad_field("clip.id", "must not be empty");
  if (auto status = check_length("clip.id", message.id(), kMaxClipBytes); !status.ok()) return status;
  if (auto status = check_length("clip.group", message.group(), kMaxClipBytes); !status.ok()) return status;
  if (auto status = check_length("clip.content_hash", message.content_hash(), kMaxNameBytes); !status.ok())
    return status;
  if (auto status = check_index("clip.class_index", message.class_index(), classes); !status.ok())
    return status;
  if (auto status = check_not_negative("clip.fold", message.fold()); !status.ok()) return status;
  const auto split = decode(message.split());
  if (!split.ok()) return split.status();
  Clip clip;
  clip.id = message.id();
  clip.class_index = message.class_index();
  clip.group = message.group();
  clip.fold = message.fold();
  clip.content_hash = message.content_hash();
  clip.sample_rate = message.sample_rate();
  clip.channels = message.channels();
  clip.duration_s = message.duration_s();
  clip.split = *split;
  return clip;
}

}  // namespace

v1::DatasetReport encode(const DatasetReport& report) {
  v1::DatasetReport message;
  message.set_content_hash(report.content_hash);
  message.mutable_classes()->Assign(report.classes.begin(), report.classes.end());
  for (const Clip& clip : report.clips) *message.add_clips() = encode_clip(clip);
  for (const BadClip& clip : report.skipped) {
    v1::BadClip* skipped = message.add_skipped();
    skipped->set_id(clip.id);
    skipped->set_reason(clip.reason);
  }
  message.mutable_warnings()->Assign(report.warnings.begin(), report.warnings.end());
  message.mutable_validation_folds()->Assign(report.validation_folds.begin(), report.validation_folds.end());
  message.mutable_weights_hashes()->insert(report.weights_hashes.begin(), report.weights_hashes.end());
  message.set_trainer(report.trainer);
  return message;
}

absl::StatusOr<DatasetReport> decode(const v1::DatasetReport& message) {
  if (message.content_hash().empty()) return bad_field("dataset.content_hash", "must not be empty");
  if (auto status = check_classes("dataset.classes", message.classes()); !status.ok()) return status;
  DatasetReport report;
  report.content_hash = message.content_hash();
  report.classes.assign(message.classes().begin(), message.classes().end());
  auto clips = decode_all(message.clips(),
                          [&](const v1::Clip& clip) { return decode_clip(clip, report.classes.size()); });
  if (!clips.ok()) return clips.status();
  report.clips = *std::move(clips);
  for (const v1::BadClip& skipped : message.skipped()) {
    if (auto status = check_length("skipped.id", skipped.id(), kMaxClipBytes); !status.ok()) return status;
    report.skipped.push_back({skipped.id(), skipped.reason()});
  }
  report.warnings.assign(message.warnings().begin(), message.warnings().end());
  for (const int fold : message.validation_folds()) {
    if (fold <= 0) return bad_field("dataset.validation_folds", absl::StrCat("must be positive, is ", fold));
    report.validation_folds.push_back(fold);
  }
  if (auto status = check_length("dataset.trainer", message.trainer(), kMaxNameBytes); !status.ok())
    return status;
  report.trainer = message.trainer();
  report.weights_hashes = {message.weights_hashes().begin(), message.weights_hashes().end()};
  return report;
}

}  // namespace melsweep::wire
