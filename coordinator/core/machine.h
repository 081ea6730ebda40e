// The coordinator as a state machine: an event and the time go in, the state changes, and what is to be
// written and answered comes out. Nothing here blocks, reads a clock or fails: a request that cannot be met
// gets a reply that says so.
#pragma once

#include <optional>

#include "coordinator/core/events.h"
#include "coordinator/core/state.h"
#include "shared/time/clock.h"

namespace melsweep::core {

// Every event with a token is answered exactly once, by its own outbox or by that of a later event;
// LeaseAbandoned has the token of its request and no answer of its own.
//
// NotFound replies: the worker must register (again). FailedPrecondition replies: the work is no longer the
// worker's.

// A known worker is welcome again and keeps its leases. One that was told to leave still is to leave.
Outbox on_worker_registered(State& state, const WorkerRegistered& event, const Now& now);

// Answered now, or by the later event that makes work ready or finds the wait over. While the worker holds
// any of what the same request was answered with, it is answered with that again. FailedPrecondition: the
// worker is to leave.
Outbox on_lease_requested(State& state, const LeaseRequested& event, const Now& now);

// Cancelled is the answer to a request that still waited.
Outbox on_lease_abandoned(State& state, const LeaseAbandoned& event, const Now& now);

Outbox on_heartbeat(State& state, const HeartbeatReceived& event, const Now& now);

// Reports of work that is the worker's are recorded, in order; those that were recorded before change
// nothing. Of work that is not the worker's nothing is recorded. Where none of it is, the reply is
// FailedPrecondition.
Outbox on_report(State& state, const ReportReceived& event, const Now& now);

// The same request gives the same sweeps; one that was answered with an unfinished sweep is remembered until
// the coordinator's restart only. InvalidArgument: more trials than Options::max_trials.
Outbox on_sweep_submitted(State& state, const SweepSubmitted& event, const Now& now);

// Of the next three: NotFound: there is no such sweep; FailedPrecondition: it has ended, and not by being
// cancelled where that is what is asked; InvalidArgument: the request asked for something else before. The
// same request again changes nothing, also after a restart, nor does a new one for what is so already. With
// the sweep's end its requests are forgotten: one that comes again is then answered as a new one, and changes
// nothing either.

// Nothing of the sweep is leased until it is resumed, its preparation no more than its trials. What is leased
// is asked back.
Outbox on_sweep_paused(State& state, const SweepPaused& event, const Now& now);

// What waits is ready at once, without what is left of its delay.
Outbox on_sweep_resumed(State& state, const SweepResumed& event, const Now& now);

Outbox on_sweep_cancelled(State& state, const SweepCancelled& event, const Now& now);

// From now on the worker is given no work and told to leave; it keeps what it holds until it gives it back.
// NotFound: there is no such worker. Twice is well.
Outbox on_worker_drained(State& state, const WorkerDrained& event, const Now& now);

// Whether the worker holds that attempt now; nothing is recorded of it.
Outbox on_upload_offered(State& state, const UploadOffered& event, const Now& now);

Outbox on_workers_asked(State& state, const WorkersAsked& event, const Now& now);

// Takes work from workers that were not heard of, makes more trials of sweeps that lack some, and answers
// requests for work whose wait is over.
Outbox on_time_passed(State& state, const TimePassed& event, const Now& now);

// Any of the above.
Outbox apply(State& state, const Event& event, const Now& now);

// When TimePassed is due next, which may be a time long ago; nothing where only other events can change the
// state.
std::optional<MonotonicTime> next_deadline(const State& state);

}  // namespace melsweep::core
