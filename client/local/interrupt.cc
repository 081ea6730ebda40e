#include "client/local/interrupt.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cassert>

namespace melsweep::local {
namespace {

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  const sigset_t set = watched_signals();
  // Blocked in this thread and those it starts from now on, so that only the descriptor sees them.
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = files::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  assert(signals_.is_open());
}

InterruptWatch::~InterruptWatch() {
  signals_.reset();
  const sigset_t set = watched_signals();
  ::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

int InterruptWatch::wait_for(std::chrono::milliseconds longest) {
  pollfd entry{.fd = signals_.get(), .events = POLLIN, .revents = 0};
  ::poll(&entry, 1, static_cast<int>(longest.count()));
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) ++count_;
  return count_;
}

}  // namespace melsweep::local
