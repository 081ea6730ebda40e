#include "worker/trainer/features/feature_item.h"

#include <algorithm>
#include <unordered_map>

#include "absl/strings/str_cat.h"

namespace melsweep::features {
namespace {

const char* name(Channel channel) {
  switch (channel) {
    case Channel::kLeft:
      return "left";
    case Channel::kRight:
      return "right";
    case Channel::kAverage:
      break;
  }
  return "average";
}

}  // namespace

std::string item_key(const FeatureItem& item) {
  return absl::StrCat(item.content_hash, "/", name(item.channel));
}

std::vector<std::vector<FeatureItem>> group_by_content(std::span<const FeatureItem> items) {
  std::vector<std::vector<FeatureItem>> groups;
  std::unordered_map<std::string, std::size_t> group_of;
  for (const FeatureItem& item : items) {
    const auto [place, is_new] = group_of.try_emplace(item.content_hash, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(item);
  }
  return groups;
}

std::vector<Channel> examples_for(const Clip& clip, std::span<const Augmentation> augmentation, Split split) {
  const bool by_channels =
      std::find(augmentation.begin(), augmentation.end(), Augmentation::kChannels) != augmentation.end();
  if (by_channels && split == Split::kTrain && clip.channels >= 2) {
    return {Channel::kAverage, Channel::kLeft, Channel::kRight};
  }
  return {Channel::kAverage};
}

}  // namespace melsweep::features
