// A few short sounds on disk: two classes that a spectrogram tells apart, a low tone and a high one.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "shared/model/dataset.h"

namespace melsweep::training {

// A stereo file of 16 bits at 8 kHz; the right channel is half as loud as the left.
inline void write_tone(const std::filesystem::path& path, double frequency_hz, double seconds) {
  constexpr std::uint32_t kRate = 8000;
  const auto frames = static_cast<std::uint32_t>(seconds * kRate);
  const std::uint32_t data_bytes = frames * 4;
  std::string bytes = "RIFF";
  const auto put = [&bytes](auto number) {
    char raw[sizeof(number)];
    std::memcpy(raw, &number, sizeof(number));
    bytes.append(raw, sizeof(number));
  };
  put(36 + data_bytes);
  bytes += "WAVEfmt ";
  put(std::uint32_t{16});
  put(std::uint16_t{1});  // PCM
  put(std::uint16_t{2});  // channels
  put(kRate);
  put(kRate * 4);
  put(std::uint16_t{4});
  put(std::uint16_t{16});
  bytes += "data";
  put(data_bytes);
  for (std::uint32_t i = 0; i < frames; ++i) {
    const double sample = 20000.0 * std::sin(2.0 * M_PI * frequency_hz * i / kRate);
    put(static_cast<std::int16_t>(sample));
    put(static_cast<std::int16_t>(sample / 2));
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

// Makes `folder` anew with clips 0 .. train + validation - 1, of alternating classes, and a manifest; the
// last clips are fold 2, which validates.
inline DatasetSpec write_tiny_dataset(const std::filesystem::path& folder, int train, int validation) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::ofstream manifest(folder / "manifest.csv");
  manifest << "path,label,fold\n";
  for (int i = 0; i < train + validation; ++i) {
    const std::string name = "clip" + std::to_string(i) + ".wav";
    write_tone(folder / name, i % 2 == 0 ? 300.0 + 10 * i : 2500.0 + 10 * i, 0.4);
    manifest << name << "," << (i % 2 == 0 ? "low" : "high") << "," << (i < train ? 1 : 2) << "\n";
  }
  DatasetSpec spec{.format = DatasetFormat::kCsv, .path = (folder / "manifest.csv").string(), .split = {}};
  spec.split.by = SplitBy::kFold;
  spec.split.validation_folds = {2};
  return spec;
}

}  // namespace melsweep::training
