// Workers as jobs of Slurm (deploy/slurm/worker.sbatch).
#pragma once

#include <filesystem>

#include "client/scaling/fleet.h"

namespace melsweep::scaling {

struct SlurmOptions {
  std::filesystem::path script;       // worker.sbatch
  std::string coordinator;            // HOST:PORT, as the nodes reach it
  std::vector<std::string> sbatch{};  // options of sbatch: "--gres=gpu:1"
  std::vector<std::string> worker{};  // options of melsweep-worker
};

// Members are the calling user's jobs called melsweep-worker; one that is queued again has the name that it
// had.
class SlurmFleet final : public Fleet {
 public:
  explicit SlurmFleet(SlurmOptions options) : options_(std::move(options)) {}

  absl::StatusOr<std::vector<Member>> members() override;
  absl::Status start(int count) override;
  absl::Status withdraw(const std::vector<std::string>& names) override;

 private:
  SlurmOptions options_;
};

}  // namespace melsweep::scaling
