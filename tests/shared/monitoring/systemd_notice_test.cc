#include "shared/monitoring/systemd_notice.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "shared/files/descriptor.h"

namespace melsweep::monitoring {
namespace {

// Stands for systemd; `name` as $NOTIFY_SOCKET has it.
class Listener {
 public:
  explicit Listener(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name.begin(), name.end(), address.sun_path);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Listener() { ::unsetenv("NOTIFY_SOCKET"); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // What it was told by now; empty where that is nothing.
  std::string heard() const {
    std::array<char, 256> text{};
    const ssize_t size = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  files::Descriptor socket_;
};

TEST(SystemdNotice, ComesToTheSocketThatIsNamed) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "notify";
  std::filesystem::remove(path);
  const Listener systemd(path.string());
  tell_systemd("READY=1");
  EXPECT_EQ(systemd.heard(), "READY=1");
  EXPECT_EQ(systemd.heard(), "");
}

TEST(SystemdNotice, ComesToASocketWithoutAFile) {
  const Listener systemd("@melsweep-systemd-notice-test-" + std::to_string(::getpid()));
  tell_systemd("STOPPING=1");
  EXPECT_EQ(systemd.heard(), "STOPPING=1");
}

TEST(SystemdNotice, ThatNobodyTakesIsNoReasonToStop) {
  tell_systemd("READY=1");
  for (const std::string& place : {std::string("/nowhere/notify"), std::string(), std::string(500, 'x')}) {
    ::setenv("NOTIFY_SOCKET", place.c_str(), 1);
    tell_systemd("READY=1");
  }
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace melsweep::monitoring
