// SIGTERM and SIGINT as calls of a function, on a thread where everything is allowed.
#pragma once

#include <functional>
#include <thread>

#include "worker/agent/child.h"

namespace melsweep::agent {

// Blocks SIGTERM and SIGINT in the calling thread and in every thread that it starts later, and ignores
// SIGPIPE, so that writing to a dead trainer is an error like others. Called first thing in main, before gRPC
// has threads.
void take_over_signals();

// While it exists, calls `on_stop` for every SIGTERM and SIGINT. Needs take_over_signals().
class SignalWatch {
 public:
  explicit SignalWatch(std::function<void()> on_stop);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  void watch();

  std::function<void()> on_stop_;
  Descriptor signals_;
  Descriptor leave_;
  std::thread watching_;
};

}  // namespace melsweep::agent
