// Whose turn it is, where the checkpoints of several attempts go over one ArtifactTransfer.
#pragma once

#include <optional>
#include <span>

#include "shared/time/clock.h"
#include "worker/agent/checkpoint_exchange.h"

namespace melsweep::agent {

// All that share the transfer. One call of each kind at a time; of the attempts for which one is due it is
// the turn of the one whose latest is the longest ago.
using Exchanges = std::span<CheckpointExchange* const>;
using ConstExchanges = std::span<const CheckpointExchange* const>;

// The one whose call is under way; null: none.
CheckpointExchange* fetching(Exchanges exchanges);
CheckpointExchange* storing(Exchanges exchanges);

// Makes the calls that are due and whose turn it is.
void make_transfers(Exchanges exchanges, MonotonicTime now);

// When make_transfers() has something to do by time alone.
std::optional<MonotonicTime> next_transfer(ConstExchanges exchanges);

}  // namespace melsweep::agent
