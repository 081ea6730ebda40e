#include "worker/agent/signal_watch.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"

namespace melsweep::agent {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  ::sigaddset(&signals, SIGINT);
  ::sigaddset(&signals, SIGUSR1);
  return signals;
}

}  // namespace

void take_over_signals() {
  const sigset_t signals = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

absl::StatusOr<std::unique_ptr<SignalWatch>> SignalWatch::start(std::function<void(int)> on_stop) {
  const sigset_t signals = stop_signals();
  files::Descriptor watched(::signalfd(-1, &signals, SFD_CLOEXEC));
  if (!watched.is_open()) return absl::ErrnoToStatus(errno, "cannot watch for signals");
  files::Descriptor leave(::eventfd(0, EFD_CLOEXEC));
  if (!leave.is_open()) return absl::ErrnoToStatus(errno, "cannot watch for signals");
  return std::unique_ptr<SignalWatch>(
      new SignalWatch(std::move(on_stop), std::move(watched), std::move(leave)));
}

SignalWatch::SignalWatch(std::function<void(int)> on_stop, files::Descriptor signals, files::Descriptor leave)
    : on_stop_(std::move(on_stop)),
      signals_(std::move(signals)),
      leave_(std::move(leave)),
      watching_([this] { watch(); }) {}

SignalWatch::~SignalWatch() {
  const std::uint64_t one = 1;
  while (::write(leave_.get(), &one, sizeof one) < 0) {
  }
  watching_.join();
}

void SignalWatch::watch() {
  while (true) {
    pollfd waiting[] = {{signals_.get(), POLLIN, 0}, {leave_.get(), POLLIN, 0}};
    if (::poll(waiting, 2, -1) < 0) continue;
    if (waiting[1].revents != 0) return;
    signalfd_siginfo info;
    if (::read(signals_.get(), &info, sizeof info) == sizeof info) on_stop_(static_cast<int>(info.ssi_signo));
  }
}

}  // namespace melsweep::agent
