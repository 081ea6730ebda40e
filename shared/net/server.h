// The other end of channel.h: how a coordinator listens.
#pragma once

#include <grpcpp/server_builder.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "shared/net/credentials.h"
#include "shared/net/limits.h"

namespace melsweep::net {

struct ServerOptions {
  std::string listen = "127.0.0.1:7070";  // port 0: any free one
  Plaintext plaintext = Plaintext::kLoopbackOnly;
  // A folder as credentials.h describes it: connections are encrypted, callers need a certificate of the same
  // authority, and their calls a token of the method's role (of any, where it asks for none). Empty: none of
  // these.
  std::filesystem::path credentials{};
  RoleOfMethod role_of_method = everybody_is_client;
};

// A builder that listens, with the limits of limits.h set; register services on it and BuildAndStart(). After
// that *bound_port is the port, or 0 where it could not be had (it is taken, or not ours to use).
// InvalidArgument: no address; FailedPrecondition: an address beyond this machine with neither
// credentials nor Plaintext::kAnywhere; else what server_credentials() says.
absl::StatusOr<std::unique_ptr<grpc::ServerBuilder>> make_server_builder(const ServerOptions& options,
                                                                         int* bound_port);

}  // namespace melsweep::net
