// Removing files without waiting for the disk.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "coordinator/artifacts/artifact_folder.h"
#include "shared/model/artifact.h"

namespace melsweep::artifacts {

// A thread that removes what it is told to, in that order. Destroyed, it first removes all of it.
// Thread-safe.
class RemovalQueue {
 public:
  // The folder must outlive this.
  explicit RemovalQueue(ArtifactFolder& folder);
  ~RemovalQueue();
  RemovalQueue(const RemovalQueue&) = delete;
  RemovalQueue& operator=(const RemovalQueue&) = delete;

  // Returns at once.
  void remove(const ObsoleteFiles& files);

 private:
  void run();

  ArtifactFolder& folder_;
  std::mutex mutex_;
  std::condition_variable wake_;
  ObsoleteFiles files_;    // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace melsweep::artifacts
