#include "client/completion/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::completion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A program with verbs as those of melsweep.
class CandidatesTest : public testing::Test {
 protected:
  CandidatesTest() {
    CLI::App* board = app_.add_subcommand("leaderboard", "List settings");
    board->add_option("SWEEP", sweep_, "A sweep");
    board->add_option("-o,--output", format_, "The form")->check(CLI::IsMember({"table", "json", "csv"}));
    board->add_option("--db", file_, "The database");
    board->add_flag("--trials", trials_, "One row a trial");
    CLI::App* report = app_.add_subcommand("report", "Look");
    report->add_option("--compare", files_, "Two")->type_name("SWEEP")->expected(2);
    CLI::App* predict = app_.add_subcommand("predict", "Hear");
    predict->add_option("SWEEP", sweep_, "A sweep");
    predict->add_option("FILES", files_, "Sounds");
    CLI::App* db = app_.add_subcommand("db", "The database");
    db->add_subcommand("check", "Look");
    db->add_subcommand("backup", "Copy");
    app_.add_subcommand("words", "")->group("");
    app_.add_flag("--secret", trials_, "Of use to the build")->group("");
  }

  Candidates of(const std::vector<std::string>& words) {
    return candidates_for(app_, words, [this](std::span<const std::string> asked) {
      asked_.assign(asked.begin(), asked.end());
      return std::vector<Candidate>{{"grid", "sweep 1"}, {"rates", "sweep 2"}};
    });
  }
  std::vector<std::string> texts(const std::vector<std::string>& words) {
    std::vector<std::string> texts;
    for (const Candidate& word : of(words).words) texts.push_back(word.text);
    return texts;
  }

  std::vector<std::string> asked_;

 private:
  CLI::App app_{"test", "melsweep"};
  std::string sweep_;
  std::string format_;
  std::string file_;
  std::vector<std::string> files_;
  bool trials_ = false;
};

TEST_F(CandidatesTest, VerbsComeFirstButNotTheHiddenOnes) {
  EXPECT_THAT(texts({""}), ElementsAre("leaderboard", "report", "predict", "db"));
  EXPECT_THAT(of({"le"}).words, ElementsAre(Candidate{"leaderboard", "List settings"}));
  EXPECT_THAT(texts({"x"}), IsEmpty());
  EXPECT_THAT(texts({}), IsEmpty());
}

TEST_F(CandidatesTest, AVerbsVerbsFollowIt) {
  EXPECT_THAT(texts({"db", ""}), ElementsAre("check", "backup"));
  EXPECT_THAT(texts({"db", "b"}), ElementsAre("backup"));
}

TEST_F(CandidatesTest, OptionsAreThoseOfTheVerb) {
  EXPECT_THAT(texts({"leaderboard", "--"}), ElementsAre("--help", "--output", "--db", "--trials"));
  EXPECT_THAT(texts({"leaderboard", "grid", "--d"}), ElementsAre("--db"));
  EXPECT_THAT(texts({"-"}), ElementsAre("--help"));
}

TEST_F(CandidatesTest, AnOptionsValueIsOneOfItsChoicesOrAFile) {
  for (const char* name : {"--output", "-o"}) {
    EXPECT_THAT(texts({"leaderboard", name, ""}), ElementsAre("table", "json", "csv"));
  }
  EXPECT_FALSE(of({"leaderboard", "-o", ""}).files);
  EXPECT_THAT(texts({"leaderboard", "-o", "c"}), ElementsAre("csv"));
  EXPECT_THAT(texts({"leaderboard", "--db", "re"}), IsEmpty());
  EXPECT_TRUE(of({"leaderboard", "--db", "re"}).files);
}

TEST_F(CandidatesTest, WhereASweepIsExpectedSweepsAreOffered) {
  EXPECT_THAT(texts({"leaderboard", ""}), ElementsAre("grid", "rates"));
  EXPECT_THAT(texts({"leaderboard", "--trials", "--db", "a.db", "r"}), ElementsAre("rates"));
  EXPECT_THAT(asked_, ElementsAre("leaderboard", "--trials", "--db", "a.db", "r"));
  EXPECT_THAT(texts({"leaderboard", "grid", ""}), IsEmpty());
}

TEST_F(CandidatesTest, AnOptionThatTakesTwoSweepsIsOfferedThemForBoth) {
  EXPECT_THAT(texts({"report", "--compare", ""}), ElementsAre("grid", "rates"));
  EXPECT_THAT(texts({"report", "--compare", "grid", "r"}), ElementsAre("rates"));
  EXPECT_THAT(texts({"report", "--compare", "grid", "rates", "--c"}), ElementsAre("--compare"));
  EXPECT_THAT(texts({"report", "--compare", "grid", "rates", ""}), IsEmpty());
}

TEST_F(CandidatesTest, FilesAreOfferedAsOftenAsTheyAreTaken) {
  EXPECT_TRUE(of({"predict", "grid", ""}).files);
  EXPECT_TRUE(of({"predict", "grid", "a.wav", "b.wav", ""}).files);
  EXPECT_FALSE(of({"predict", ""}).files);
  EXPECT_FALSE(of({"leaderboard", "grid", ""}).files);
}

}  // namespace
}  // namespace melsweep::completion
