#include "tests/simulation/network.h"

#include <utility>

namespace melsweep::simulation {

using std::chrono::milliseconds;

Network::Network(EventQueue& queue, Trace& trace, Random random, int peers)
    : queue_(queue), trace_(trace), random_(random), cuts_(static_cast<std::size_t>(peers)) {}

void Network::send(Direction direction, Peer peer, std::function<void()> arrive) {
  const int to_coordinator = direction == Direction::kToCoordinator ? 1 : 0;
  if (cut_of(peer, direction) || random_.chance(faults_.drop)) {
    trace_.note(queue_.now(), Happening::kMessageLost, peer.number, to_coordinator);
    return;
  }
  if (random_.chance(faults_.duplicate)) {
    trace_.note(queue_.now(), Happening::kMessageDoubled, peer.number, to_coordinator);
    queue_.after(delay(), arrive);
  }
  queue_.after(delay(), std::move(arrive));
}

void Network::cut(Peer peer, Direction direction) {
  cut_of(peer, direction) = true;
  const Cuts& cuts = cuts_.at(static_cast<std::size_t>(peer.number));
  trace_.note(queue_.now(), Happening::kPartitioned, peer.number, cuts.to_coordinator ? 1 : 0,
              cuts.from_coordinator ? 1 : 0);
}

void Network::heal(Peer peer) {
  Cuts& cuts = cuts_.at(static_cast<std::size_t>(peer.number));
  if (!cuts.to_coordinator && !cuts.from_coordinator) return;
  cuts = {};
  trace_.note(queue_.now(), Happening::kHealed, peer.number);
}

bool& Network::cut_of(Peer peer, Direction direction) {
  Cuts& cuts = cuts_.at(static_cast<std::size_t>(peer.number));
  return direction == Direction::kToCoordinator ? cuts.to_coordinator : cuts.from_coordinator;
}

milliseconds Network::delay() {
  if (random_.chance(faults_.slow)) return random_.between(milliseconds(1), faults_.longest_delay);
  return random_.between(milliseconds(0), milliseconds(3));
}

}  // namespace melsweep::simulation
