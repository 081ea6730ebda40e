// How much memory this process may still take.
#pragma once

#include <cstddef>

namespace melsweep::training {

// What the machine has left, and no more than the process's cgroup (version 2) leaves it; 0 where that is not
// known.
std::size_t available_memory_bytes();

}  // namespace melsweep::training
