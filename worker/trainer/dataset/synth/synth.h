// A generated data set in UrbanSound8K's layout: for trying things out where the real one is not at hand.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>

#include "absl/status/status.h"
#include "shared/model/progress.h"

namespace melsweep::synth {

struct SynthOptions {
  int clips = 200;  // in [kMinClips, kMaxClips]; some 0.25 MB each
  std::uint64_t seed = 0;
  std::function<void(const Progress&)> progress;  // stage "making sound"; may be empty
  std::stop_token stop;
};

// Writes metadata/UrbanSound8K.csv and audio/fold1 .. fold10 below `folder`, each file whole or not at all
// and the table last. The same options give the same bytes. A folder with this very set in it, finished or
// not, is completed; FailedPrecondition for a folder that holds anything else, InvalidArgument for a number
// of clips out of range, Cancelled after a stop.
absl::Status synthesize(const std::filesystem::path& folder, const SynthOptions& options);

}  // namespace melsweep::synth
