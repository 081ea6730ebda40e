// A store in memory that fails when it is told to.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "coordinator/store/memory_store.h"

namespace melsweep::rpc {

// What the test and the store, which another thread owns, share. Thread-safe.
class StoreFaults {
 public:
  void fail_next_commit(absl::Status status) { set(next_commit_, std::move(status)); }
  void fail_next_load(absl::Status status) { set(next_load_, std::move(status)); }
  absl::Status take_commit_fault() { return take(next_commit_); }
  absl::Status take_load_fault() { return take(next_load_); }

 private:
  void set(absl::Status& slot, absl::Status status) {
    const std::scoped_lock lock(mutex_);
    slot = std::move(status);
  }
  absl::Status take(absl::Status& slot) {
    const std::scoped_lock lock(mutex_);
    return std::exchange(slot, absl::OkStatus());
  }

  std::mutex mutex_;
  absl::Status next_commit_;
  absl::Status next_load_;
};

class FakeStore final : public store::Store {
 public:
  explicit FakeStore(std::shared_ptr<StoreFaults> faults) : faults_(std::move(faults)) {}

  absl::Status commit(std::span<const store::Write> writes) override {
    if (absl::Status fault = faults_->take_commit_fault(); !fault.ok()) return fault;
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

}  // namespace melsweep::rpc
