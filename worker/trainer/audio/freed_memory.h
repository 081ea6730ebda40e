// What the decoders of one file free is what those of the next one need.
#pragma once

namespace melsweep::audio {

// From now on the process keeps up to 64 MiB of what it frees. Handed back to the kernel after each file and
// faulted in again with the next, memory takes a fifth of the time that decoding does. To be called before
// there are other threads; without effect where the C library is not GNU's.
void keep_freed_memory();

}  // namespace melsweep::audio
