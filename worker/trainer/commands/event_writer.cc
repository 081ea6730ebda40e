#include "worker/trainer/commands/event_writer.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include "worker/trainer/protocol/codec.h"

namespace melsweep::commands {
namespace {

constexpr std::chrono::milliseconds kProgressInterval{250};
constexpr std::chrono::milliseconds kMembersProgressInterval{1000};

}  // namespace

EventWriter::EventWriter(int descriptor, const Clock& clock, std::function<void()> on_broken)
    : descriptor_(descriptor), clock_(clock), on_broken_(std::move(on_broken)) {}

void EventWriter::write(const protocol::Event& event) {
  const std::string line = protocol::encode(event) + "\n";
  bool broke = false;
  {
    const std::scoped_lock lock(mutex_);
    if (!broken_ && !write_line(line)) broken_ = broke = true;
  }
  if (broke && on_broken_) on_broken_();
}

void EventWriter::progress(const Progress& progress, TrialId trial) {
  const MonotonicTime now = clock_.now().monotonic;
  {
    const std::scoped_lock lock(mutex_);
    if (!is_due(progress, trial, now)) return;
    told_[trial] = {.at = now, .progress = progress};
  }
  write(protocol::ProgressMade{progress, trial});
}

bool EventWriter::is_due(const Progress& progress, TrialId trial, MonotonicTime now) const {
  const auto told = told_.find(trial);
  if (told == told_.end()) return true;
  const auto& [at, before] = told->second;
  if (now - at >= (trial == TrialId{} ? kProgressInterval : kMembersProgressInterval)) return true;
  if (progress.stage != before.stage) return true;
  return progress.done == progress.total && progress != before;
}

void EventWriter::forget(TrialId trial) {
  const std::scoped_lock lock(mutex_);
  told_.erase(trial);
}

bool EventWriter::broken() const {
  const std::scoped_lock lock(mutex_);
  return broken_;
}

bool EventWriter::write_line(const std::string& line) {
  std::size_t written = 0;
  while (written < line.size()) {
    const ssize_t count = ::write(descriptor_, line.data() + written, line.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    written += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace melsweep::commands
