// Ctrl-C and SIGTERM as something that can be waited for.
#pragma once

#include <chrono>

#include "shared/files/descriptor.h"

namespace melsweep::local {

// While one exists, SIGINT and SIGTERM do not kill the program but are counted. At most one at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  // Waits until the next signal or for this long. Returns how many came since the watch began.
  int wait_for(std::chrono::milliseconds longest);

 private:
  files::Descriptor signals_;  // a signalfd
  int count_ = 0;
};

}  // namespace melsweep::local
