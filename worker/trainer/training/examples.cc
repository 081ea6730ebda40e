#include "worker/trainer/training/examples.h"

namespace melsweep::training {
namespace {

void add_example(const DatasetSpec& spec, const Clip& clip, Channel channel, Examples& examples) {
  examples.items.push_back(
      {.content_hash = clip.content_hash, .channel = channel, .file = dataset::clip_path(spec, clip)});
  examples.labels.push_back(clip.class_index);
  examples.clip_ids.push_back(clip.id);
}

}  // namespace

Examples make_examples(const DatasetReport& report, const DatasetSpec& spec, const dataset::Partition& parts,
                       std::span<const Augmentation> augmentation) {
  Examples examples;
  examples.classes = report.classes.size();
  for (const Clip* clip : parts.train) {
    for (const Channel channel : features::examples_for(*clip, augmentation, Split::kTrain)) {
      if (channel == Channel::kAverage) {
        examples.train_clips.push_back(static_cast<std::uint32_t>(examples.items.size()));
      }
      add_example(spec, *clip, channel, examples);
    }
  }
  examples.train_count = examples.items.size();
  const auto add_measured = [&](const std::vector<const Clip*>& clips, Split split,
                                std::vector<std::uint32_t>& which) {
    for (const Clip* clip : clips) {
      for (const Channel channel : features::examples_for(*clip, augmentation, split)) {
        which.push_back(static_cast<std::uint32_t>(examples.items.size()));
        add_example(spec, *clip, channel, examples);
      }
    }
  };
  add_measured(parts.validation, Split::kValidation, examples.validation);
  add_measured(parts.test, Split::kTest, examples.test);
  return examples;
}

}  // namespace melsweep::training
