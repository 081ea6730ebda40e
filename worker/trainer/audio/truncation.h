// Finds files that end before their container says: libsndfile takes what is there and says nothing.
#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace melsweep::audio {

// InvalidArgument, with the file's name, where the data chunk of a RIFF, RIFX or RF64 file promises a block
// (a sample of all channels) or more than the file holds, where it has the length 0 and sound all the same,
// and where an Ogg file ends within a page or without a page that ends the stream. A length that writers to
// pipes leave for "unknown" is no promise. Ok for every other kind of file: their decoders notice.
// Unavailable where the file cannot be read.
absl::Status check_not_truncated(const std::filesystem::path& path);

}  // namespace melsweep::audio
