// What a cache's numbers depend on, as JSON: the same text gives the same folder.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "shared/model/settings.h"

namespace melsweep::features {

// Raise one when the code's numbers change: old caches are then left alone and new ones are built.
inline constexpr int kSpectrogramVersion = 5;  // file to decibels
inline constexpr int kPictureVersion = 1;      // decibels to picture

// Level 1 holds decibels without a floor, so it depends on neither top_db nor the picture's colours, and for
// kHertz on nothing that concerns mel bands. Defaults written as 0 count as what they stand for. A field that
// is added to FeatureSettings counts by itself.
nlohmann::json spectrogram_description(const FeatureSettings& settings);

// Level 2: the above, the picture's settings, and the network's identity.
nlohmann::json bottleneck_description(const FeatureSettings& settings, const std::string& embedder_identity);

// SHA-256 of the description, 64 hex digits.
std::string cache_key(const nlohmann::json& description);

}  // namespace melsweep::features
