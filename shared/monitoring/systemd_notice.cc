#include "shared/monitoring/systemd_notice.h"

#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <system_error>

#include "shared/files/descriptor.h"

namespace melsweep::monitoring {
namespace {

// 0, or the system's reason.
int send_to(std::string_view place, const std::string& text) {
  sockaddr_un address{};
  if (place.empty() || place.size() >= sizeof(address.sun_path)) return EINVAL;
  address.sun_family = AF_UNIX;
  std::copy(place.begin(), place.end(), address.sun_path);
  // A name without a file: "@" stands for the byte 0.
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + place.size());
  const files::Descriptor descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (descriptor.get() < 0) return errno;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);  // NOLINT: sockets are addressed so
  const ssize_t sent = ::sendto(descriptor.get(), text.data(), text.size(), MSG_NOSIGNAL, generic, size);
  return sent < 0 ? errno : 0;
}

}  // namespace

void tell_systemd(const std::string& state) {
  const char* place = std::getenv("NOTIFY_SOCKET");
  if (place == nullptr) return;
  if (const int error = send_to(place, state); error != 0) {
    spdlog::warn("cannot tell systemd at {} that {}: {}", place, state,
                 std::generic_category().message(error));
  }
}

}  // namespace melsweep::monitoring
