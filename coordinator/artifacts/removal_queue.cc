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

void RemovalQueue::remove(const ObsoleteFiles& files) {
  {
    const std::scoped_lock lock(mutex_);
    files_.append(files);
  }
  wake_.notify_one();
}

void RemovalQueue::run() {
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !files_.empty(); });
    if (files_.empty()) return;
    const ObsoleteFiles files = std::exchange(files_, {});
    lock.unlock();
    folder_.remove(files);
  }
}

}  // namespace melsweep::artifacts
