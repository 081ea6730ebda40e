// Plain HTTP as a test asks it: what is sent is sent as it stands, and the answer comes as it is.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace melsweep::monitoring {

// A connection to a port of this machine, closed at the end.
class Socket {
 public:
  explicit Socket(int port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Socket() { ::close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  bool connected() const { return connected_; }

  void send(const std::string& text) const {
    EXPECT_EQ(::send(descriptor_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }

  // To the connection's end.
  std::string receive() const {
    std::string text;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::recv(descriptor_, buffer, sizeof buffer, 0)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  int descriptor_;
  bool connected_ = false;
};

struct Response {
  int status = 0;
  std::string head;  // the status line and the headers
  std::string body;
};

inline Response request(int port, const std::string& method, const std::string& target) {
  const Socket socket(port);
  EXPECT_TRUE(socket.connected());
  socket.send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n");
  const std::string text = socket.receive();
  const std::size_t end = text.find("\r\n\r\n");
  if (text.rfind("HTTP/1.1 ", 0) != 0 || end == std::string::npos) {
    ADD_FAILURE() << "no answer: " << text;
    return {};
  }
  return {std::stoi(text.substr(9, 3)), text.substr(0, end), text.substr(end + 4)};
}

inline Response get(int port, const std::string& target) {
  return request(port, "GET", target);
}

}  // namespace melsweep::monitoring
