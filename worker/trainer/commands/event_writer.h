// The trainer's side of the protocol's output.
#pragma once

#include <functional>
#include <map>
#include <mutex>

#include "shared/model/ids.h"
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

  // Writes a ProgressMade unless another of the same trial was written within the last quarter of a second,
  // or within the last second where it is one of a group. The first of a stage and the one that ends it are
  // always written.
  void progress(const Progress& progress, TrialId trial = {});

  // The trial of a group has ended: there will be no progress of it.
  void forget(TrialId trial);

  bool broken() const;

 private:
  struct Told {
    MonotonicTime at;
    Progress progress;
  };

  bool is_due(const Progress& progress, TrialId trial, MonotonicTime now) const;
  bool write_line(const std::string& line);

  const int descriptor_;
  const Clock& clock_;
  const std::function<void()> on_broken_;
  mutable std::mutex mutex_;
  bool broken_ = false;
  std::map<TrialId, Told> told_;  // the latest of each trial
};

}  // namespace melsweep::commands
