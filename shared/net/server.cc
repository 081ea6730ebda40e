#include "shared/net/server.h"

#include <grpcpp/security/server_credentials.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/net/address.h"

namespace melsweep::net {

absl::StatusOr<std::unique_ptr<grpc::ServerBuilder>> make_server_builder(const ServerOptions& options,
                                                                         int* bound_port) {
  const auto address = parse_address(options.listen);
  if (!address.ok()) return address.status();
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  if (!options.credentials.empty()) {
    auto secure = server_credentials(options.credentials, options.role_of_method);
    if (!secure.ok()) return secure.status();
    credentials = *std::move(secure);
  } else if (options.plaintext == Plaintext::kLoopbackOnly && !is_loopback(*address)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "whoever reaches ", options.listen,
        " could use this coordinator: listen on 127.0.0.1, name a folder of `melsweep certs init` with"
        " --credentials, or say --insecure if that network is trusted"));
  }
  auto builder = std::make_unique<grpc::ServerBuilder>();
  builder->AddListeningPort(address->to_string(), credentials, bound_port);
  builder->SetMaxReceiveMessageSize(kMaxMessageBytes);
  builder->SetMaxSendMessageSize(kMaxMessageBytes);
  // Two coordinators must not share a port unnoticed.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepaliveTime.count()));
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(kKeepaliveTimeout.count()));
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              static_cast<int>(kShortestPingInterval.count()));
  return builder;
}

}  // namespace melsweep::net
