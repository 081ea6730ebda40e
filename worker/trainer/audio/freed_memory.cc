#include "worker/trainer/audio/freed_memory.h"

#include <malloc.h>

namespace melsweep::audio {

#if defined(__GLIBC__)

// A threshold that is set no longer adapts itself, so both are needed.
void keep_freed_memory() {
  constexpr int kMiB = 1 << 20;
  ::mallopt(M_TRIM_THRESHOLD, 64 * kMiB);
  ::mallopt(M_MMAP_THRESHOLD, 16 * kMiB);
}

#else

void keep_freed_memory() {}

#endif

}  // namespace melsweep::audio
