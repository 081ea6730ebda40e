// A sound file in memory, for libsndfile to write.
#pragma once

#include <sndfile.h>

#include <cstddef>
#include <string>

namespace melsweep::audio {

// The file that libsndfile believes it writes; it outlives the handle.
struct SoundMemory {
  std::string bytes;
  std::size_t position = 0;
};

// For sf_open_virtual(), with a SoundMemory as its user data.
SF_VIRTUAL_IO sound_memory_io();

}  // namespace melsweep::audio
