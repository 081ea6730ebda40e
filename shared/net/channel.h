// The way to a coordinator: the one place that knows how connections are made.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "shared/net/limits.h"

namespace melsweep::net {

struct ChannelOptions {
  Plaintext plaintext = Plaintext::kLoopbackOnly;
  // A folder as shared/net/credentials.h describes it: the connection is encrypted, both ends prove who they
  // are, and calls carry a token. Empty: none of these.
  std::filesystem::path credentials{};
};

// A channel to "HOST:PORT". It connects with the first call, and again by itself whenever the connection is
// lost. InvalidArgument: no address; FailedPrecondition: an address beyond this machine with neither
// credentials nor Plaintext::kAnywhere; else what channel_credentials() says.
absl::StatusOr<std::shared_ptr<grpc::Channel>> make_channel(const std::string& target,
                                                            const ChannelOptions& options = {});

// The call fails with DEADLINE_EXCEEDED this long from now, whatever the wall clock does.
void set_timeout(grpc::ClientContext& context, std::chrono::milliseconds timeout);

}  // namespace melsweep::net
