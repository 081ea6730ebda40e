// Pictures and sounds of clips, made by somebody else.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace melsweep::report {

enum class RenderingKind { kWaveform, kSpectrogram, kSound };

// A rendering to be made of a sound file.
struct RenderingWish {
  std::string id;  // letters, digits, '-' and '_'; its own within the request
  RenderingKind kind = RenderingKind::kSpectrogram;
  std::string path;      // absolute
  std::string sha256;    // that the file must still have
  std::string features;  // JSON object, as in a trial's settings
  int width = 480;       // pixels
  int height = 192;
  std::string clip{};  // what the data set calls it
};

struct Rendering {
  std::string id;
  std::string error;       // why there is none; empty: there is
  std::string bytes;       // of the picture, a PNG, or of the sound
  std::string media_type;  // of the sound
  double duration_s = 0.0;
  double cut_at_s = 0.0;  // where the sound ends before the clip does; else 0
  int width = 0;
  int height = 0;
  double min_db = 0.0;
  double max_db = 0.0;
  std::string scale;                             // "mel" or "log"
  std::vector<std::pair<double, double>> ticks;  // Hz, and where from the lower edge 0 to the upper 1
  std::vector<std::pair<double, double>> peaks;  // of the waveform: least and greatest sample, one a pixel
  RenderingKind kind = RenderingKind::kSpectrogram;
  std::string clip{};    // what the data set calls it, where the list says so
  std::string sha256{};  // of the sound file that it was made of
};

class Renderer {
 public:
  virtual ~Renderer() = default;

  // One for each wish, in their order. An error: none could be made, and why.
  virtual absl::StatusOr<std::vector<Rendering>> render(const std::vector<RenderingWish>& wishes) = 0;
};

}  // namespace melsweep::report
