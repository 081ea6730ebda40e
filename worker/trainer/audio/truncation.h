// Finds files that end before their container says: libsndfile takes what is there and says nothing.
#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace melsweep::audio {

// InvalidArgument, with the file's name, where the data chunk of a RIFF, RIFX or RF64 file or the last page
// of an Ogg file is longer than what the file holds. Ok for every other kind of file: their decoders notice.
absl::Status check_not_truncated(const std::filesystem::path& path);

}  // namespace melsweep::audio
