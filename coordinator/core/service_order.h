// Which sweep's work goes out next: a stateless policy.
#pragma once

#include <cstdint>

#include "shared/model/ids.h"

namespace melsweep::core {

// A sweep whose work is ready and may go out.
struct Claim {
  SweepId sweep;
  bool looks_at_data = false;  // the work is the look at its data
  bool is_first = false;       // somebody waits for it at a terminal: SweepSubmitted::serve_first
  int priority = 0;
  std::int64_t workers = 0;  // that work for it now, or for another sweep of its study
};

// Those that are served first; then looks at data, so that a sweep that cannot run says so at once and not
// after all earlier ones; then the higher priority. Of several, whoever has fewest workers gets the next one,
// so that they share them evenly; of these the older sweep.
bool goes_before(const Claim& a, const Claim& b);

}  // namespace melsweep::core
