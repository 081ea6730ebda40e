// One piece of work that the coordinator gave to this worker, until nothing of it is left here.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "shared/model/assignment.h"
#include "shared/time/clock.h"
#include "worker/agent/checkpoint_exchange.h"
#include "worker/trainer/protocol/messages.h"

namespace melsweep::agent {

// The trial that the work is an attempt at; 0: it is a look at data. No two works of one lease have the same.
TrialId trial_of(const Assignment& assignment);

// "trial 7, attempt 2".
std::string describe(const WorkRef& work);

// Where a piece of work stands. The works of one lease begin together, and each ends by itself:
//
//   kGiven -its lease is known to hold, and its checkpoint is here-> kRunning
//   kGiven, kRunning -its end-> kStoring -the coordinator has what it made-> kReporting
//   kReporting -all acknowledged-> kOver
//   kRunning -no contact for the TTL-> kExpired -the trainer is gone-> kStoring (that it is given back)
//   kRunning, kStoring, kReporting -its report is refused-> kStoring (that it failed)
//   any but kExpired -no longer ours-> kOver
//   kOver -trainer and transfer have let go of it-> (none)
enum class WorkPhase { kGiven, kRunning, kStoring, kReporting, kExpired, kOver };

// Not thread-safe.
class HeldWork {
 public:
  // What the coordinator has promised for certain, and the TTL of the terms that it promised under.
  struct Lease {
    MonotonicTime until;
    std::chrono::milliseconds ttl{0};
  };

  // What the work makes goes to `folder`; empty where it makes nothing.
  HeldWork(Assignment assignment, Lease lease, std::filesystem::path folder, CheckpointExchange exchange);

  const Assignment& assignment() const { return assignment_; }
  const WorkRef& ref() const { return ref_; }
  TrialId trial() const { return trial_of(assignment_); }
  WorkPhase phase() const { return phase_; }
  MonotonicTime lease_until() const { return lease_.until; }
  const std::filesystem::path& folder() const { return folder_; }
  CheckpointExchange& exchange() { return exchange_; }
  const CheckpointExchange& exchange() const { return exchange_; }

  // Whether the trainer may begin with it.
  bool is_ready(MonotonicTime now) const;
  // Whether the coordinator is told that it goes on.
  bool is_claimed() const { return phase_ != WorkPhase::kExpired && phase_ != WorkPhase::kOver; }
  // Whether its end has still to be told.
  bool is_open() const;
  // Whether what it made is with the coordinator, or will not be.
  bool is_stored() const { return phase_ == WorkPhase::kStoring && !exchange_.is_storing(); }
  // Whether its end may be told though its latest checkpoint is not stored.
  bool may_go_unstored() const { return phase_ == WorkPhase::kStoring && !exchange_.has_result_to_store(); }

  // The coordinator had the work as ours when it was asked, or later. Where its terms are others now, the
  // shorter time counts until the next answer.
  void keep_lease(MonotonicTime asked_at, std::chrono::milliseconds ttl);

  void begin();
  // It came to this, which is to be reported once what it made is stored.
  void end(ReportEvent ending);
  // What is to be known of its result, where it has one that is not reported yet; a sentence.
  void warn(std::string warning);
  // How it ended, for the report; nothing more is stored.
  WorkReport report();
  void expire();
  // Nothing of it is owed to the coordinator any more.
  void let_go();

  // Its folder, once it need not be kept; emptied by that. Empty where there is none.
  std::filesystem::path take_leftovers();

  Progress progress{};
  std::optional<ReleaseReason> release{};  // why its trainer is to stop, once it is
  bool refused = false;                    // the coordinator could not take a report of it

 private:
  Assignment assignment_;
  WorkRef ref_;
  WorkPhase phase_ = WorkPhase::kGiven;
  Lease lease_;
  std::filesystem::path folder_;
  CheckpointExchange exchange_;
  std::optional<ReportEvent> ending_;  // while it is kStoring
};

// What the trainer is told to do: one piece of work, or several trials together. A checkpoint is made every
// so often.
protocol::Command command_for(std::span<const HeldWork* const> works,
                              std::chrono::milliseconds checkpoint_every);

}  // namespace melsweep::agent
