// Tokens in calls: one end adds them, the other looks at them before any handler sees the call.
#pragma once

#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/credentials.h>

#include <filesystem>
#include <memory>

#include "shared/net/roles.h"
#include "shared/net/tokens.h"

namespace melsweep::net {

// Every call carries the token that is in the file at that moment.
std::shared_ptr<grpc::CallCredentials> token_credentials(const std::filesystem::path& token_file);

// Refuses calls (UNAUTHENTICATED) without a token, or with one of another role than their method asks for.
std::shared_ptr<grpc::AuthMetadataProcessor> token_processor(std::unique_ptr<TokenList> tokens,
                                                             RoleOfMethod role_of_method);

}  // namespace melsweep::net
