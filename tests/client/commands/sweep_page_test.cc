#include "client/commands/sweep_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melsweep::commands {
namespace {

using testing::HasSubstr;
using testing::Not;

class SweepPageTest : public testing::Test {
 protected:
  const manual::ManPage page_ = sweep_page("1.2.3", "2027-01-31");
};

TEST_F(SweepPageTest, ItIsOfTheFifthSection) {
  EXPECT_EQ(page_.file, "melsweep-sweep.5");
  EXPECT_THAT(page_.text, HasSubstr(".TH \"MELSWEEP\\-SWEEP\" \"5\" \"2027-01-31\" \"Melsweep 1.2.3\""));
}

TEST_F(SweepPageTest, AKeyIsShownWithThoseThatItStandsIn) {
  EXPECT_THAT(page_.text, HasSubstr("\\fBdataset.split.by\\fR fold|group|random\nfold: the data set"));
  EXPECT_THAT(page_.text, HasSubstr("\\fBname\\fR \\fITEXT\\fR\nHow the sweep is called"));
}

TEST_F(SweepPageTest, BoundsDefaultsAndWhatMustBeThereAreSaid) {
  EXPECT_THAT(page_.text, HasSubstr("\\fBseeds\\fR \\fIINT\\fR\n"));
  EXPECT_THAT(page_.text, HasSubstr("From 1 to 1000. Default: 1.\n"));
  EXPECT_THAT(page_.text, HasSubstr("The version of this format. It must be given.\n"));
}

TEST_F(SweepPageTest, WhatAKeyRefersToIsLookedUp) {
  EXPECT_THAT(page_.text, HasSubstr("\\fBtraining.learning_rate\\fR"));
  EXPECT_THAT(page_.text, Not(HasSubstr("$ref")));
  EXPECT_THAT(page_.text, Not(HasSubstr("\\fBparameters.")));
}

}  // namespace
}  // namespace melsweep::commands
