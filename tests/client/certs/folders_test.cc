#include "client/certs/folders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "shared/files/atomic_file.h"
#include "shared/net/tokens.h"
#include "tests/client/certs/certificates.h"

namespace melsweep::certs {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  const auto content = files::read_file(file, 1 << 20);
  EXPECT_TRUE(content.ok()) << content.status();
  return content.value_or("");
}

std::vector<net::AcceptedToken> accepted_by(const Certificates& made) {
  const auto tokens = net::parse_accepted_tokens(content_of(made.coordinator() / "tokens"));
  EXPECT_TRUE(tokens.ok()) << tokens.status();
  return tokens.value_or(std::vector<net::AcceptedToken>());
}

TEST(MakeFolders, KeepsSecretsToTheirOwner) {
  const Certificates made;
  std::set<std::string> secrets;
  for (const auto& entry : fs::recursive_directory_iterator(made.folder())) {
    const bool shared = (entry.status().permissions() & fs::perms::others_read) != fs::perms::none;
    if (entry.is_regular_file() && !shared)
      secrets.insert(fs::relative(entry.path(), made.folder()).string());
  }
  EXPECT_EQ(secrets,
            (std::set<std::string>{"authority/ca-key.pem", "client/identity.pem", "client/token",
                                   "coordinator/identity.pem", "worker/identity.pem", "worker/token"}));
}

TEST(MakeFolders, TheCoordinatorDoesNotHoldTheTokensThemselves) {
  const Certificates made;
  const std::string token = content_of(made.worker() / "token").substr(0, 64);
  EXPECT_EQ(content_of(made.coordinator() / "tokens").find(token), std::string::npos);
}

TEST(MakeFolders, LeavesAnAuthorityThatIsThereAlone) {
  const Certificates made;
  const std::string before = content_of(made.folder() / "authority" / "ca-key.pem");
  const absl::Status again = make_folders(made.folder(), {.hosts = {"x"}}, WallTime());
  EXPECT_TRUE(absl::IsAlreadyExists(again));
  EXPECT_EQ(content_of(made.folder() / "authority" / "ca-key.pem"), before);
}

TEST(RenewFolders, OldTokensLiveOnForTheOverlapAndThenAreForgotten) {
  const Certificates made;
  const WallTime now = SystemClock().now().wall;
  ASSERT_TRUE(renew_folders(made.folder(), {}, now).ok());
  const auto renewed = accepted_by(made);
  ASSERT_EQ(renewed.size(), 4U);
  EXPECT_LE(*renewed[0].expires, now + kTokenOverlap);
  EXPECT_FALSE(renewed[3].expires.has_value());
  ASSERT_TRUE(renew_folders(made.folder(), {}, now + kTokenOverlap + std::chrono::hours(1)).ok());
  EXPECT_EQ(accepted_by(made).size(), 4U) << "two of the latest, two that expire; the first pair is gone";
}

TEST(RenewFolders, SaysWhereThereIsNoAuthority) {
  const absl::Status status = renew_folders(fs::path(testing::TempDir()) / "nothing-here", {}, WallTime());
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("certs init"));
}

}  // namespace
}  // namespace melsweep::certs
