// What melsweep-trainer render is asked for: docs/render.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/model/settings.h"
#include "shared/spec/names.h"
#include "worker/trainer/audio/encoded_sound.h"
#include "worker/trainer/rendering/spectrogram_picture.h"

namespace melsweep::rendering {

enum class RenderKind { kWaveform, kSpectrogram, kSound };

inline constexpr int kMaxPictureSide = 4096;           // pixels
inline constexpr std::size_t kMaxRenderItems = 20000;  // in a request
inline constexpr std::size_t kMaxRequestBytes = std::size_t{64} << 20;

struct RenderItem {
  std::string id;  // of letters, digits, '-' and '_': names its file
  RenderKind kind = RenderKind::kSpectrogram;
  std::filesystem::path path;  // absolute
  Channel channel = Channel::kAverage;
  FeatureSettings features;
  PictureSize size{.width = 640, .height = 256};
  audio::SoundCoding format = audio::SoundCoding::kOpus;  // of kSound
  std::string sha256;                                     // the file must have it; empty: any
  std::string clip;                                       // what the list calls it; empty: nothing
};

// InvalidArgument where the text is no request, with the place: "items[3].kind must be one of waveform,
// spectrogram, sound, not 'png'". Fields that are not known are passed over. Files are not looked at.
absl::StatusOr<std::vector<RenderItem>> parse_render_request(std::string_view text);

}  // namespace melsweep::rendering

namespace melsweep::spec {

template <>
struct Names<rendering::RenderKind> {
  static constexpr Named<rendering::RenderKind> kAll[] = {
      {rendering::RenderKind::kWaveform, "waveform"},
      {rendering::RenderKind::kSpectrogram, "spectrogram"},
      {rendering::RenderKind::kSound, "sound"}};
};

template <>
struct Names<audio::SoundCoding> {
  static constexpr Named<audio::SoundCoding> kAll[] = {{audio::SoundCoding::kOpus, "opus"},
                                                       {audio::SoundCoding::kFlac, "flac"}};
};

}  // namespace melsweep::spec
