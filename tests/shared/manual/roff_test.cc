#include "shared/manual/roff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::manual {
namespace {

using testing::HasSubstr;
using testing::Not;

Page page() {
  return Page({.title = "melsweep-run", .section = 1, .date = "2027-01-31", .source = "Melsweep 1.2.3"});
}

TEST(RoffTest, NoCharacterOfAPlainTextMeansAnything) {
  EXPECT_EQ(plain("a\\fBc --x 'y' \"z\" `q` ~/x^2"),
            "a\\efBc \\-\\-x \\(aqy\\(aq \\(dqz\\(dq \\(gaq\\(ga \\(ti/x\\(ha2");
  EXPECT_EQ(plain(".SH is no macro\n.nor this\n'nor this"),
            "\\&.SH is no macro\n\\&.nor this\n\\(aqnor this");
  EXPECT_EQ(plain(""), "");
}

TEST(RoffTest, FontsEndWhereTheTextDoes) {
  EXPECT_EQ(bold("-o") + " " + italic("FILE"), "\\fB\\-o\\fR \\fIFILE\\fR");
}

TEST(RoffTest, ThePagesEdgesAreItsFirstLine) {
  EXPECT_EQ(page().text(), ".TH \"MELSWEEP\\-RUN\" \"1\" \"2027-01-31\" \"Melsweep 1.2.3\" \"Melsweep\"\n");
}

TEST(RoffTest, AParagraphIsMarkedUnlessItFollowsAHeading) {
  Page written = page();
  written.section("NAME");
  written.paragraph("one\n\n  two\n");
  EXPECT_THAT(written.text(), HasSubstr(".SH \"NAME\"\none\n.PP\ntwo\n"));
  EXPECT_THAT(written.text(), Not(HasSubstr("\n\n")));
}

TEST(RoffTest, LinesStayAsTheyAre) {
  Page written = page();
  written.subsection("melsweep db");
  written.lines("a   b\nc");
  EXPECT_THAT(written.text(), HasSubstr(".SS \"melsweep db\"\n.nf\na   b\nc\n.fi\n"));
}

TEST(RoffTest, AnItemIsATermAndItsMeaning) {
  Page written = page();
  written.item(bold("0"), ".hidden files too");
  EXPECT_THAT(written.text(), HasSubstr(".TP\n\\fB0\\fR\n\\&.hidden files too\n"));
}

}  // namespace
}  // namespace melsweep::manual
