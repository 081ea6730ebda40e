#include "worker/trainer/rendering/renderer.h"

#include <fmt/format.h>

#include <cmath>
#include <new>
#include <utility>

#include "shared/spec/settings_json.h"
#include "shared/spec/value_json.h"
#include "worker/trainer/audio/resample.h"
#include "worker/trainer/dataset/names.h"
#include "worker/trainer/rendering/palette_png.h"
#include "worker/trainer/rendering/waveform.h"

namespace melsweep::rendering {
namespace {

using nlohmann::ordered_json;

// Raise it when the code draws or encodes in another way: what a cache holds is then made anew.
constexpr int kRenderingVersion = 1;

double duration_s(const audio::MonoSound& sound) {
  return static_cast<double>(sound.samples.size()) / sound.sample_rate;
}

ordered_json time_axis(const audio::MonoSound& sound) {
  return {{"min_s", 0.0}, {"max_s", duration_s(sound)}};
}

void add_size(const RenderItem& item, ordered_json& json) {
  if (item.kind == RenderKind::kSound) return;
  json["width"] = item.size.width;
  json["height"] = item.size.height;
}

void add_waveform(const RenderItem& item, const audio::MonoSound& sound, Rendering& rendering) {
  // Nothing more can be seen; and -0 + 0 is 0.
  const auto rounded = [](float value) { return std::round(static_cast<double>(value) * 1e4) / 1e4 + 0.0; };
  ordered_json list = ordered_json::array();
  for (const Peak& peak : peaks(sound.samples, static_cast<std::size_t>(item.size.width))) {
    list.push_back({rounded(peak.min), rounded(peak.max)});
  }
  rendering.record["time"] = time_axis(sound);
  rendering.record["peaks"] = std::move(list);
}

// At most the first kMaxSnippet_s of it, at this rate.
absl::StatusOr<audio::MonoSound> snippet(audio::MonoSound sound, int sample_rate) {
  const auto longest = [](int rate) { return static_cast<std::size_t>(kMaxSnippet_s) * rate; };
  if (sound.samples.size() > longest(sound.sample_rate)) sound.samples.resize(longest(sound.sample_rate));
  absl::StatusOr<audio::MonoSound> resampled = audio::resample(std::move(sound), sample_rate);
  // Resampling rounds its length up.
  if (resampled.ok() && resampled->samples.size() > longest(sample_rate)) {
    resampled->samples.resize(longest(sample_rate));
  }
  return resampled;
}

absl::Status add_sound(const RenderItem& item, audio::MonoSound sound, Rendering& rendering) {
  const bool is_opus = item.format == audio::SoundCoding::kOpus;
  const int rate = is_opus ? audio::kOpusRate : std::min(sound.sample_rate, item.features.sample_rate);
  const bool is_cut = duration_s(sound) > kMaxSnippet_s;
  const absl::StatusOr<audio::MonoSound> cut = snippet(std::move(sound), rate);
  if (!cut.ok()) return cut.status();
  absl::StatusOr<std::string> encoded = audio::encode_sound(*cut, item.format);
  if (!encoded.ok()) return encoded.status();
  rendering.bytes = *std::move(encoded);
  rendering.record["format"] = spec::encode(item.format);
  rendering.record["media_type"] = is_opus ? "audio/ogg" : "audio/flac";
  rendering.record["bytes"] = rendering.bytes.size();
  if (is_cut) rendering.record["cut_at_s"] = kMaxSnippet_s;
  return absl::OkStatus();
}

ordered_json frequency_json(const FrequencyAxis& axis) {
  ordered_json ticks = ordered_json::array();
  for (const FrequencyTick& tick : axis.ticks())
    ticks.push_back({{"hz", tick.hz}, {"position", tick.position}});
  return {{"scale", axis.scale()}, {"min_hz", axis.min_hz()}, {"max_hz", axis.max_hz()}, {"ticks", ticks}};
}

}  // namespace

std::string extension(const RenderItem& item) {
  switch (item.kind) {
    case RenderKind::kWaveform:
      return "";
    case RenderKind::kSpectrogram:
      return ".png";
    case RenderKind::kSound:
      return item.format == audio::SoundCoding::kOpus ? ".ogg" : ".flac";
  }
  return "";
}

ordered_json rendering_description(const RenderItem& item) {
  ordered_json json = {{"version", kRenderingVersion},
                       {"kind", spec::encode(item.kind)},
                       {"channel", spec::encode(item.channel)}};
  add_size(item, json);
  if (item.kind == RenderKind::kSpectrogram) {
    FeatureSettings features = audio::resolved(item.features);
    features.image = {};  // these pictures are magma, whatever the network sees
    json["features"] = spec::to_json(features);
  }
  if (item.kind == RenderKind::kSound) {
    json["format"] = spec::encode(item.format);
    if (item.format == audio::SoundCoding::kFlac) json["sample_rate"] = item.features.sample_rate;
  }
  return json;
}

absl::StatusOr<audio::Spectrogram> Renderer::spectrogram(const FeatureSettings& features,
                                                         const audio::MonoSound& sound) {
  if (!maker_ || settings_ != features) {
    absl::StatusOr<audio::SpectrogramMaker> maker = audio::SpectrogramMaker::create(features);
    if (!maker.ok()) return maker.status();
    maker_ = *std::move(maker);
    settings_ = features;
  }
  return maker_->make(sound);
}

absl::Status Renderer::add_spectrogram(const RenderItem& item, const audio::MonoSound& sound,
                                       Rendering& rendering) {
  const absl::StatusOr<audio::Spectrogram> made = spectrogram(item.features, sound);
  if (!made.ok()) return made.status();
  const FeatureSettings& features = item.features;
  const PictureScales scales{.frequency = FrequencyAxis(features),
                             .frames_per_s = static_cast<double>(features.sample_rate) / features.hop_length,
                             .duration_s = duration_s(sound),
                             .min_db = -features.top_db};
  const PalettePicture picture = draw_spectrogram(
      {.bands = made->bands, .frames = made->frames, .values = made->values}, scales, item.size);
  absl::StatusOr<std::string> png = encode_png(picture, palette());
  if (!png.ok()) return png.status();
  rendering.bytes = *std::move(png);
  rendering.record["frequency"] = frequency_json(scales.frequency);
  rendering.record["time"] = time_axis(sound);
  rendering.record["decibels"] = {{"min", scales.min_db}, {"max", 0.0}};
  rendering.record["color_map"] = "magma";
  return absl::OkStatus();
}

absl::StatusOr<Rendering> Renderer::render(const RenderItem& item, const std::string& sha256) {
  absl::StatusOr<audio::MonoSound> sound = audio::decode(item.path, item.channel);
  if (!sound.ok()) return sound.status();
  Rendering rendering;
  rendering.record = {{"kind", spec::encode(item.kind)},
                      {"sha256", sha256},
                      {"duration_s", duration_s(*sound)},
                      {"sample_rate", sound->sample_rate},
                      {"channel", spec::encode(item.channel)}};
  add_size(item, rendering.record);
  absl::Status status;
  switch (item.kind) {
    case RenderKind::kWaveform:
      add_waveform(item, *sound, rendering);
      break;
    case RenderKind::kSpectrogram:
      status = add_spectrogram(item, *sound, rendering);
      break;
    case RenderKind::kSound:
      status = add_sound(item, *std::move(sound), rendering);
      break;
  }
  if (status.ok()) return rendering;
  return absl::Status(status.code(), fmt::format("{}: {}", dataset::printable(item.path.string()),
                                                 std::string(status.message())));
}

}  // namespace melsweep::rendering
