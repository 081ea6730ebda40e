// SIGTERM, SIGINT and SIGUSR1 (which Slurm sends ahead of a job's time limit, told to) as calls of a
// function, on a thread where everything is allowed.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "absl/status/statusor.h"
#include "shared/files/descriptor.h"

namespace melsweep::agent {

// Blocks the three in the calling thread and in every thread that it starts later, and ignores
// SIGPIPE, so that writing to a dead trainer is an error like others. Called first thing in main, before gRPC
// has threads.
void take_over_signals();

// While it exists, calls `on_stop` for each of these signals, with its number. Needs take_over_signals().
class SignalWatch {
 public:
  // An error says why the system gives no descriptor to wait on.
  static absl::StatusOr<std::unique_ptr<SignalWatch>> start(std::function<void(int)> on_stop);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  SignalWatch(std::function<void(int)> on_stop, files::Descriptor signals, files::Descriptor leave);
  void watch();

  std::function<void(int)> on_stop_;
  files::Descriptor signals_;
  files::Descriptor leave_;
  std::thread watching_;
};

}  // namespace melsweep::agent
