#include "shared/net/credentials.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "shared/files/atomic_file.h"
#include "shared/net/authentication.h"
#include "shared/net/secrecy.h"
#include "shared/net/tokens.h"

namespace melsweep::net {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kRefreshSeconds = 1;  // between two looks at the files
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

enum class Secrecy { kPublic, kSecret };

absl::Status check_file(const fs::path& file, Secrecy secrecy) {
  if (const auto content = files::read_file(file, kMaxFileBytes); !content.ok()) {
    return absl::Status(content.status().code(),
                        absl::StrCat(content.status().message(),
                                     ": --credentials needs a folder made by `melsweep certs init`"));
  }
  return secrecy == Secrecy::kSecret ? check_kept_secret(file) : absl::OkStatus();
}

absl::Status check_folder(const fs::path& folder) {
  if (absl::Status status = check_file(folder / kAuthorityFile, Secrecy::kPublic); !status.ok())
    return status;
  return check_file(folder / kIdentityFile, Secrecy::kSecret);
}

std::shared_ptr<grpc::experimental::CertificateProviderInterface> watch(const fs::path& folder) {
  const std::string identity = (folder / kIdentityFile).string();
  return std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
      identity, identity, (folder / kAuthorityFile).string(), kRefreshSeconds);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> channel_credentials(const fs::path& folder) {
  if (absl::Status status = check_folder(folder); !status.ok()) return status;
  if (absl::Status status = check_file(folder / kTokenFile, Secrecy::kSecret); !status.ok()) return status;
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(watch(folder));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  return grpc::CompositeChannelCredentials(grpc::experimental::TlsCredentials(options),
                                           token_credentials(folder / kTokenFile));
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> server_credentials(
    const fs::path& folder, const RoleOfMethod& role_of_method) {
  if (absl::Status status = check_folder(folder); !status.ok()) return status;
  auto tokens = TokenList::open(folder / kAcceptedTokensFile);
  if (!tokens.ok()) return tokens.status();
  grpc::experimental::TlsServerCredentialsOptions options(watch(folder));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  auto credentials = grpc::experimental::TlsServerCredentials(options);
  credentials->SetAuthMetadataProcessor(token_processor(*std::move(tokens), role_of_method));
  return credentials;
}

}  // namespace melsweep::net
