#include "shared/net/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "shared/files/atomic_file.h"
#include "shared/files/digest.h"

namespace melsweep::net {
namespace {

using testing::HasSubstr;

const WallTime kNow{std::chrono::hours(24 * 365 * 50)};

class TokenListTest : public testing::Test {
 protected:
  TokenListTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {}
  ~TokenListTest() override { std::filesystem::remove_all(folder_); }

  void accept(const std::vector<AcceptedToken>& tokens) {
    ASSERT_TRUE(files::write_atomically(file(), to_text(tokens)).ok());
  }
  std::filesystem::path file() const { return folder_ / "tokens"; }

 private:
  std::filesystem::path folder_;
};

TEST(AcceptedTokens, AreWrittenAsTheyAreRead) {
  const std::vector<AcceptedToken> tokens = {{Role::kWorker, files::sha256("a"), std::nullopt},
                                             {Role::kClient, files::sha256("b"), kNow}};
  const auto read = parse_accepted_tokens(to_text(tokens));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, tokens);
}

TEST(AcceptedTokens, AnErrorNamesTheLine) {
  const std::string digest = files::sha256("a");
  const std::vector<std::string> wrong_lines = {"worker", "boss " + digest, "worker abc",
                                                "worker " + digest + " tomorrow",
                                                "worker " + digest + " 2030-01-01T00:00:00Z more"};
  for (const std::string& wrong : wrong_lines) {
    const auto read = parse_accepted_tokens("# fine\n\n" + wrong + "\n");
    ASSERT_TRUE(absl::IsInvalidArgument(read.status())) << wrong;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr("line 3")) << wrong;
  }
}

TEST_F(TokenListTest, KnowsATokenOfTheRightRoleUntilItExpires) {
  accept({{Role::kWorker, files::sha256("secret"), kNow + std::chrono::hours(1)}});
  const auto list = TokenList::open(file());
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_TRUE((*list)->check("secret", Role::kWorker, kNow).ok());
  const absl::Status expired = (*list)->check("secret", Role::kWorker, kNow + std::chrono::hours(1));
  EXPECT_TRUE(absl::IsUnauthenticated(expired));
  EXPECT_THAT(std::string(expired.message()), HasSubstr("expired"));
}

TEST_F(TokenListTest, RefusesWhatItDoesNotKnowWithoutRepeatingIt) {
  accept({{Role::kWorker, files::sha256("secret"), std::nullopt}});
  const auto list = TokenList::open(file());
  ASSERT_TRUE(list.ok()) << list.status();
  for (const std::string token : {"", "secre", "secret ", "guess"}) {
    const absl::Status status = (*list)->check(token, Role::kWorker, kNow);
    EXPECT_TRUE(absl::IsUnauthenticated(status)) << token;
    EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("guess")));
  }
}

TEST_F(TokenListTest, RefusesTheOtherRole) {
  accept({{Role::kWorker, files::sha256("secret"), std::nullopt}});
  const auto list = TokenList::open(file());
  ASSERT_TRUE(list.ok()) << list.status();
  const absl::Status status = (*list)->check("secret", Role::kClient, kNow);
  EXPECT_TRUE(absl::IsUnauthenticated(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("is a worker's"));
}

TEST_F(TokenListTest, TakesAnyRoleWhereNoneIsAskedForAndNobodyElse) {
  accept({{Role::kWorker, files::sha256("secret"), kNow},
          {Role::kClient, files::sha256("other"), std::nullopt}});
  const auto list = TokenList::open(file());
  ASSERT_TRUE(list.ok()) << list.status();
  const WallTime before = kNow - std::chrono::hours(1);
  EXPECT_TRUE((*list)->check("secret", std::nullopt, before).ok());
  EXPECT_TRUE((*list)->check("other", std::nullopt, before).ok());
  EXPECT_TRUE(absl::IsUnauthenticated((*list)->check("guess", std::nullopt, before)));
  EXPECT_TRUE(absl::IsUnauthenticated((*list)->check("secret", std::nullopt, kNow))) << "it has expired";
}

TEST_F(TokenListTest, TakesUpAChangedFileAndKeepsTheOldOneWhileItIsBroken) {
  accept({{Role::kWorker, files::sha256("old"), std::nullopt}});
  const auto list = TokenList::open(file());
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_TRUE(files::write_atomically(file(), "nonsense of another length\n").ok());
  EXPECT_TRUE((*list)->check("old", Role::kWorker, kNow).ok());
  accept({{Role::kWorker, files::sha256("new"), std::nullopt},
          {Role::kClient, files::sha256("c"), std::nullopt}});
  EXPECT_TRUE((*list)->check("new", Role::kWorker, kNow).ok());
  EXPECT_FALSE((*list)->check("old", Role::kWorker, kNow).ok());
}

TEST_F(TokenListTest, NeedsItsFileToBeginWith) {
  EXPECT_TRUE(absl::IsNotFound(TokenList::open(file()).status()));
}

}  // namespace
}  // namespace melsweep::net
