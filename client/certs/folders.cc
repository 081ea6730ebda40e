#include "client/certs/folders.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/certs/authority.h"
#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"
#include "shared/net/credentials.h"
#include "shared/net/tokens.h"

namespace melsweep::certs {
namespace {

namespace fs = std::filesystem;
using files::Access;
using net::AcceptedToken;
using net::Role;

constexpr char kAuthorityFolder[] = "authority";
constexpr char kCoordinatorFolder[] = "coordinator";
constexpr char kAuthorityKeyFile[] = "ca-key.pem";
constexpr char kHostsFile[] = "hosts";
constexpr int kAuthorityYears = 10;  // for each of the certificates'
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;
// Clocks of a cluster differ: a certificate is good from a little before it was made.
constexpr std::chrono::hours kClockSkew{1};

absl::StatusOr<std::string> make_token() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    return absl::InternalError("no random numbers for a token");
  return absl::BytesToHexString(std::string(bytes.begin(), bytes.end()));
}

absl::StatusOr<Identity> read_authority(const fs::path& folder) {
  auto key = files::read_file(folder / kAuthorityFolder / kAuthorityKeyFile, kMaxFileBytes);
  if (!key.ok()) {
    return absl::Status(key.status().code(),
                        absl::StrCat(key.status().message(), ": make the folder with `melsweep certs init`"));
  }
  auto certificate = files::read_file(folder / kAuthorityFolder / net::kAuthorityFile, kMaxFileBytes);
  if (!certificate.ok()) return certificate.status();
  return Identity{*std::move(key), *std::move(certificate)};
}

// What the coordinator is called: as told now, else as told before.
absl::StatusOr<std::vector<std::string>> settle_hosts(const fs::path& folder,
                                                      const std::vector<std::string>& told) {
  const fs::path file = folder / kAuthorityFolder / kHostsFile;
  if (!told.empty()) {
    if (absl::Status status = files::write_atomically(file, absl::StrJoin(told, "\n") + "\n"); !status.ok())
      return status;
    return told;
  }
  const auto text = files::read_file(file, kMaxFileBytes);
  if (!text.ok()) return text.status();
  return std::vector<std::string>(absl::StrSplit(*text, '\n', absl::SkipEmpty()));
}

// The identity of one kind of program in its folder.
absl::Status write_identity(const fs::path& folder, const Identity& authority, const std::string& name,
                            const std::vector<std::string>& hosts, const Validity& validity) {
  const auto identity = make_identity(authority, absl::StrCat("melsweep ", name), hosts, validity);
  if (!identity.ok()) return identity.status();
  if (absl::Status status = files::write_atomically(folder / net::kAuthorityFile, authority.certificate);
      !status.ok()) {
    return status;
  }
  return files::write_atomically(folder / net::kIdentityFile, identity->key + identity->certificate,
                                 Access::kOwner);
}

// What is accepted so far, with an end to it.
absl::StatusOr<std::vector<AcceptedToken>> expiring_tokens(const fs::path& file, WallTime now) {
  const auto text = files::read_file(file, kMaxFileBytes);
  if (absl::IsNotFound(text.status())) return std::vector<AcceptedToken>();
  if (!text.ok()) return text.status();
  auto tokens = net::parse_accepted_tokens(*text);
  if (!tokens.ok())
    return absl::InvalidArgumentError(absl::StrCat(file.string(), ": ", tokens.status().message()));
  std::erase_if(*tokens,
                [now](const AcceptedToken& token) { return token.expires && *token.expires <= now; });
  for (AcceptedToken& token : *tokens) {
    token.expires = std::min(token.expires.value_or(now + kTokenOverlap), WallTime(now + kTokenOverlap));
  }
  return tokens;
}

// The coordinator's list first: a token that a caller holds is known to it already.
absl::Status write_tokens(const fs::path& folder, WallTime now) {
  const fs::path list = folder / kCoordinatorFolder / net::kAcceptedTokensFile;
  auto accepted = expiring_tokens(list, now);
  if (!accepted.ok()) return accepted.status();
  std::vector<std::pair<Role, std::string>> fresh;
  for (const Role role : {Role::kWorker, Role::kClient}) {
    auto token = make_token();
    if (!token.ok()) return token.status();
    accepted->push_back({role, files::sha256(*token), std::nullopt});
    fresh.emplace_back(role, *std::move(token));
  }
  if (absl::Status status = files::write_atomically(list, net::to_text(*accepted)); !status.ok())
    return status;
  for (const auto& [role, token] : fresh) {
    const fs::path file = folder / std::string(net::name_of(role)) / net::kTokenFile;
    if (absl::Status status = files::write_atomically(file, token + "\n", Access::kOwner); !status.ok())
      return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status make_folders(const fs::path& folder, const FolderOptions& options, WallTime now) {
  const fs::path authority_folder = folder / kAuthorityFolder;
  std::error_code error;
  if (fs::exists(authority_folder / kAuthorityKeyFile, error)) {
    return absl::AlreadyExistsError(absl::StrCat(folder.string(),
                                                 " holds an authority already: choose another folder, or"
                                                 " `melsweep certs renew` its certificates"));
  }
  const auto authority = make_authority(
      "melsweep authority", {.from = now - kClockSkew, .length = kAuthorityYears * options.validity});
  if (!authority.ok()) return authority.status();
  if (absl::Status status =
          files::write_atomically(authority_folder / net::kAuthorityFile, authority->certificate);
      !status.ok()) {
    return status;
  }
  if (absl::Status status =
          files::write_atomically(authority_folder / kAuthorityKeyFile, authority->key, Access::kOwner);
      !status.ok()) {
    return status;
  }
  return renew_folders(folder, options, now);
}

absl::Status renew_folders(const fs::path& folder, const FolderOptions& options, WallTime now) {
  const auto authority = read_authority(folder);
  if (!authority.ok()) return authority.status();
  const auto hosts = settle_hosts(folder, options.hosts);
  if (!hosts.ok()) return hosts.status();
  const Validity validity{.from = now - kClockSkew, .length = options.validity + kClockSkew};
  for (const std::string name : {kCoordinatorFolder, "worker", "client"}) {
    const bool is_server = name == kCoordinatorFolder;
    absl::Status status = write_identity(folder / name, *authority, name,
                                         is_server ? *hosts : std::vector<std::string>(), validity);
    if (!status.ok()) return status;
  }
  return write_tokens(folder, now);
}

}  // namespace melsweep::certs
