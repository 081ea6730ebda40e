#include "shared/net/channel.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "shared/net/address.h"
#include "shared/net/credentials.h"

namespace melsweep::net {
namespace {

// A coordinator that restarts is to be found again soon; gRPC jitters its attempts within these.
constexpr int kFirstReconnectMs = 100;
constexpr int kLongestReconnectMs = 2'000;

grpc::ChannelArguments channel_arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  arguments.SetMaxSendMessageSize(kMaxMessageBytes);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepaliveTime.count()));
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(kKeepaliveTimeout.count()));
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // no bound: a long poll is silent for long
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kFirstReconnectMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kLongestReconnectMs);  // how long one attempt may take
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  // A web proxy named by the environment does not lead to a coordinator.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return arguments;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> make_channel(const std::string& target,
                                                            const ChannelOptions& options) {
  const auto address = parse_address(target);
  if (!address.ok()) return address.status();
  if (address->port == 0)
    return absl::InvalidArgumentError(absl::StrCat("port 0 of '", target, "' leads nowhere"));
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!options.credentials.empty()) {
    auto secure = channel_credentials(options.credentials);
    if (!secure.ok()) return secure.status();
    credentials = *std::move(secure);
  } else if (options.plaintext == Plaintext::kLoopbackOnly && !is_loopback(*address)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the connection to ", target,
        " would be neither encrypted nor authenticated: name a folder of `melsweep certs init` with"
        " --credentials, or say --insecure if that network is trusted"));
  }
  return grpc::CreateCustomChannel(address->to_string(), credentials, channel_arguments());
}

void set_timeout(grpc::ClientContext& context, std::chrono::milliseconds timeout) {
  context.set_deadline(gpr_time_from_millis(timeout.count(), GPR_TIMESPAN));
}

}  // namespace melsweep::net
