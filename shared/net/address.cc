#include "shared/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace melsweep::net {
namespace {

absl::Status bad_address(const std::string& text, const std::string& what) {
  return absl::InvalidArgumentError(absl::StrCat("the address '", text, "' ", what,
                                                 ": give HOST:PORT, as in 127.0.0.1:7070 or [::1]:7070"));
}

bool is_host_name(const std::string& host) {
  for (const char c : host) {
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-' && c != '_') return false;
  }
  return !host.empty();
}

bool is_ipv6(const std::string& host) {
  in6_addr bytes{};
  return inet_pton(AF_INET6, host.c_str(), &bytes) == 1;
}

// Digits alone: SimpleAtoi would take signs and spaces too.
bool parse_port(const std::string& text, int* port) {
  if (text.empty() || text.size() > 5 || text.find_first_not_of("0123456789") != std::string::npos)
    return false;
  return absl::SimpleAtoi(text, port) && *port <= 65535;
}

}  // namespace

std::string Address::to_string() const {
  if (host.find(':') != std::string::npos) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

absl::StatusOr<Address> parse_address(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || absl::EndsWith(text, "]")) return bad_address(text, "has no port");
  Address address;
  address.host = text.substr(0, colon);
  if (!parse_port(text.substr(colon + 1), &address.port))
    return bad_address(text, "has no port between 0 and 65535");
  if (absl::StartsWith(address.host, "[") && absl::EndsWith(address.host, "]")) {
    address.host = address.host.substr(1, address.host.size() - 2);
    if (!is_ipv6(address.host)) return bad_address(text, "has no IPv6 address in its brackets");
    return address;
  }
  if (is_ipv6(address.host)) return bad_address(text, "needs brackets around its IPv6 address");
  if (!is_host_name(address.host)) return bad_address(text, "has no host name that could be one");
  return address;
}

bool is_loopback(const Address& address) {
  if (absl::EqualsIgnoreCase(address.host, "localhost")) return true;
  in_addr ipv4{};
  if (inet_pton(AF_INET, address.host.c_str(), &ipv4) == 1) return (ntohl(ipv4.s_addr) >> 24) == 127;
  in6_addr ipv6{};
  if (inet_pton(AF_INET6, address.host.c_str(), &ipv6) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&ipv6) || (IN6_IS_ADDR_V4MAPPED(&ipv6) && ipv6.s6_addr[12] == 127);
}

}  // namespace melsweep::net
