// A store in memory that fails when it is told to.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "coordinator/store/memory_store.h"

namespace melsweep::engine {

// What the test and the store, which another thread owns, share. Thread-safe.
class StoreFaults {
 public:
  void fail_next_commit(absl::Status status) { set(next_commit_, std::move(status)); }
  void fail_next_load(absl::Status status) { set(next_load_, std::move(status)); }
  // Until it is set OK again.
  void fail_commits(absl::Status status) { set(commits_, std::move(status)); }
  // Commits with such a write in them.
  void fail_commits_of(std::function<bool(const store::Write&)> which, absl::Status status) {
    const std::scoped_lock lock(mutex_);
    which_ = std::move(which);
    of_which_ = std::move(status);
  }

  absl::Status take_commit_fault(std::span<const store::Write> writes) {
    const std::scoped_lock lock(mutex_);
    ++commits_tried_;
    if (!commits_.ok()) return commits_;
    if (which_ && std::any_of(writes.begin(), writes.end(), which_)) return of_which_;
    return std::exchange(next_commit_, absl::OkStatus());
  }
  absl::Status take_load_fault() {
    const std::scoped_lock lock(mutex_);
    ++loads_tried_;
    return std::exchange(next_load_, absl::OkStatus());
  }

  int commits_tried() const { return get(commits_tried_); }
  int loads_tried() const { return get(loads_tried_); }

 private:
  void set(absl::Status& slot, absl::Status status) {
    const std::scoped_lock lock(mutex_);
    slot = std::move(status);
  }
  int get(const int& count) const {
    const std::scoped_lock lock(mutex_);
    return count;
  }

  mutable std::mutex mutex_;
  absl::Status next_commit_;
  absl::Status next_load_;
  absl::Status commits_;
  std::function<bool(const store::Write&)> which_;
  absl::Status of_which_;
  int commits_tried_ = 0;
  int loads_tried_ = 0;
};

class FakeStore final : public store::Store {
 public:
  explicit FakeStore(std::shared_ptr<StoreFaults> faults) : faults_(std::move(faults)) {}

  absl::Status commit(std::span<const store::Write> writes) override {
    if (absl::Status fault = faults_->take_commit_fault(writes); !fault.ok()) return fault;
    return memory_.commit(writes);
  }
  absl::StatusOr<store::Snapshot> load() override {
    if (absl::Status fault = faults_->take_load_fault(); !fault.ok()) return fault;
    return memory_.load();
  }

 private:
  std::shared_ptr<StoreFaults> faults_;
  store::MemoryStore memory_;
};

}  // namespace melsweep::engine
