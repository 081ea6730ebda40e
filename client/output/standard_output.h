// What a program owes its standard streams.
#pragma once

#include "absl/status/status.h"

namespace melsweep::output {

// Gives closed standard streams their places back, so that no file or socket opened later is taken for one of
// them. To be called before anything is opened.
void occupy_standard_streams();

// Writes out what was printed on standard output. Cancelled: its reader has gone, which is for the reader to
// know; any other error names the system's reason: what was printed is not all there.
absl::Status flush_standard_output();

}  // namespace melsweep::output
