// HOST:PORT as people write it.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace melsweep::net {

struct Address {
  std::string host;  // a name, an IPv4 address, or an IPv6 address without brackets
  int port = 0;      // 0: for a server, any free one
  friend bool operator==(const Address&, const Address&) = default;

  // "127.0.0.1:7070", "[::1]:7070"
  std::string to_string() const;
};

// "127.0.0.1:7070", "[::1]:7070" or "node-3:7070"; InvalidArgument says what is wrong and what would be
// right.
absl::StatusOr<Address> parse_address(const std::string& text);

// Whether only this machine can be meant: 127.0.0.0/8, ::1 (mapped ones too) or localhost.
bool is_loopback(const Address& address);

}  // namespace melsweep::net
