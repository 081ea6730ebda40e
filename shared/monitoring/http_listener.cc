#include "shared/monitoring/http_listener.h"

#include <arpa/inet.h>
#include <civetweb.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace melsweep::monitoring {
namespace {

constexpr char kThreads[] = "4";
constexpr char kPatienceMs[] = "5000";
constexpr char kMaxRequestBytes[] = "16384";

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

// civetweb looks up no names.
absl::StatusOr<net::Address> numeric(net::Address address) {
  if (address.host == "localhost") address.host = "127.0.0.1";
  in6_addr bytes{};
  if (inet_pton(AF_INET, address.host.c_str(), &bytes) == 1) return address;
  if (inet_pton(AF_INET6, address.host.c_str(), &bytes) == 1) return address;
  return absl::InvalidArgumentError(absl::StrCat(
      "'", address.host, "' is a name: give a numeric address of this machine, as 127.0.0.1 or 0.0.0.0"));
}

HttpAnswer answer_to(const mg_request_info& request, const HttpHandler& handler) {
  const std::string_view method = request.request_method;
  if (method != "GET" && method != "HEAD") return {.status = 405, .body = "only GET and HEAD are answered\n"};
  try {
    return handler(request.local_uri);
  } catch (const std::exception& error) {
    // It would go through a library that is written in C.
    spdlog::error("answering GET {}: {}", request.local_uri, error.what());
    return {.status = 500, .body = "the answer could not be made: the log says why\n"};
  }
}

void write(mg_connection* connection, const HttpAnswer& answer, bool with_body) {
  std::string text =
      absl::StrCat("HTTP/1.1 ", answer.status, " ", std::string(reason_of(answer.status)),
                   "\r\nContent-Type: ", answer.content_type, "\r\nContent-Length: ", answer.body.size(),
                   "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n",
                   answer.status == 405 ? "Allow: GET, HEAD\r\n" : "", "Connection: close\r\n\r\n");
  if (with_body) text += answer.body;
  mg_write(connection, text.data(), text.size());
}

int keep_quiet(const mg_connection*, const char* message) {
  spdlog::debug("HTTP: {}", message);
  return 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::start(const net::Address& address,
                                                                  HttpHandler handler) {
  const auto where = numeric(address);
  if (!where.ok()) return where.status();
  std::unique_ptr<HttpListener> listener(new HttpListener(std::move(handler)));
  const std::string listen = where->to_string();
  const char* options[] = {"listening_ports",
                           listen.c_str(),
                           "num_threads",
                           kThreads,
                           "request_timeout_ms",
                           kPatienceMs,
                           "max_request_size",
                           kMaxRequestBytes,
                           "enable_keep_alive",
                           "no",
                           nullptr};
  mg_callbacks callbacks{};
  callbacks.log_message = keep_quiet;
  listener->context_ = mg_start(&callbacks, listener.get(), options);
  if (listener->context_ == nullptr) {
    return absl::UnavailableError(absl::StrCat(
        "cannot listen on ", listen, ": another program does, or this address is not of this machine"));
  }
  mg_server_port ports[1] = {};
  if (mg_get_server_ports(listener->context_, 1, ports) != 1) {
    return absl::InternalError(absl::StrCat("listening on ", listen, ", and the port is not known"));
  }
  listener->port_ = ports[0].port;
  mg_set_request_handler(listener->context_, "**", on_request, listener.get());
  return listener;
}

HttpListener::~HttpListener() {
  if (context_ != nullptr) mg_stop(context_);
}

int HttpListener::on_request(mg_connection* connection, void* self) {
  const mg_request_info* request = mg_get_request_info(connection);
  const HttpAnswer answer = answer_to(*request, static_cast<HttpListener*>(self)->handler_);
  write(connection, answer, std::string_view(request->request_method) != "HEAD");
  return answer.status;  // civetweb's way to say that it was answered
}

}  // namespace melsweep::monitoring
