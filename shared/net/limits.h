// Bounds on every connection, the same for both sides.
#pragma once

#include <chrono>

namespace melsweep::net {

// The largest message either way. A data set's description takes about 200 bytes a clip, an evaluation four
// bytes a clip and class.
inline constexpr int kMaxMessageBytes = 16 << 20;

// A peer that vanished without a word (cable, power, network) is noticed within the sum of these two.
inline constexpr std::chrono::milliseconds kKeepaliveTime{20'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{10'000};

// Pings that come oftener than this are an attack; gRPC's default of five minutes would be one of our own
// clients.
inline constexpr std::chrono::milliseconds kShortestPingInterval{10'000};

// Where traffic may go unencrypted and unauthenticated.
enum class Plaintext {
  kLoopbackOnly,
  kAnywhere,  // the user said --insecure
};

}  // namespace melsweep::net
