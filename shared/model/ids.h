// Strong identifiers: one type each, so that a trial's id cannot be passed where a sweep's is wanted.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace melsweep {

// A positive number given by the coordinator; 0 means "none yet".
template <class Tag>
struct NumberId {
  std::int64_t value = 0;
  friend auto operator<=>(const NumberId&, const NumberId&) = default;
};

// A non-empty text chosen by the side that names the thing.
template <class Tag>
struct TextId {
  std::string value;
  friend auto operator<=>(const TextId&, const TextId&) = default;
};

using SweepId = NumberId<struct SweepIdTag>;
using TrialId = NumberId<struct TrialIdTag>;
using WorkerId = TextId<struct WorkerIdTag>;    // unique per agent process: "<name>-<random>"
using StoreId = TextId<struct StoreIdTag>;      // of one results database: 32 random hexadecimal digits
using RequestId = TextId<struct RequestIdTag>;  // made by the caller, the same on every retry of one request

// One execution of a trial. The epoch is the fencing number: it rises by one with every lease of the trial,
// and what a report with a lower epoch says is refused.
struct AttemptRef {
  TrialId trial;
  std::int32_t epoch = 0;
  friend auto operator<=>(const AttemptRef&, const AttemptRef&) = default;
};

}  // namespace melsweep

template <class Tag>
struct std::hash<melsweep::NumberId<Tag>> {
  std::size_t operator()(const melsweep::NumberId<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};

template <class Tag>
struct std::hash<melsweep::TextId<Tag>> {
  std::size_t operator()(const melsweep::TextId<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.value);
  }
};
