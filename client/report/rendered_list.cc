#include "client/report/rendered_list.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace melsweep::report {
namespace {

using nlohmann::json;

constexpr RenderingKind kKinds[] = {RenderingKind::kWaveform, RenderingKind::kSpectrogram,
                                    RenderingKind::kSound};

std::vector<std::pair<double, double>> pairs_of(const json& list) {
  std::vector<std::pair<double, double>> pairs;
  for (const json& pair : list) pairs.emplace_back(pair.at(0).get<double>(), pair.at(1).get<double>());
  return pairs;
}

// json's exceptions where it is none.
Rendering rendering_of(const json& item, const ReadRendered& read) {
  Rendering rendering;
  rendering.id = item.at("id").get<std::string>();
  rendering.clip = item.value("clip", "");
  rendering.error = item.value("error", "");
  if (!rendering.error.empty()) return rendering;
  for (const RenderingKind kind : kKinds) {
    if (item.at("kind").get<std::string>() == kind_text(kind)) rendering.kind = kind;
  }
  rendering.sha256 = item.value("sha256", "");
  rendering.duration_s = item.value("duration_s", 0.0);
  rendering.cut_at_s = item.value("cut_at_s", 0.0);
  rendering.width = item.value("width", 0);
  rendering.height = item.value("height", 0);
  rendering.media_type = item.value("media_type", "");
  if (item.contains("decibels")) {
    rendering.min_db = item["decibels"].at("min").get<double>();
    rendering.max_db = item["decibels"].at("max").get<double>();
  }
  if (item.contains("frequency")) {
    rendering.scale = item["frequency"].at("scale").get<std::string>();
    for (const json& tick : item["frequency"].at("ticks")) {
      rendering.ticks.emplace_back(tick.at("hz").get<double>(), tick.at("position").get<double>());
    }
  }
  if (item.contains("peaks")) rendering.peaks = pairs_of(item["peaks"]);
  if (!item.contains("file")) return rendering;
  const std::filesystem::path file = item["file"].get<std::string>();
  absl::StatusOr<std::string> bytes = read(file.filename().string());
  if (!bytes.ok()) rendering.error = std::string(bytes.status().message());
  if (bytes.ok()) rendering.bytes = *std::move(bytes);
  return rendering;
}

}  // namespace

std::string kind_text(RenderingKind kind) {
  switch (kind) {
    case RenderingKind::kWaveform:
      return "waveform";
    case RenderingKind::kSpectrogram:
      return "spectrogram";
    case RenderingKind::kSound:
      return "sound";
  }
  return "";
}

absl::StatusOr<std::vector<Rendering>> parse_rendered(const std::string& text, const ReadRendered& read) {
  std::vector<Rendering> renderings;
  try {
    const json list = json::parse(text);
    for (const json& item : list.at("items")) renderings.push_back(rendering_of(item, read));
  } catch (const json::exception& error) {
    return absl::DataLossError(absl::StrCat(kRenderedFile, " cannot be read: ", error.what()));
  }
  return renderings;
}

}  // namespace melsweep::report
