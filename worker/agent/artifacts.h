// What trainers leave on the disk, as the agent needs it.
#pragma once

#include <filesystem>

namespace melsweep::agent {

class Artifacts {
 public:
  virtual ~Artifacts() = default;

  // Removes the folder of an attempt that came to nothing, if it is there. What cannot be removed stays, and
  // is told to the log.
  virtual void discard(const std::filesystem::path& folder) = 0;
};

}  // namespace melsweep::agent
