// The store of one process of the coordinator.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "coordinator/store/store.h"
#include "tests/simulation/disk.h"

namespace melsweep::simulation {

class SimulatedStore final : public store::Store {
 public:
  // Opens the disk, which outlives this.
  explicit SimulatedStore(Disk& disk) : disk_(disk), opened_(disk.open()) {}

  absl::Status commit(std::span<const store::Write> writes) override { return disk_.commit(writes); }
  absl::StatusOr<store::Snapshot> load() override {
    if (!opened_.ok()) return opened_;
    return disk_.load();
  }

 private:
  Disk& disk_;
  absl::Status opened_;
};

using StoreMaker = std::function<std::unique_ptr<store::Store>(Disk&)>;

}  // namespace melsweep::simulation
