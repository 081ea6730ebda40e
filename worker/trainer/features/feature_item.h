// What features are made of: one signal of one file, named by content.
#pragma once

#include <compare>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "shared/model/dataset.h"
#include "shared/model/settings.h"

namespace melsweep::features {

struct FeatureItem {
  std::string content_hash;  // Clip::content_hash; with the channel the item's name in a cache
  Channel channel = Channel::kAverage;
  std::filesystem::path file;  // read only where the cache lacks the item
};

// "<content hash>/average": the name of an item in a cache.
std::string item_key(const FeatureItem& item);

// The items of each content together, in the order in which contents and items come.
std::vector<std::vector<FeatureItem>> group_by_content(std::span<const FeatureItem> items);

// The channels that one clip gives as examples. With Augmentation::kChannels a training clip with at least
// two channels gives average, left and right; every other clip gives the average alone, so that validation
// and test are never augmented. `split` is where the clip stands in this trial (with cross-validation not
// Clip::split).
std::vector<Channel> examples_for(const Clip& clip, std::span<const Augmentation> augmentation, Split split);

}  // namespace melsweep::features
