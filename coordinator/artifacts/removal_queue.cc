#include "coordinator/artifacts/removal_queue.h"

#include <utility>

namespace melsweep::artifacts {

RemovalQueue::RemovalQueue(ArtifactFolder& folder) : folder_(folder), thread_([this] { run(); }) {}

RemovalQueue::~RemovalQueue() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void RemovalQueue::remove(std::vector<ArtifactName> names) {
  {
    const std::scoped_lock lock(mutex_);
    names_.insert(names_.end(), names.begin(), names.end());
  }
  wake_.notify_one();
}

void RemovalQueue::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !names_.empty(); });
    if (names_.empty()) return;
    const std::vector<ArtifactName> names = std::exchange(names_, {});
    lock.unlock();
    folder_.remove(names);
  }
}

}  // namespace melsweep::artifacts
