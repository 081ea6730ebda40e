// Long recordings in pieces as long as the clips that a model was trained on.
#pragma once

#include <cstddef>
#include <vector>

namespace melsweep::models {

struct WindowOptions {
  double window_s = 0.0;  // seconds; 0 = the whole sound is one window
  double hop_s = 0.0;     // seconds from one window's beginning to the next; 0 = window_s
};

// Samples [begin, end) of a sound.
struct Window {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const Window&, const Window&) = default;
};

// In order; all of one length. The last one ends with the sound, for which it begins earlier than a hop after
// the one before. With a hop that is longer than the window something is left out between them. A sound no
// longer than a window is one window. `samples` is at least 1, `sample_rate` in Hz.
std::vector<Window> windows_of(std::size_t samples, int sample_rate, const WindowOptions& options);

}  // namespace melsweep::models
