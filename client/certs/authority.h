// X.509 certificates of a small authority of one's own, with keys on the curve P-256.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/time/clock.h"

namespace melsweep::certs {

// A private key with the certificate of its public half, both as PEM.
struct Identity {
  std::string key;
  std::string certificate;
};

struct Validity {
  WallTime from;
  std::chrono::hours length{0};
};

// Signs itself.
absl::StatusOr<Identity> make_authority(const std::string& name, const Validity& validity);

// Good for both ends of a connection. `hosts` are the names and addresses that a server is reached by; a
// caller needs none.
absl::StatusOr<Identity> make_identity(const Identity& authority, const std::string& name,
                                       const std::vector<std::string>& hosts, const Validity& validity);

}  // namespace melsweep::certs
