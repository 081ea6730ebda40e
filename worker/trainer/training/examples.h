// The examples of one trial.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/settings.h"
#include "worker/trainer/dataset/partition.h"
#include "worker/trainer/features/feature_item.h"

namespace melsweep::training {

// Training examples first (a clip's augmented copies beside it, in order of clips), then one for each
// validation clip, then one for each test clip. The first four have one entry an example.
struct Examples {
  std::vector<features::FeatureItem> items;
  std::vector<int> labels;            // into DatasetReport::classes
  std::vector<std::string> clip_ids;  // Clip::id
  std::size_t train_count = 0;        // how many are for training
  std::vector<std::uint32_t>
      train_clips;  // the training examples that are no augmented copies: train metrics look at these
  std::vector<std::uint32_t> validation;  // in order of clip ids, as `test` is
  std::size_t classes = 0;
  std::vector<std::uint32_t> test{};  // of a trial that is evaluated on them; else empty
};

// The report's clips as partition() divided them, those that train with the augmentations of `training`.
Examples make_examples(const DatasetReport& report, const DatasetSpec& spec, const dataset::Partition& parts,
                       const TrainingSettings& training);

}  // namespace melsweep::training
