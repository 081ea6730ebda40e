#include "shared/net/secrecy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "shared/files/atomic_file.h"

namespace melsweep::net {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr uid_t kRoot = 0;
constexpr uid_t kAda = 10001;
constexpr uid_t kEve = 10002;

TEST(IsKeptSecret, WhatItsOwnerAloneHasAccessTo) {
  for (const mode_t mode : {0400U, 0600U, 0700U}) {
    EXPECT_TRUE(is_kept_secret(kAda, mode, kAda)) << std::oct << mode;
    EXPECT_TRUE(is_kept_secret(kRoot, mode, kRoot)) << std::oct << mode;
  }
}

TEST(IsKeptSecret, WhatRootLetsTheReadersGroupRead) {
  EXPECT_TRUE(is_kept_secret(kRoot, 0440, kAda)) << "a Secret in a pod that has an fsGroup";
  EXPECT_TRUE(is_kept_secret(kRoot, 0640, kAda));
  EXPECT_FALSE(is_kept_secret(kRoot, 0440, kRoot)) << "root needs no group: it is let in for somebody else";
}

TEST(IsKeptSecret, NotWhatAnotherUsersGroupReads) {
  EXPECT_FALSE(is_kept_secret(kAda, 0440, kAda));
  EXPECT_FALSE(is_kept_secret(kAda, 0640, kAda));
  EXPECT_FALSE(is_kept_secret(kEve, 0440, kAda));
}

TEST(IsKeptSecret, NotWhatAGroupMayChangeOrEverybodyReads) {
  for (const mode_t mode : {0460U, 0450U, 0420U, 0410U, 0444U, 0404U, 0644U, 0401U, 0402U}) {
    EXPECT_FALSE(is_kept_secret(kRoot, mode, kAda)) << std::oct << mode;
    EXPECT_FALSE(is_kept_secret(kAda, mode, kAda)) << std::oct << mode;
  }
}

// A mounted Secret's file is a link to one by way of a link.
class CheckKeptSecretTest : public testing::Test {
 protected:
  CheckKeptSecretTest()
      : folder_(fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    EXPECT_TRUE(files::write_atomically(folder_ / "..1" / "token", "secret", files::Access::kOwner).ok());
    fs::create_directory_symlink("..1", folder_ / "..data");
    fs::create_symlink("..data/token", folder_ / "token");
  }
  ~CheckKeptSecretTest() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST_F(CheckKeptSecretTest, GoesByTheFileThatALinkLeadsTo) {
  EXPECT_TRUE(check_kept_secret(folder_ / "token").ok());
  fs::permissions(folder_ / "..1" / "token", fs::perms::others_read, fs::perm_options::add);
  const absl::Status status = check_kept_secret(folder_ / "token");
  ASSERT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("chmod 600 " + (folder_ / "token").string()));
}

TEST_F(CheckKeptSecretTest, SaysWhatIsNotThere) {
  const absl::Status status = check_kept_secret(folder_ / "tokens");
  ASSERT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("tokens"));
}

}  // namespace
}  // namespace melsweep::net
