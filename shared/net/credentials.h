// Encrypted, authenticated connections from a folder of files (`melsweep certs init` makes such folders):
//
//   ca.pem        the authority that both ends trust
//   identity.pem  this end's private key and certificate, in one file so that they change together
//   token         a worker's or client's: what it shows with each call
//   tokens        a coordinator's: which tokens it accepts (tokens.h)
//
// The files are looked at again while a program runs, so that replacing them needs no restart: connections
// that are open stay, new ones use the new files.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "shared/net/roles.h"

namespace melsweep::net {

inline constexpr char kAuthorityFile[] = "ca.pem";
inline constexpr char kIdentityFile[] = "identity.pem";
inline constexpr char kTokenFile[] = "token";
inline constexpr char kAcceptedTokensFile[] = "tokens";

// Both: NotFound or the system's reason where a file is missing or unreadable, FailedPrecondition where a
// secret can be read by those whom it is none of (secrecy.h).
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> channel_credentials(
    const std::filesystem::path& folder);
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> server_credentials(
    const std::filesystem::path& folder, const RoleOfMethod& role_of_method);

}  // namespace melsweep::net
