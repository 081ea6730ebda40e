// The network between the coordinator and its peers (workers and clients).
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "tests/simulation/event_queue.h"
#include "tests/simulation/random.h"
#include "tests/simulation/trace.h"

namespace melsweep::simulation {

enum class Direction { kToCoordinator, kFromCoordinator };

// A peer's number: workers from 0, then the clients.
struct Peer {
  int number = 0;
};

struct NetworkFaults {
  double drop = 0.0;                           // of messages
  double duplicate = 0.0;                      // of messages; the copy goes its own way
  double slow = 0.0;                           // of messages, which are overtaken by others
  std::chrono::milliseconds longest_delay{0};  // of slow ones
};

class Network {
 public:
  Network(EventQueue& queue, Trace& trace, Random random, int peers);

  // Calls `arrive` once; or later, twice or not at all, as the faults have it.
  void send(Direction direction, Peer peer, std::function<void()> arrive);

  void set_faults(const NetworkFaults& faults) { faults_ = faults; }
  void cut(Peer peer, Direction direction);
  void heal(Peer peer);

 private:
  struct Cuts {
    bool to_coordinator = false;
    bool from_coordinator = false;
  };

  bool& cut_of(Peer peer, Direction direction);
  std::chrono::milliseconds delay();

  EventQueue& queue_;
  Trace& trace_;
  Random random_;
  NetworkFaults faults_;
  std::vector<Cuts> cuts_;
};

}  // namespace melsweep::simulation
