// Which coordinator, and how it may be spoken to.
#pragma once

#include <filesystem>
#include <string>

#include "shared/net/limits.h"

namespace melsweep::remote {

struct CoordinatorAddress {
  std::string target;  // "HOST:PORT"
  net::Plaintext plaintext = net::Plaintext::kLoopbackOnly;
  std::filesystem::path credentials{};  // shared/net/credentials.h; empty: none
};

}  // namespace melsweep::remote
