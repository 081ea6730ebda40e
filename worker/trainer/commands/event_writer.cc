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

void EventWriter::progress(const Progress& progress) {
  const MonotonicTime now = clock_.now().monotonic;
  {
    const std::scoped_lock lock(mutex_);
    if (!is_due(progress, now)) return;
    last_progress_ = now;
    written_progress_ = progress;
  }
  write(protocol::ProgressMade{progress});
}

bool EventWriter::is_due(const Progress& progress, MonotonicTime now) const {
  if (!last_progress_ || now - *last_progress_ >= kProgressInterval) return true;
  if (progress.stage != written_progress_.stage) return true;
  return progress.done == progress.total && progress != written_progress_;
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
