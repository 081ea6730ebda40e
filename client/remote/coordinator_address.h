// Which coordinator, and how it may be spoken to.
#pragma once

#include <string>

#include "shared/net/limits.h"

namespace melsweep::remote {

struct CoordinatorAddress {
  std::string target;  // "HOST:PORT"
  net::Plaintext plaintext = net::Plaintext::kLoopbackOnly;
};

}  // namespace melsweep::remote
