// What features are made of: one signal of one file, named by content, as it is or varied.
#pragma once

#include <compare>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/settings.h"
#include "worker/trainer/variants/variant.h"

namespace melsweep::features {

struct FeatureItem {
  std::string
      content_hash;  // Clip::content_hash; with the channel and the variant the item's name in a cache
  Channel channel = Channel::kAverage;
  std::filesystem::path file;  // read only where the cache lacks the item
  std::optional<variants::Variant> variant{};
};

// "<content hash>/average", "<content hash>/left/noise:1:white:20": the name of an item in a cache.
std::string item_key(const FeatureItem& item);

// The items of each content together, in the order in which contents and items come.
std::vector<std::vector<FeatureItem>> group_by_content(std::span<const FeatureItem> items);

// The items that the clip, whose file is `file`, gives as examples: the average as it is, which stands for
// the clip, and where `split` is kTrain what `training` has augmentations for: each signal (with kChannels,
// of a clip of two channels or more, average, left and right) as it is, then its variants;
// training_pictures() of them. So validation and test are never augmented. `split` is where the clip stands
// in this trial (with cross-validation not Clip::split).
std::vector<FeatureItem> items_of(const Clip& clip, const std::filesystem::path& file,
                                  const TrainingSettings& training, Split split);

// Whether it is the one of its clip that is no augmented copy.
inline bool is_clip_itself(const FeatureItem& item) {
  return item.channel == Channel::kAverage && !item.variant;
}

}  // namespace melsweep::features
