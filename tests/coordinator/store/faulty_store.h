// A store that fails when it is told to, around another one.
#pragma once

#include <map>
#include <utility>

#include "coordinator/store/store.h"

namespace melsweep::store {

class FaultyStore final : public Store {
 public:
  enum class Moment {
    kBefore,  // nothing is written
    kAfter,   // everything is written, and the caller does not learn of it
  };

  // `store` must live longer.
  explicit FaultyStore(Store& store) : store_(store) {}

  // The n-th commit from now (1 = the next) answers `status`.
  void fail_commit(int n, Moment moment, absl::Status status) {
    faults_.insert_or_assign(commits_ + n, Fault{moment, std::move(status)});
  }

  int commits() const { return commits_; }

  absl::Status commit(std::span<const Write> writes) override {
    const auto fault = faults_.find(++commits_);
    if (fault == faults_.end()) return store_.commit(writes);
    if (fault->second.moment == Moment::kAfter) {
      if (absl::Status status = store_.commit(writes); !status.ok()) return status;
    }
    return fault->second.status;
  }

  absl::StatusOr<Snapshot> load() override { return store_.load(); }

 private:
  struct Fault {
    Moment moment;
    absl::Status status;
  };

  Store& store_;
  int commits_ = 0;
  std::map<int, Fault> faults_;
};

}  // namespace melsweep::store
