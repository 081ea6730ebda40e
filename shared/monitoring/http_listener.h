// Plain HTTP for programs that look at a daemon: Prometheus, a cluster's probes, a person with curl.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "shared/net/address.h"

struct mg_context;
struct mg_connection;

namespace melsweep::monitoring {

struct HttpAnswer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
};

// Makes the answer to a GET of this path ("/metrics", without the query). Called on several threads at once.
using HttpHandler = std::function<HttpAnswer(std::string_view path)>;

// Answers GET and HEAD, refuses every other method (405), and reads no request's body. It has four threads:
// more callers wait, one that sends nothing for five seconds is dropped, and a request may have 16 KiB, so
// that whoever reaches it can keep others from asking it, and nothing else.
class HttpListener {
 public:
  // Listens on a numeric address, or localhost, which is 127.0.0.1; port 0: any free one. Unavailable: it
  // cannot be listened on; InvalidArgument: it is a name.
  static absl::StatusOr<std::unique_ptr<HttpListener>> start(const net::Address& address,
                                                             HttpHandler handler);

  ~HttpListener();  // waits for the answers under way; that takes up to two seconds in any case
  HttpListener(const HttpListener&) = delete;
  HttpListener& operator=(const HttpListener&) = delete;

  int port() const { return port_; }

 private:
  explicit HttpListener(HttpHandler handler) : handler_(std::move(handler)) {}

  static int on_request(mg_connection* connection, void* self);

  HttpHandler handler_;
  mg_context* context_ = nullptr;
  int port_ = 0;
};

}  // namespace melsweep::monitoring
