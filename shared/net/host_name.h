#pragma once

#include <string>

namespace melsweep::net {

// What this machine calls itself; empty where it has no name.
std::string host_name();

}  // namespace melsweep::net
