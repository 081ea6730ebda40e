// The one mapping between our errors and gRPC's.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace melsweep::wire {

// gRPC carries a message in a header, whose size the other side bounds (8 KiB by default, all headers
// together), and writes what is not printable ASCII as three characters a byte.
inline constexpr std::size_t kMaxStatusHeaderBytes = 4096;

// The same code and message, both ways. A message that would take more than kMaxStatusHeaderBytes is cut
// between two characters and ends in "...".

grpc::Status to_grpc(const absl::Status& status);
absl::Status from_grpc(const grpc::Status& status);

}  // namespace melsweep::wire
