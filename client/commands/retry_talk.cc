#include "client/commands/retry_talk.h"

#include <chrono>
#include <iostream>
#include <thread>

namespace melsweep::commands {

wire::Sleeper sleep_and_say_so(const std::string& target) {
  return [target, said = false](std::chrono::milliseconds delay) mutable {
    if (!said) std::cerr << "melsweep: the coordinator at " << target << " does not answer; asking again\n";
    said = true;
    std::this_thread::sleep_for(delay);
  };
}

}  // namespace melsweep::commands
