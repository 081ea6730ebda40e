// One clip to one picture, outline or snippet.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "worker/trainer/audio/spectrogram.h"
#include "worker/trainer/rendering/render_request.h"

namespace melsweep::rendering {

// Longer clips give a snippet of their beginning.
inline constexpr int kMaxSnippet_s = 5;

struct Rendering {
  nlohmann::ordered_json record;  // its line of rendered.json, without `id` and `file`
  std::string bytes;              // of its file; empty where it has none
};

// ".png"; empty for kinds without a file.
std::string extension(const RenderItem& item);

// What the rendering depends on beside the clip's content and this program's version, as JSON.
nlohmann::ordered_json rendering_description(const RenderItem& item);

// Keeps the last spectrogram maker, since items mostly have the same settings. Not thread-safe.
class Renderer {
 public:
  // sha256: of the clip's content. The errors name the clip's file.
  absl::StatusOr<Rendering> render(const RenderItem& item, const std::string& sha256);

 private:
  absl::Status add_spectrogram(const RenderItem& item, const audio::MonoSound& sound, Rendering& rendering);
  absl::StatusOr<audio::Spectrogram> spectrogram(const FeatureSettings& features,
                                                 const audio::MonoSound& sound);

  std::optional<FeatureSettings> settings_;  // of maker_
  std::optional<audio::SpectrogramMaker> maker_;
};

}  // namespace melsweep::rendering
