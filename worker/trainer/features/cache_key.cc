#include "worker/trainer/features/cache_key.h"

#include <nlohmann/json.hpp>

#include "shared/files/digest.h"
#include "shared/spec/settings_json.h"
#include "worker/trainer/audio/spectrogram.h"

namespace melsweep::features {

nlohmann::json spectrogram_description(const FeatureSettings& settings) {
  nlohmann::json fields = spec::to_json(audio::resolved(settings));
  for (const char* field : {"top_db", "image"}) fields.erase(field);
  if (settings.representation == Representation::kHertz) {
    for (const char* field : {"decibels", "n_mels", "fmin", "fmax"}) fields.erase(field);
  }
  return {{"level", "spectrograms"}, {"version", kSpectrogramVersion}, {"features", fields}};
}

nlohmann::json bottleneck_description(const FeatureSettings& settings, const std::string& embedder_identity) {
  const nlohmann::json fields = spec::to_json(settings);
  return {{"level", "bottlenecks"},
          {"version", kPictureVersion},
          {"spectrograms", spectrogram_description(settings)},
          {"picture", {{"image", fields.at("image")}, {"top_db", fields.at("top_db")}}},
          {"embedder", embedder_identity}};
}

std::string cache_key(const nlohmann::json& description) {
  return files::sha256(description.dump());
}

}  // namespace melsweep::features
