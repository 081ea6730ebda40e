// Workers as processes of this machine, which outlive the program that starts them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/local/child_process.h"
#include "client/scaling/fleet.h"

namespace melsweep::scaling {

struct LocalOptions {
  std::filesystem::path program;      // melsweep-worker
  std::string coordinator;            // HOST:PORT
  std::filesystem::path data_dir;     // their logs go to its logs/NAME.log
  std::vector<std::string> worker{};  // more options of melsweep-worker
};

// Members are the calling user's processes that were started so for the same coordinator: what the system
// lists, so that nothing has to be remembered.
class LocalFleet final : public Fleet {
 public:
  explicit LocalFleet(LocalOptions options) : options_(std::move(options)) {}
  ~LocalFleet() override;

  absl::StatusOr<std::vector<Member>> members() override;
  absl::Status start(int count) override;
  absl::Status withdraw(const std::vector<std::string>& names) override;

 private:
  LocalOptions options_;
  std::vector<local::ChildProcess> started_;  // so that the ended ones are reaped
};

}  // namespace melsweep::scaling
