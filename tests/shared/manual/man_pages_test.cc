#include "shared/manual/man_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace melsweep::manual {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ManPagesTest : public testing::Test {
 protected:
  ManPagesTest() {
    app_.add_option("--db", text_, "The database")->envname("MELSWEEP_DB");
    CLI::App* run = app_.add_subcommand("run", "Run a sweep");
    run->add_option("SWEEP", text_, "The sweep")->required();
    run->add_option("--secret", text_, "Not to be seen")->group("");
    CLI::App* db = app_.add_subcommand("db", "Look after the database");
    db->add_subcommand("check", "Look for damage")->add_option("--depth", text_, "How deep");
    CLI::App* data = app_.add_subcommand("data", "Make data");
    data->footer("data synth DIR   new sounds\ndata inspect DIR  a look");
    data->prefix_command();
    app_.add_subcommand("words", "Of use to shells")->group("");
  }

  static Manual manual(bool has_page_for_each_verb) {
    return {.version = "1.2.3",
            .date = "2027-01-31",
            .exit_codes = {{"0", "All is well"}},
            .files = {{"~/results.db", "The results"}},
            .see_also = {"melsweep-worker(1)"},
            .has_page_for_each_verb = has_page_for_each_verb,
            .more = {{"melsweep-sweep.5", "of the file"}}};
  }
  std::vector<ManPage> pages(bool has_page_for_each_verb) const {
    return man_pages(app_, manual(has_page_for_each_verb));
  }
  std::string page(const std::string& file) const {
    for (const ManPage& page : pages(true)) {
      if (page.file == file) return page.text;
    }
    return "";
  }

  CLI::App app_{"Sweeps over parameters", "melsweep"};
  std::string text_;
};

TEST_F(ManPagesTest, EachVerbHasAPageButNotTheHiddenOnes) {
  std::vector<std::string> files;
  for (const ManPage& page : pages(true)) files.push_back(page.file);
  EXPECT_THAT(files, ElementsAre("melsweep.1", "melsweep-sweep.5", "melsweep-run.1", "melsweep-db.1",
                                 "melsweep-data.1"));
  EXPECT_THAT(page("melsweep.1"), HasSubstr("\\fBmelsweep\\-run\\fR(1)\nRun a sweep.\n"));
  EXPECT_THAT(page("melsweep.1"), Not(HasSubstr("words")));
}

TEST_F(ManPagesTest, APageHasItsNameSynopsisAndOptions) {
  const std::string text = page("melsweep-run.1");
  EXPECT_THAT(text, HasSubstr(".SH \"NAME\"\nmelsweep\\-run \\- Run a sweep\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"SYNOPSIS\"\n\\fBmelsweep run\\fR [\\fIOPTION\\fR]... \\fISWEEP\\fR\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"ARGUMENTS\"\n.TP\n\\fISWEEP\\fR\nThe sweep.\n"));
  EXPECT_THAT(text, HasSubstr("\\fB\\-\\-help\\fR"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  EXPECT_THAT(text, HasSubstr(".SH \"SEE ALSO\"\n\\fBmelsweep\\fR(1)\n"));
}

TEST_F(ManPagesTest, AVerbsVerbsAreOnItsPage) {
  EXPECT_THAT(page("melsweep-db.1"), HasSubstr(".SS \"melsweep db check\"\n\\fBmelsweep db check\\fR"));
  EXPECT_THAT(page("melsweep-db.1"), HasSubstr("\\fB\\-\\-depth\\fR \\fITEXT\\fR\nHow deep.\n"));
}

TEST_F(ManPagesTest, AFooterInColumnsKeepsThem) {
  EXPECT_THAT(page("melsweep-data.1"), HasSubstr(".nf\ndata synth DIR   new sounds\n"));
  EXPECT_THAT(page("melsweep-data.1"), HasSubstr("[\\fIARGUMENT\\fR]...\n"));
}

TEST_F(ManPagesTest, WhatTheDefinitionsDoNotSayFollows) {
  const std::string text = page("melsweep.1");
  EXPECT_THAT(text, HasSubstr(".SH \"ENVIRONMENT\"\n.TP\n\\fBMELSWEEP_DB\\fR\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\nAll is well.\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"FILES\"\n.TP\n\\fB\\(ti/results.db\\fR\n"));
  EXPECT_THAT(text, HasSubstr(".SH \"SEE ALSO\"\n\\fBmelsweep\\-worker\\fR(1)\n"));
}

TEST_F(ManPagesTest, OnePageCanSayAll) {
  const std::vector<ManPage> all = pages(false);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_THAT(all.front().text, HasSubstr(".SS \"melsweep run\"\n"));
  EXPECT_THAT(all.front().text, HasSubstr(".SS \"melsweep db check\"\n"));
}

TEST_F(ManPagesTest, TheHiddenOptionWritesThemAndEndsTheProgramWell) {
  add_man_pages_option(app_, [] { return manual(true); });
  app_.require_subcommand(1);
  const fs::path folder = fs::path(testing::TempDir()) / "man-pages";
  fs::remove_all(folder);
  try {
    app_.parse("--man-pages " + folder.string());
    FAIL() << "the program goes on";
  } catch (const CLI::ParseError& end) {
    EXPECT_EQ(end.get_exit_code(), 0);
    EXPECT_THAT(end.what(), HasSubstr("melsweep-db.1"));
  }
  std::ifstream file(folder / "melsweep-run.1");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), page("melsweep-run.1"));
  EXPECT_THAT(app_.help(), Not(HasSubstr("man-pages")));
}

TEST_F(ManPagesTest, AFolderThatCannotBeMadeIsAnError) {
  add_man_pages_option(app_, [] { return manual(true); });
  try {
    app_.parse("--man-pages /dev/null/man");
    FAIL() << "the program goes on";
  } catch (const CLI::ParseError& end) {
    EXPECT_NE(end.get_exit_code(), 0);
    EXPECT_THAT(end.what(), HasSubstr("/dev/null/man"));
  }
}

}  // namespace
}  // namespace melsweep::manual
