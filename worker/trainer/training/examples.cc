#include "worker/trainer/training/examples.h"

#include <utility>

namespace melsweep::training {
namespace {

// Which of the examples stand for the clip itself is added to `itself`.
void add_clip(const DatasetSpec& spec, const Clip& clip, const TrainingSettings& training, Split split,
              Examples& examples, std::vector<std::uint32_t>& itself) {
  for (features::FeatureItem& item :
       features::items_of(clip, dataset::clip_path(spec, clip), training, split)) {
    if (is_clip_itself(item)) itself.push_back(static_cast<std::uint32_t>(examples.items.size()));
    examples.items.push_back(std::move(item));
    examples.labels.push_back(clip.class_index);
    examples.clip_ids.push_back(clip.id);
  }
}

}  // namespace

Examples make_examples(const DatasetReport& report, const DatasetSpec& spec, const dataset::Partition& parts,
                       const TrainingSettings& training) {
  Examples examples;
  examples.classes = report.classes.size();
  const auto add = [&](const std::vector<const Clip*>& clips, Split split,
                       std::vector<std::uint32_t>& itself) {
    for (const Clip* clip : clips) add_clip(spec, *clip, training, split, examples, itself);
  };
  add(parts.train, Split::kTrain, examples.train_clips);
  examples.train_count = examples.items.size();
  add(parts.validation, Split::kValidation, examples.validation);
  add(parts.test, Split::kTest, examples.test);
  return examples;
}

}  // namespace melsweep::training
