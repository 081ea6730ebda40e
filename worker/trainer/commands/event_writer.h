// The trainer's side of the protocol's output.
#pragma once

#include <functional>
#include <mutex>
#include <optional>

#include "shared/time/clock.h"
#include "worker/trainer/protocol/messages.h"

namespace melsweep::commands {

// Thread-safe. Does not own the descriptor.
class EventWriter {
 public:
  // on_broken is called once, under no lock, when the reader of the descriptor has gone.
  EventWriter(int descriptor, const Clock& clock, std::function<void()> on_broken);

  // One whole line, at once.
  void write(const protocol::Event& event);

  // Writes a ProgressMade unless another was written within the last quarter of a second. The first of a
  // stage and the one that ends it are always written.
  void progress(const Progress& progress);

  bool broken() const;

 private:
  bool is_due(const Progress& progress, MonotonicTime now) const;
  bool write_line(const std::string& line);

  const int descriptor_;
  const Clock& clock_;
  const std::function<void()> on_broken_;
  mutable std::mutex mutex_;
  bool broken_ = false;
  std::optional<MonotonicTime> last_progress_;
  Progress written_progress_;  // at that time
};

}  // namespace melsweep::commands
