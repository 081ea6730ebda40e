// One computation in parts, several at a time, with a result that does not depend on how many.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "absl/status/status.h"

namespace melsweep::training {

struct PartsWork {
  std::size_t parts = 0;
  std::size_t at_once = 1;
  std::function<void(std::size_t part)> compute;
  std::function<void(std::size_t part)> collect;  // may sum up: it is called in ascending order
};

// compute(part) for every part, `at_once` of them at a time, each on a thread of its own that libtorch uses
// alone; then collect(part) on the calling thread. With at_once = 1 all of it happens on the calling thread,
// as libtorch is set. Cancelled when stopped: parts that have begun are ended, and not collected. The first
// error (catch_torch()'s, of what compute or collect throw) ends it likewise.
absl::Status work_in_parts(const PartsWork& work, const std::stop_token& stop);

}  // namespace melsweep::training
