#include "worker/trainer/features/feature_item.h"

#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "shared/model/augmentation.h"

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
  std::string key = absl::StrCat(item.content_hash, "/", name(item.channel));
  if (item.variant) absl::StrAppend(&key, "/", variants::to_text(*item.variant));
  return key;
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

std::vector<FeatureItem> items_of(const Clip& clip, const std::filesystem::path& file,
                                  const TrainingSettings& training, Split split) {
  const FeatureItem average{.content_hash = clip.content_hash, .channel = Channel::kAverage, .file = file};
  if (split != Split::kTrain) return {average};
  std::vector<Channel> channels = {Channel::kAverage};
  if (clip.channels >= 2 && includes(training.augmentation, Augmentation::kChannels))
    channels.insert(channels.end(), {Channel::kLeft, Channel::kRight});
  std::vector<FeatureItem> items;
  for (const Channel channel : channels) {
    FeatureItem item = average;
    item.channel = channel;
    items.push_back(item);
    for (const Augmentation kind : training.augmentation) {
      if (!is_variant(kind)) continue;
      item.variant = variants::Variant{.kind = kind, .settings = training.variants};
      items.push_back(item);
    }
  }
  return items;
}

}  // namespace melsweep::features
